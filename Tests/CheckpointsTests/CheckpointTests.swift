import Foundation
import Records
import TestSupport
import Testing

@testable import Checkpoints

@Suite struct CheckpointTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private var checkpoint: Checkpoint {
    Checkpoint(
      summary: Checkpoint.Summary(
        program: "sextant 1", header: "{\"record\":\"header\"}", files: [], outputs: ["output"], frames: 7, seconds: 0.5),
      state: Array(0...255))
  }

  @Test func whatIsReadIsWhatWasWritten() throws {
    let path = folder.path + "/a.checkpoint"
    try checkpoint.write(to: path)
    #expect(try Checkpoint.read(path) == checkpoint)
    // A later one takes its place.
    var later = checkpoint
    later.summary.frames = 8
    try later.write(to: path)
    #expect(try Checkpoint.read(path) == later)
  }

  @Test func everyChangedByteIsRefused() throws {
    let path = folder.path + "/a.checkpoint"
    try checkpoint.write(to: path)
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    for place in bytes.indices {
      var changed = bytes
      changed[place] ^= 1
      try Data(changed).write(to: URL(fileURLWithPath: path))
      #expect(throws: RecordsError.self) { try Checkpoint.read(path) }
    }
    try Data().write(to: URL(fileURLWithPath: path))
    #expect(throws: RecordsError.self) { try Checkpoint.read(path) }
  }
}
