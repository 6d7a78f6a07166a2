import Foundation
import Geometry
import Pipeline
import Records
import Tracking

@testable import Tuning

/// Files of small annotated sequences with detections, in a folder that goes with the last reference.
final class TuningScene {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("tuning-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func write(_ text: String, to name: String) throws -> String {
    let path = folder.appendingPathComponent(name).path
    try text.write(toFile: path, atomically: true, encoding: .utf8)
    return path
  }

  /// Four objects that cross each other, with detections that tremble, are missed now and then, and have false ones of a low score.
  func sequence(_ name: String, seed: UInt64, frames: Int = 60) throws -> TuningFiles {
    var state = seed
    func random() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 40) / Double(1 << 24)
    }
    var truth = "", detections = ""
    for frame in 1...frames {
      for id in 1...4 {
        let x = Double(100 * id) + Double(frame * (id % 2 == 0 ? -3 : 3)), y = Double(80 + 12 * id)
        truth += "\(frame),\(id),\(x),\(y),40,60,1,-1,-1,-1\n"
        guard random() > 0.15 else { continue }
        detections += "\(frame),-1,\(x + 8 * random() - 4),\(y + 8 * random() - 4),40,60,\(0.6 + 0.4 * random())\n"
      }
      if random() < 0.5 { detections += "\(frame),-1,\(600 * random()),\(300 * random()),40,60,\(0.3 + 0.4 * random())\n" }
    }
    return TuningFiles(
      name: name, truth: try write(truth, to: name + "-truth.txt"), detections: try write(detections, to: name + "-det.txt"))
  }

  /// A camera that swings to and fro over four objects that stand still: 30 frames at uneven times, as a stream and as plain detections.
  func swinging() throws -> (truth: String, stream: String, plain: String) {
    var encoder = StreamEncoder(classes: ["object"])
    let source = StreamSource(uri: "in.mp4", kind: "file", width: 800, height: 400, frameRate: StreamRatio(10, 1))
    var stream = encoder.line(.header(StreamHeader(program: "test", source: source, classes: ["object"])))
    var truth = "", plain = ""
    var last = 0.0
    for frame in 0..<30 {
      let shift = Double(frame * 37 % 90)
      let motion = CameraMotion(status: frame == 0 ? .first : .ok, homography: .translation(Point(shift - last, 0)), inliers: 99)
      last = shift
      let tracks = (1...4).map { id in
        TrackRecord(
          id: id, score: 0.9, box: OrientedBox(center: Point(Double(100 + 60 * id) + shift, 200), width: 40, height: 30, angle: 0))
      }
      for track in tracks {
        let box = track.box.hull
        truth += "\(frame + 1),\(track.id),\(box.left),\(box.top),40,30,1,-1,-1,-1\n"
        plain += "\(frame + 1),-1,\(box.left),\(box.top),40,30,0.9\n"
      }
      let time = 0.1 * Double(frame) + (frame % 2 == 0 ? 0 : 0.02)
      stream += encoder.line(.frame(FrameRecord(frame: frame, time: time, camera: motion, tracks: tracks)))
    }
    stream += encoder.line(.end(EndRecord(frames: 30, dropped: 0, tracks: 4, status: .complete)))
    return (
      try write(truth, to: "swinging-truth.txt"), try write(String(decoding: stream, as: UTF8.self), to: "swinging.ndjson"),
      try write(plain, to: "swinging-det.txt")
    )
  }
}
