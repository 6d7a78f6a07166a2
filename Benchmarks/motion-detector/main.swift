// Motion detector and tracker on videos, without the command: the tracks as JSON lines, the time of each stage on standard error.
//
//   motion-detector VIDEO [VIDEO ...]      one line a frame: {"video":…,"frame":…,"tracks":[[id,state,left,top,width,height],…],"detections":[…]}

import Detection
import Foundation
import Geometry
import Imaging
import Orientation
import Tracking
import Video

/// The time spent in a stage.
struct Stopwatch {
  private(set) var total = Duration.zero
  private let clock = ContinuousClock()

  mutating func measure<R>(_ body: () throws -> R) rethrows -> R {
    let start = clock.now
    defer { total += clock.now - start }
    return try body()
  }

  func milliseconds(per count: Int) -> Double {
    let seconds = Double(total.components.seconds) + Double(total.components.attoseconds) * 1e-18
    return 1000 * seconds / Double(max(1, count))
  }
}

/// The analysis picture: at most 640 pixels wide, as the command makes it.
func analysisPicture(_ frame: Frame) throws -> Image {
  let scale = min(1, 640 / Double(frame.width))
  let size = (width: Int((Double(frame.width) * scale).rounded()), height: Int((Double(frame.height) * scale).rounded()))
  return try frame.withLuma { bytes, width, height, stride in
    try Image.grey(rows: bytes, width: width, height: height, stride: stride, resizedTo: size)
  }
}

func row(_ box: AxisBox) -> [Double] { [box.left, box.top, box.width, box.height] }

func run(_ path: String) throws {
  let source = try VideoSources.open(path)
  var detector = try MotionDetector()
  var tracker = Tracker()
  var estimator: CameraMotionEstimator?
  var (decoding, orientation, detection, tracking) = (Stopwatch(), Stopwatch(), Stopwatch(), Stopwatch())
  var count = 0
  var last: [OrientedBox] = []
  while let item = try decoding.measure({ try source.next() }) {
    guard case .frame(let frame) = item else { continue }
    let picture = try decoding.measure { try analysisPicture(frame) }
    let camera = try estimator ?? CameraMotionEstimator(displayWidth: frame.width, displayHeight: frame.height)
    estimator = camera
    let motion = try orientation.measure { try camera.estimate(picture, masking: last) }
    let boxes = try detection.measure {
      try detector.detect(
        DetectionInput(
          image: picture, displayWidth: frame.width, displayHeight: frame.height, motion: motion, time: frame.seconds,
          ordinal: frame.ordinal))
    }
    let output = tracking.measure {
      tracker.update(
        TrackerInput(
          ordinal: frame.ordinal, time: frame.seconds, detections: boxes, motion: motion, width: Double(frame.width),
          height: Double(frame.height)))
    }
    last = output.tracks.filter { $0.state == .confirmed }.map(\.box)
    let tracks = output.tracks.map { [$0.id, $0.state == .confirmed ? 0 : 1] as [Any] + row($0.box.hull) as [Any] }
    let line: [String: Any] = [
      "video": path, "frame": frame.ordinal, "tracks": tracks, "camera": motion.status.rawValue,
      "detections": boxes.map { row($0.box.orientedBox.hull) + [$0.score] },
    ]
    print(String(decoding: try JSONSerialization.data(withJSONObject: line), as: UTF8.self))
    count += 1
  }
  let times = [decoding, orientation, detection, tracking].map { String(format: "%.2f", $0.milliseconds(per: count)) }
  FileHandle.standardError.write(
    Data("\(path): \(count) frames; ms a frame: decode \(times[0]), camera \(times[1]), detect \(times[2]), track \(times[3])\n".utf8))
}

for path in CommandLine.arguments.dropFirst() { try run(path) }
