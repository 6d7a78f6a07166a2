import Foundation
import TestSupport
import Testing

@testable import Records

/// Packed files, held against the commands `gzip` and `zstd`.
@Suite struct PackingTests {
  private static let text = (0..<60_000).map { "line \($0 &* 2_654_435_761 % 1_000_003)\n" }.joined()

  /// What a shell command prints.
  private func output(_ command: String, in folder: ScratchFolder) throws -> [UInt8] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command]
    process.currentDirectoryURL = folder.url
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let bytes = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return Array(bytes)
  }

  private func lines(_ path: String) throws -> [UInt8] {
    var all: [UInt8] = []
    try LineReader(path: path).forEachLine { line throws(RecordsError) in all += Array(line.bytes) + [0x0A] }
    return all
  }

  @Test(arguments: [("a.gz", "gzip -dc a.gz"), ("a.zst", "zstd -qdc a.zst")], [OutputSink.Policy.whole, .live])
  func whatIsWrittenUnderSuchANameIsUnpackedByItsCommand(file: (name: String, command: String), policy: OutputSink.Policy) throws {
    let folder = try ScratchFolder()
    let sink = try OutputSink(path: folder.file(file.name), policy: policy, overwrite: false)
    for piece in [Self.text.prefix(3), Self.text.dropFirst(3).prefix(200_000), Self.text.dropFirst(200_003)] {
      try sink.write(String(piece))
      try sink.endRecord()
    }
    try sink.close()
    #expect(try output(file.command, in: folder) == Array(Self.text.utf8))
    #expect(try lines(folder.file(file.name)) == Array(Self.text.utf8))
  }

  @Test(arguments: ["a.gz", "a.zst"])
  func anEmptyTextIsAWholeFile(name: String) throws {
    let folder = try ScratchFolder()
    try OutputSink(path: folder.file(name), policy: .whole, overwrite: false).close()
    #expect(
      try output(name == "a.gz" ? "gzip -t a.gz && echo sound" : "zstd -qt a.zst && echo sound", in: folder)
        == Array("sound\n".utf8))
    #expect(try lines(folder.file(name)).isEmpty)
  }

  @Test func framesThatFollowOneAnotherAreOneText() throws {
    let folder = try ScratchFolder()
    try folder.write("one\n", to: "one")
    try folder.write("two\n", to: "two")
    // Between them a frame to be skipped, of 3 bytes (RFC 8878, 3.1.2).
    try folder.write([0x50, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 7, 7, 7], to: "skipped")
    _ = try output("(zstd -qc one; cat skipped; zstd -qc two) > both", in: folder)
    #expect(try lines(folder.file("both")) == Array("one\ntwo\n".utf8))
  }

  @Test(arguments: ["gzip -c", "zstd -qc"])
  func aPackedFileThatBreaksOffIsDamaged(command: String) throws {
    let folder = try ScratchFolder()
    try folder.write(Self.text, to: "text")
    _ = try output("\(command) text | head -c 5000 > cut", in: folder)
    #expect {
      try lines(folder.file("cut"))
    } throws: { error in
      if case RecordsError.damagedArchive = error { true } else { false }
    }
  }

  @Test func aWindowAboveTheLimitIsRefusedBeforeItIsAllocated() throws {
    let folder = try ScratchFolder()
    // A frame header that asks for a window of 2⁴¹ bytes (RFC 8878, 3.1.1.1.2).
    try folder.write([0x28, 0xB5, 0x2F, 0xFD, 0x00, 0xF8, 0, 0, 0, 0, 0], to: "bomb")
    #expect(throws: RecordsError.self) { try lines(folder.file("bomb")) }
  }

  @Test func namesTellThePacking() {
    #expect(Packing(path: "a.ndjson.zst") == .zstandard)
    #expect(Packing(path: "a.ndjson.gz") == .gzip)
    #expect(Packing(path: "a.ndjson") == nil)
    #expect(Packing.plainName(of: "a.ndjson.zst") == "a.ndjson")
    #expect(Packing.names(of: "a") == ["a", "a.gz", "a.zst"])
  }
}
