import Foundation
import Geometry
import Imaging
import Records
import Synthesis
import Testing
import Video

@testable import Pipeline

@Suite struct StreamRenderingTests {
  /// A folder with a video of eight frames at uneven times and a stream of tracks for some of them.
  private func withFiles(
    pts: [Int64] = [0, 1, 2, 5, 6, 7, 9, 12], recorded: Range<Int> = 2..<6, timeBase: StreamRatio? = nil, width: Int = 64,
    backfill: [BackfillRecord] = [], _ body: (_ folder: String) throws -> Void
  ) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("overlay-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let encoder = try VideoEncoder(path: folder + "/in.mp4", width: 64, height: 48, timeBase: Rational(1, 25))
    for stamp in pts { try encoder.write([UInt8](repeating: 100, count: 64 * 48 * 3), pts: stamp) }
    try encoder.finish()
    let source = try VideoSources.open(folder + "/in.mp4")
    var frames: [Frame] = []
    while let item = try source.next() { if case .frame(let frame) = item { frames.append(frame) } }
    let base = frames[0].timeBase
    var lines = StreamEncoder(classes: ["object"])
    var text = lines.line(
      .header(
        StreamHeader(
          program: "test",
          source: StreamSource(
            uri: "in.mp4", kind: "file", width: width, height: 48,
            timeBase: timeBase ?? StreamRatio(base.numerator, base.denominator)),
          classes: ["object"])))
    let scale = timeBase.map { Rational($0.numerator, $0.denominator) } ?? base
    for i in recorded {
      let frame = frames[i]
      let track = TrackRecord(id: 4, score: 0.5, box: OrientedBox(center: Point(30, 20), width: 20, height: 10, angle: 0))
      text += lines.line(
        .frame(FrameRecord(frame: i, pts: scale.ticks(base.seconds(frame.pts)), time: frame.seconds, tracks: [track])))
    }
    for late in backfill { text += lines.line(.backfill(late)) }
    try Data(text).write(to: URL(fileURLWithPath: folder + "/in.ndjson"))
    try body(folder)
  }

  private func render(_ folder: String, layers: Set<OverlayLayer> = [.boxes]) throws -> Int {
    try StreamRendering(stream: folder + "/in.ndjson", videos: [folder + "/in.mp4"], output: folder + "/out.mp4", layers: layers)
      .run(cancellation: Cancellation()).frames
  }

  private func frames(_ path: String) throws -> [Frame] {
    let source = try VideoSources.open(path)
    var frames: [Frame] = []
    while let item = try source.next() { if case .frame(let frame) = item { frames.append(frame) } }
    return frames
  }

  @Test func keepsTheTimesBetweenFrames() throws {
    try withFiles { folder in
      #expect(try render(folder) == 4)
      let written = try frames(folder + "/out.mp4")
      #expect(written.map { ($0.seconds * 25).rounded() } == [0, 3, 4, 5])
    }
  }

  @Test func drawsOnTheFramesThatTheStreamHas() throws {
    try withFiles(recorded: 0..<8) { folder in
      #expect(try render(folder) == 8)
      for frame in try frames(folder + "/out.mp4") {
        let picture = try frame.bgr()
        // The box's outline at (20, 20), the grey ground elsewhere.
        let (edge, ground) = (3 * (20 * 64 + 20), 3 * (40 * 64 + 50))
        #expect(picture.pixels[edge..<edge + 3] != picture.pixels[ground..<ground + 3])
        #expect(abs(Int(picture.pixels[ground]) - 100) < 6)
      }
    }
  }

  @Test("masks that were named and are not there are told of; layers of every list are not", arguments: [true, false])
  func masksThatAreNotThere(isNamed: Bool) throws {
    try withFiles { folder in
      let rendering = StreamRendering(
        stream: folder + "/in.ndjson", videos: [folder + "/in.mp4"], output: folder + "/out.mp4",
        layers: isNamed ? [.masks, .boxes] : OverlayLayer.standard)
      let warnings = try rendering.run(cancellation: Cancellation()).warnings
      #expect(warnings.contains { $0.contains("none of its tracks has a mask to draw") } == isNamed)
    }
  }

  @Test func matchesStampsAcrossTimeBases() throws {
    try withFiles(timeBase: StreamRatio(1, 25)) { folder in
      let count = try render(folder)
      #expect(count == 4)
    }
  }

  @Test func backFilledRowsAreDrawnOnTheirFrame() throws {
    let late = TrackRecord(id: 9, box: OrientedBox(center: Point(50, 38), width: 16, height: 12, angle: 0))
    try withFiles(backfill: [BackfillRecord(frame: 3, time: 0.2, tracks: [late])]) { folder in
      #expect(try render(folder) == 4)
      let inside = 3 * (38 * 64 + 50)
      let values = try frames(folder + "/out.mp4").map { try $0.bgr().pixels[inside..<inside + 3].map(Int.init) }
      #expect(values[1] != values[0])
      #expect(values[2] == values[0] || zip(values[2], values[0]).allSatisfy { abs($0 - $1) < 4 })
    }
  }

  @Test func refusesAVideoOfAnotherSize() throws {
    try withFiles(width: 128) { folder in
      #expect {
        try render(folder)
      } throws: { "\($0)".contains("the stream's pictures are 128x48 and the video's 64x48") }
    }
  }

  @Test func refusesAStreamWithoutACommonFrame() throws {
    try withFiles(recorded: 0..<0) { folder in
      #expect(throws: PipelineError.self) { try render(folder) }
    }
  }

  @Test func doesNotReplaceAFile() throws {
    try withFiles { folder in
      _ = try render(folder)
      #expect(throws: RecordsError.outputExists(path: folder + "/out.mp4")) { try render(folder) }
    }
  }

  @Test func aSynthesisGivesTheSameVideoAndTruthAtAnyNumberOfThreads() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("synthesis-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let scene = ScenePreset.traffic.scene(seed: 2, width: 96, height: 64, duration: 0.4)
    // Lossless, so that the file holds the pictures themselves: x264's lossy decisions can differ from run to run.
    for threads in [1, 3] {
      try SynthesisRun(
        scene: scene, video: "\(folder)/\(threads).mp4", truthFolder: "\(folder)/\(threads)", quality: 0, threads: threads,
        program: "test"
      ).run(cancellation: Cancellation())
    }
    for name in [".mp4", "/gt.txt", "/homographies.txt", "/scene.json"] {
      let (one, three) = (
        FileManager.default.contents(atPath: "\(folder)/1\(name)"), FileManager.default.contents(atPath: "\(folder)/3\(name)")
      )
      #expect(one != nil && one == three, "\(name)")
    }
    #expect(try frames("\(folder)/1.mp4").count == 10)
  }
}
