// Motion detector and tracker on videos, without the command: the tracks as JSON lines, the time of each stage on standard error.
//
//   motion-detector [--masks] [--set NAME=VALUE ...] VIDEO [VIDEO ...]
//
//       one line a frame: {"video":…,"frame":…,"tracks":[[id,state,left,top,width,height],…],"detections":[…]};
//       --masks makes the detections' masks besides, whose areas stand in "masks"

import Detection
import Foundation
import Geometry
import Imaging
import Orientation
import Tracking
import Video

/// The processor time that this thread spent in a stage: other programs on the machine do not count.
struct Stopwatch {
  private var total = 0.0

  private static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  mutating func measure<R>(_ body: () throws -> R) rethrows -> R {
    let start = Self.now
    defer { total += Self.now - start }
    return try body()
  }

  func milliseconds(per count: Int) -> Double { 1000 * total / Double(max(1, count)) }
}

/// A setting's value: a number or a truth value.
func value(_ text: String) -> Any { Bool(text) ?? (Double(text) ?? 0) as Any }

/// The default settings with some of them replaced: `--set leastSpeed=0.3`.
func settings(from arguments: inout [String]) throws -> MotionDetectorSettings {
  let defaults = try JSONEncoder().encode(MotionDetectorSettings())
  var values = try JSONSerialization.jsonObject(with: defaults) as? [String: Any] ?? [:]
  while arguments.first == "--set", arguments.count > 1 {
    let parts = arguments[1].split(separator: "=", maxSplits: 1).map(String.init)
    let path = parts[0].split(separator: ".").map(String.init)
    if parts.count == 2, path.count == 2, var inner = values[path[0]] as? [String: Any] {
      inner[path[1]] = value(parts[1])
      values[path[0]] = inner
    } else if parts.count == 2 {
      values[parts[0]] = value(parts[1])
    }
    arguments.removeFirst(2)
  }
  return try JSONDecoder().decode(MotionDetectorSettings.self, from: JSONSerialization.data(withJSONObject: values))
}

/// The frame's grey picture at a size.
func picture(of frame: Frame, _ size: (width: Int, height: Int)) throws -> Image {
  try frame.withLuma { bytes, width, height, stride in
    try Image.grey(rows: bytes, width: width, height: height, stride: stride, resizedTo: size)
  }
}

/// The picture that small objects are looked for in, where it is finer than the analysis picture; as the command does it.
func finePicture(of frame: Frame, widest: Int?, beside analysed: Image) throws -> Image? {
  guard let widest else { return nil }
  let size = AnalysisSize.fine(width: frame.width, height: frame.height, widest: widest)
  return size.width > analysed.width ? try picture(of: frame, size) : nil
}

/// Its differences in colour, as the command makes them.
func chroma(of frame: Frame) throws -> ChromaPictures? {
  let size = AnalysisSize.chroma(width: frame.width, height: frame.height)
  let planes = try frame.withChroma { bytes, width, height, stride in
    try Image.grey(rows: bytes, width: width, height: height, stride: stride, resizedTo: size)
  }
  return planes.map { ChromaPictures(blue: $0.blue, red: $0.red) }
}

/// The tracker's settings that suit the motion detector's scores, as the command has them.
func trackerSettings() -> TrackerSettings {
  var settings = TrackerSettings()
  settings.keptShare = 0
  (settings.highScore, settings.neutralScore) = (MotionDetector.neutralScore, MotionDetector.neutralScore)
  settings.lowScore = MotionDetector.leastScore
  return settings
}

func row(_ box: AxisBox) -> [Double] { [box.left, box.top, box.width, box.height] }

func run(_ path: String, _ settings: MotionDetectorSettings, masks: Bool) throws {
  let source = try VideoSources.open(path)
  var detector = try MotionDetector(settings: settings, findsMasks: masks)
  var tracker = Tracker(settings: trackerSettings())
  var estimator: CameraMotionEstimator?
  var (decoding, orientation, detection, tracking) = (Stopwatch(), Stopwatch(), Stopwatch(), Stopwatch())
  var count = 0
  var last: [OrientedBox] = []
  while let item = try decoding.measure({ try source.next() }) {
    guard case .frame(let frame) = item else { continue }
    let analysed = try decoding.measure { try picture(of: frame, AnalysisSize.of(width: frame.width, height: frame.height)) }
    let fine = try decoding.measure { try finePicture(of: frame, widest: detector.finestWidth, beside: analysed) }
    let colors = try decoding.measure { try chroma(of: frame) }
    let camera = try estimator ?? CameraMotionEstimator(displayWidth: frame.width, displayHeight: frame.height)
    estimator = camera
    let motion = try orientation.measure { try camera.estimate(analysed, masking: last) }
    let boxes = try detection.measure {
      try detector.detect(
        DetectionInput(
          image: analysed, fine: fine, chroma: colors, black: frame.black, displayWidth: frame.width, displayHeight: frame.height,
          motion: motion, time: frame.seconds,
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
    var line: [String: Any] = [
      "video": path, "frame": frame.ordinal, "tracks": tracks, "camera": motion.status.rawValue,
      "detections": boxes.map { row($0.box.orientedBox.hull) + [$0.score] },
    ]
    if masks { line["masks"] = boxes.map { $0.mask?.area ?? 0 } }
    print(String(decoding: try JSONSerialization.data(withJSONObject: line), as: UTF8.self))
    count += 1
  }
  let times = [decoding, orientation, detection, tracking].map { String(format: "%.2f", $0.milliseconds(per: count)) }
  FileHandle.standardError.write(
    Data(
      "\(path): \(count) frames; ms a frame: decode \(times[0]), camera \(times[1]), detect \(times[2]), track \(times[3])\n".utf8))
}

var arguments = Array(CommandLine.arguments.dropFirst())
let masks = arguments.first == "--masks"
if masks { arguments.removeFirst() }
let chosen = try settings(from: &arguments)
try OpenCVThreads.set(count: 1)
for path in arguments { try run(path, chosen, masks: masks) }
