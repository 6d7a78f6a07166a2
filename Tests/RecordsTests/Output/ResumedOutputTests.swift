import Foundation
import TestSupport
import Testing

@testable import Records

/// Files that one process begins and another goes on with.
@Suite struct ResumedOutputTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// Two members and a part of a third of text that packs badly, so that much of it is in the library's hands at any moment.
  private static let text: [UInt8] = {
    var random = TestRandom(seed: 3)
    return (0..<(2 * MemberedEncoder.memberLength + 1_000_000)).map { _ in UInt8(33 + random.index(below: 64)) }
  }()

  private func write(_ sink: OutputSink, _ range: Range<Int>, pieces: Int) throws {
    var random = TestRandom(seed: UInt64(range.lowerBound))
    var place = range.lowerBound
    while place < range.upperBound {
      let end = min(range.upperBound, place + 1 + random.index(below: pieces))
      try ResumedOutputTests.text.withUnsafeBytes { try sink.write(UnsafeRawBufferPointer(rebasing: $0[place..<end])) }
      place = end
    }
  }

  private func bytes(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: folder.file(name))) }

  /// The process dies at once after the checkpoint, or after having written more.
  @Test(arguments: ["plain", "a.gz", "a.zst"], [0, 300_000])
  func whatIsGoneOnWithHasTheBytesOfWhatIsNot(name: String, more: Int) throws {
    let whole = try OutputSink(path: folder.file("whole-" + name), policy: .whole, overwrite: false)
    try write(whole, 0..<ResumedOutputTests.text.count, pieces: 200_000)
    try whole.close()
    var position: OutputPosition?
    var place = 0
    let path = folder.file(name)
    // One stop lies just at the end of a member.
    for end in [1000, MemberedEncoder.memberLength, 5_000_001, ResumedOutputTests.text.count - more] {
      let sink = try OutputSink(path: path, policy: .whole, overwrite: false, isResumable: true, from: position)
      try write(sink, place..<end, pieces: 50_000)
      position = try sink.position()
      place = end
      try write(sink, end..<min(end + more, ResumedOutputTests.text.count), pieces: 70_000)
      try sink.flush()
      #expect(FileManager.default.fileExists(atPath: path + ".part") && !FileManager.default.fileExists(atPath: path))
    }
    let last = try OutputSink(path: path, policy: .whole, overwrite: false, isResumable: true, from: position)
    try write(last, place..<ResumedOutputTests.text.count, pieces: 1 << 20)
    try last.close()
    #expect(try bytes(name) == bytes("whole-" + name))
    #expect(folder.names == [name, "whole-" + name].sorted())
    // Whoever died between naming the file and removing the checkpoint goes on with the same file.
    let again = try OutputSink(path: path, policy: .whole, overwrite: false, isResumable: true, from: position)
    try write(again, place..<ResumedOutputTests.text.count, pieces: 1 << 20)
    try again.close()
    #expect(try bytes(name) == bytes("whole-" + name))
  }

  @Test func packedMembersAreReadAsOneText() throws {
    for name in ["a.gz", "a.zst"] {
      let sink = try OutputSink(path: folder.file(name), policy: .whole, overwrite: false)
      try write(sink, 0..<ResumedOutputTests.text.count, pieces: 200_000)
      try sink.close()
      let source = try ByteSource(path: folder.file(name))
      var read: [UInt8] = []
      var room = [UInt8](repeating: 0, count: 1 << 20)
      while true {
        let count = try room.withUnsafeMutableBytes { try source.read(into: $0) }
        guard count > 0 else { break }
        read += room.prefix(count)
      }
      #expect(read == ResumedOutputTests.text)
    }
  }

  /// A file of its own name must be whole.
  @Test(arguments: ["a.gz", "a.zst"])
  func whatAKillLeavesOfAPackedFileIsReadUpToItsEnd(name: String) throws {
    let sink = try OutputSink(path: folder.file(name), policy: .whole, overwrite: false)
    try write(sink, 0..<MemberedEncoder.memberLength, pieces: 200_000)
    try sink.close()
    let cut = [UInt8](try bytes(name).dropLast(500_000))
    func read(_ path: String) throws -> [UInt8] {
      var read: [UInt8] = []
      try PlainText.read(path) { read += $0 }
      return read
    }
    let left = try read(try folder.write(cut, to: name + ".part"))
    #expect(left.count > MemberedEncoder.memberLength / 2 && left == Array(ResumedOutputTests.text.prefix(left.count)))
    try folder.write(cut, to: name)
    #expect(throws: RecordsError.self) { try read(folder.file(name)) }
  }

  /// One that is shorter, one with a flipped bit; a third that is longer alone is cut back and gone on with.
  @Test(arguments: ["01234", "0123457789", "0123456789ab"])
  func aPartThatIsNotWhatItWasIsRefused(left: String) throws {
    let path = folder.file("a")
    let sink = try OutputSink(path: path, policy: .whole, overwrite: false, isResumable: true)
    try sink.write("01234")
    _ = try sink.position()
    try sink.write("56789")
    let position = try sink.position()
    sink.discard()
    try folder.write(left, to: "a.part")
    if left.hasPrefix("0123456789") {
      let next = try OutputSink(path: path, policy: .whole, overwrite: false, isResumable: true, from: position)
      try next.close()
      #expect(try folder.text("a") == "0123456789")
    } else {
      #expect(throws: RecordsError.self) {
        try OutputSink(path: path, policy: .whole, overwrite: false, isResumable: true, from: position)
      }
      #expect(try folder.text("a.part") == left)
    }
  }
}
