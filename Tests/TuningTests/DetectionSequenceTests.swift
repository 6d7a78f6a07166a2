import Foundation
import Geometry
import Records
import Testing

@testable import Pipeline

@Suite struct DetectionSequenceTests {
  private let scene: TuningScene
  private let files: (truth: String, stream: String, plain: String)

  init() throws {
    scene = try TuningScene()
    files = try scene.swinging()
  }

  private func frames(_ path: String, camera: String? = nil, _ change: (inout TrackRequest) -> Void = { _ in }) throws
    -> [TrackedFrame]
  {
    var request = TrackRequest(input: nil, detector: .file(path), outputs: TrackOutputs(), program: "test")
    change(&request)
    let sequence = try DetectionSequence(path: path, camera: camera, request: request)
    let filter = try DetectionFilter(request: request, classes: sequence.classes)
    return Array(sequence.frames(filter: filter))
  }

  @Test func aStreamBringsItsTimesItsSizeAndItsCamera() throws {
    let frames = try frames(files.stream)
    #expect(frames.map(\.ordinal) == Array(0..<30))
    #expect(abs(frames[7].time - 0.72) < 1e-9 && frames[7].width == 800 && frames[7].height == 400)
    #expect(frames[0].camera?.status == .first)
    #expect(frames[1].camera?.homography == .translation(Point(37, 0)))
    #expect(frames.allSatisfy { $0.detections?.count == 4 })
  }

  @Test func plainDetectionsHaveARateAndNoCamera() throws {
    let frames = try frames(files.plain) { $0.framesPerSecond = 20 }
    #expect(frames.count == 30 && abs(frames[7].time - 0.35) < 1e-12)
    #expect(frames.allSatisfy { $0.camera == nil && $0.width == 0 })
    let moved = try self.frames(files.plain, camera: files.stream)
    #expect(moved[1].camera?.homography == .translation(Point(37, 0)) && moved[7].detections?.count == 4)
  }

  @Test func theSpanAskedForIsInTheStreamsTimes() throws {
    let frames = try frames(files.stream) {
      $0.startSeconds = 0.5
      $0.endSeconds = 1.5
    }
    // Frame 5 is at 0.52 s and frame 14 at 1.4 s; frame 15 would be at 1.52 s.
    #expect(frames.map(\.ordinal) == Array(5...14))
    #expect(try self.frames(files.stream) { $0.maximumFrames = 3 }.map(\.ordinal) == [0, 1, 2])
    let sparse = try self.frames(files.stream) { $0.detectEvery = 4 }
    #expect(sparse.filter { $0.detections != nil }.map(\.ordinal) == Array(stride(from: 0, to: 30, by: 4)))
  }

  @Test func onlyRowsThatStandForADetectionAreOne() throws {
    var encoder = StreamEncoder(classes: ["object"])
    func track(_ id: Int, _ state: TrackRecord.State, _ observation: TrackRecord.Observation) -> TrackRecord {
      TrackRecord(
        id: id, state: state, score: 0.9, box: OrientedBox(center: Point(Double(100 * id), 50), width: 40, height: 30, angle: 0),
        observation: observation)
    }
    let tracks = [
      track(1, .confirmed, .observed), track(2, .confirmed, .predicted), track(3, .tentative, .observed),
      track(4, .coasting, .predicted),
    ]
    let text =
      encoder.line(.header(StreamHeader(program: "test", classes: ["object"])))
      + encoder.line(.frame(FrameRecord(frame: 0, time: 0, tracks: tracks)))
    let path = try scene.write(String(decoding: text, as: UTF8.self), to: "states.ndjson")
    let boxes = try #require(try frames(path).first?.detections)
    #expect(boxes.map(\.box.mean.x) == [100, 300])
  }
}
