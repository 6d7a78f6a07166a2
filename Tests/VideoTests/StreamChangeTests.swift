import Foundation
import TestSupport
import Testing

@testable import Video

/// Streams that change on the way.
@Suite(.enabled(if: SharedData.clips != nil, SharedData.message)) struct StreamChangeTests {
  private func bytes(_ clip: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: SharedData.clip(clip))))
  }

  @Test func stampsThatStartAnewAreAnEventAndTimeGoesOn() throws {
    let folder = try ScratchFolder()
    try folder.write(try bytes("ts-offset.ts") + bytes("ts-offset.ts"), to: "twice.ts")
    let delivery = try Delivery(folder.file("twice.ts"))
    #expect(delivery.frames.count >= 118 && delivery.frames.count <= 120)
    #expect(delivery.events.filter { $0.kind == .source }.count == 1)
    #expect(zip(delivery.frames, delivery.frames.dropFirst()).allSatisfy { $0.seconds < $1.seconds })
    let length = try #require(delivery.frames.last).seconds
    #expect(abs(length - 119.0 / 24) < 0.1)
  }

  @Test(.enabled(if: LoopbackRig.hasSender, "\(LoopbackRig.senderMissing)")) func aSizeThatChangesIsAnEvent() throws {
    let folder = try ScratchFolder()
    var joined: [UInt8] = []
    for size in ["160x120", "96x64"] {
      let part = folder.file(size + ".h264")
      let maker = try RunningProgram(
        LoopbackRig.find("ffmpeg") ?? "",
        [
          "-v", "quiet", "-f", "lavfi", "-i", "testsrc=size=\(size):rate=25", "-t", "1", "-c:v", "libx264", "-preset", "ultrafast",
          part,
        ])
      maker.wait()
      joined += [UInt8](try Data(contentsOf: URL(fileURLWithPath: part)))
    }
    try folder.write(joined, to: "joined.h264")
    for threads in [1, 2] {
      var options = SourceOptions()
      options.decoderThreads = threads
      let delivery = try Delivery(folder.file("joined.h264"), options: options)
      #expect(delivery.frames.map(\.width) == [Int](repeating: 160, count: 25) + [Int](repeating: 96, count: 25))
      #expect(delivery.events.map(\.kind) == [.size] && delivery.events[0].ordinal == 25)
      #expect(abs(delivery.frames[49].seconds - 49.0 / 25) < 1e-6)
    }
  }

  @Test func lostPacketsOfATransportStreamAreDamage() throws {
    var stream = try bytes("ts-offset.ts")
    // Ten packets of 188 bytes from the middle are gone, as UDP loses them.
    let middle = stream.count / 188 / 2 * 188
    stream.removeSubrange(middle..<middle + 1880)
    let folder = try ScratchFolder()
    try folder.write(stream, to: "gap.ts")
    let delivery = try Delivery(folder.file("gap.ts"))
    #expect(delivery.events.contains { $0.kind == .damage })
    #expect(delivery.frames.count > 50 && delivery.frames.count <= 60)
  }
}
