import CZlib
import Foundation
import TestSupport
import Testing

@testable import Records

@Suite struct ByteSourceTests {
  private func gzip(_ text: String, to path: String, mode: String = "wb") throws {
    let file = try #require(gzopen(path, mode))
    gzwrite(file, text, UInt32(text.utf8.count))
    gzclose(file)
  }

  /// All bytes, read in pieces of a size.
  private func bytes(_ path: String, pieces: Int) throws -> [UInt8] {
    let source = try ByteSource(path: path)
    var all: [UInt8] = []
    var room = [UInt8](repeating: 0, count: pieces)
    while true {
      let count = try room.withUnsafeMutableBytes { room in
        Result { () throws(RecordsError) in try source.read(into: room) }
      }.get()
      if count == 0 { return all }
      all += room[..<count]
    }
  }

  private static let text = (0..<60_000).map { "line \($0 &* 2_654_435_761 % 1_000_003)\n" }.joined()

  @Test(arguments: [1, 7, 4096, 1 << 20])
  func givesAllBytesInPiecesOfAnySize(pieces: Int) throws {
    let folder = try ScratchFolder()
    let text = String(Self.text.prefix(pieces < 8 ? 20_000 : .max))
    try folder.write(text, to: "plain")
    try gzip(text, to: folder.file("packed"))
    #expect(try bytes(folder.file("plain"), pieces: pieces) == Array(text.utf8))
    #expect(try bytes(folder.file("packed"), pieces: pieces) == Array(text.utf8))
  }

  @Test func joinsMembersAndIgnoresPadding() throws {
    let folder = try ScratchFolder()
    try gzip("one\n", to: folder.file("a"))
    try gzip("two\n", to: folder.file("a"), mode: "ab")
    #expect(try bytes(folder.file("a"), pieces: 100) == Array("one\ntwo\n".utf8))
    var padded = Array(try Data(contentsOf: URL(fileURLWithPath: folder.file("a"))))
    padded += [0, 0, 0]
    try folder.write(padded, to: "b")
    #expect(try bytes(folder.file("b"), pieces: 100) == Array("one\ntwo\n".utf8))
  }

  @Test(arguments: ["", "\u{1F}", "x"])
  func takesFilesTooShortForAMagicAsPlain(text: String) throws {
    let folder = try ScratchFolder()
    try folder.write(text, to: "a")
    #expect(try bytes(folder.file("a"), pieces: 10) == Array(text.utf8))
  }

  @Test func givesAStreamsRecordsAsTheyCome() throws {
    let folder = try ScratchFolder()
    #expect(mkfifo(folder.file("pipe"), 0o600) == 0)
    // Opened for reading and writing, so that neither side waits for the other.
    let writer = open(folder.file("pipe"), O_RDWR)
    defer { close(writer) }
    let reader = try StreamReader(path: folder.file("pipe"))
    for record in Samples.all.prefix(3) {
      let line = Samples.text([record])
      #expect(write(writer, line, line.count) == line.count)
      #expect(try reader.next() == record)
    }
  }

  @Test func refusesAFolder() throws {
    let folder = try ScratchFolder()
    #expect(throws: RecordsError.cannotOpen(path: folder.path, reason: "it is a directory; name a file")) {
      try ByteSource(path: folder.path)
    }
  }
}
