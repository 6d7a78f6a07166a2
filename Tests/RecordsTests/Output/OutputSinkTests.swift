import Foundation
import TestSupport
import Testing

@testable import Records

@Suite struct OutputSinkTests {
  @Test func aWholeFileAppearsOnlyWhenClosed() throws {
    let folder = try ScratchFolder()
    let sink = try OutputSink(path: folder.file("a.txt"), policy: .whole, overwrite: false)
    try sink.write("hello")
    try sink.flush()
    #expect(!folder.names.contains("a.txt"))
    try sink.close()
    try sink.close()
    #expect(folder.names == ["a.txt"])
    #expect(try String(contentsOfFile: folder.file("a.txt"), encoding: .utf8) == "hello")
  }

  @Test func aDiscardedWholeFileLeavesNothing() throws {
    let folder = try ScratchFolder()
    let sink = try OutputSink(path: folder.file("a.txt"), policy: .whole, overwrite: false)
    try sink.write("hello")
    sink.discard()
    #expect(folder.names.isEmpty)
  }

  @Test func aLiveFileGrowsWithEachFlush() throws {
    let folder = try ScratchFolder()
    let sink = try OutputSink(path: folder.file("a.txt"), policy: .live, overwrite: false)
    try sink.write("one\n")
    try sink.flush()
    #expect(try String(contentsOfFile: folder.file("a.txt"), encoding: .utf8) == "one\n")
  }

  /// Without waiting: every flush brings the packed text so far that it can be read.
  @Test(arguments: ["t.ndjson.gz", "t.ndjson.zst"])
  func packedTextCanBeReadUpToTheLastFlush(name: String) throws {
    let folder = try ScratchFolder()
    let sink = try OutputSink(path: folder.file(name), policy: .live, overwrite: false, packedInterval: .zero)
    var text = ""
    for number in 0..<200 {
      text += "line \(number)\n"
      try sink.write("line \(number)\n")
      try sink.flush()
      guard number % 50 == 0 else { continue }
      // What stands in the file now, unpacked by another program that says how the text breaks off.
      #expect(try unpacked(folder.file(name)).hasPrefix(text))
    }
    try sink.close()
    #expect(try unpacked(folder.file(name)) == text)
  }

  private func unpacked(_ path: String) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [path.hasSuffix(".gz") ? "gzip" : "zstd", "-dcq", path]
    let output = Pipe()
    (process.standardOutput, process.standardError) = (output, FileHandle.nullDevice)
    try process.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test func aWholeRecordReachesThoseWhoFollowTheFile() throws {
    let folder = try ScratchFolder()
    for (policy, name, shown) in [(OutputSink.Policy.live, "live.txt", "one\n"), (.whole, "whole.txt.part", "")] {
      let sink = try OutputSink(
        path: folder.file(name.replacingOccurrences(of: ".part", with: "")), policy: policy, overwrite: false)
      try sink.write("one\n")
      try sink.endRecord()
      let size = try FileManager.default.attributesOfItem(atPath: folder.file(name))[.size] as? Int
      #expect(size == shown.utf8.count)
    }
  }

  @Test(arguments: [OutputSink.Policy.live, .whole])
  func doesNotReplaceAFileUnlessAsked(policy: OutputSink.Policy) throws {
    let folder = try ScratchFolder()
    let path = folder.file("a.txt")
    try "old".write(toFile: path, atomically: false, encoding: .utf8)
    #expect(throws: RecordsError.outputExists(path: path)) {
      try OutputSink(path: path, policy: policy, overwrite: false)
    }
    let sink = try OutputSink(path: path, policy: policy, overwrite: true)
    try sink.write("new")
    try sink.close()
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "new")
    #expect(folder.names == ["a.txt"])
  }

  @Test func doesNotReplaceAFileThatCameUpMeanwhile() throws {
    let folder = try ScratchFolder()
    let path = folder.file("a.txt")
    let sink = try OutputSink(path: path, policy: .whole, overwrite: false)
    try "other".write(toFile: path, atomically: false, encoding: .utf8)
    #expect(throws: RecordsError.outputExists(path: path)) { try sink.close() }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "other")
  }

  @Test func tellsAFullDisk() throws {
    let sink = try OutputSink(path: "/dev/full", policy: .whole, overwrite: false)
    try sink.write("x")
    #expect(throws: RecordsError.diskFull(path: "/dev/full")) { try sink.flush() }
  }

  @Test func tellsAFolderThatIsNotThere() throws {
    let error = #expect(throws: RecordsError.self) {
      try OutputSink(path: "/no/such/folder/a.txt", policy: .whole, overwrite: false)
    }
    guard case .cannotCreate = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func tellsAPipeWhoseReaderHasGone() throws {
    signal(SIGPIPE, SIG_IGN)
    let folder = try ScratchFolder()
    let path = folder.file("pipe")
    #expect(mkfifo(path, 0o600) == 0)
    let reader = open(path, O_RDONLY | O_NONBLOCK)
    let sink = try OutputSink(path: path, policy: .live, overwrite: false)
    close(reader)
    try sink.write("x")
    #expect(throws: RecordsError.brokenPipe(path: path)) { try sink.flush() }
  }

  @Test func writesMoreThanItsBuffer() throws {
    let folder = try ScratchFolder()
    let sink = try OutputSink(path: folder.file("a.txt"), policy: .whole, overwrite: false)
    let piece = String(repeating: "x", count: 40_000)
    for _ in 0..<5 { try sink.write(piece) }
    try sink.write(String(repeating: "y", count: 200_000))
    try sink.close()
    let text = try String(contentsOfFile: folder.file("a.txt"), encoding: .utf8)
    #expect(text == String(repeating: "x", count: 200_000) + String(repeating: "y", count: 200_000))
  }
}
