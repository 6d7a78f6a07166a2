// What a followed target is judged by in every frame, told or not, as CSV: what the score's calibration is made of (`calibration.py`).
//
//   target-tracking [--model BACKBONE.onnx,HEAD.onnx] VIDEO FRAME LEFT TOP WIDTH HEIGHT [FRAME LEFT TOP WIDTH HEIGHT ...]
//
//       one line a target and frame: number of the target, frame, likeness, assurance, whether told, box

import Detection
import Foundation
import Geometry
import Imaging
import ModelFiles
import NetworkGraph
import Orientation
import TargetTracking
import Video

func follower(_ model: String?) throws -> any TargetFollower {
  guard let model else { return CorrelationFollower() }
  let files = model.split(separator: ",").map(String.init)
  return try SiameseFollower(
    SiameseNetwork(backbone: GraphImporter.graph(path: files[0]), head: GraphImporter.graph(path: files[1])), threads: 1)
}

/// One target from one frame on.
func follow(_ video: String, number: Int, from first: Int, _ box: AxisBox, _ model: String?) throws {
  let source = try VideoSources.open(video)
  var detector: TargetDetector?
  var estimator: CameraMotionEstimator?
  var known: [OrientedBox] = []
  while let item = try source.next() {
    guard case .frame(let frame) = item else { continue }
    let image = try frame.withLuma { rows, width, height, stride in
      try Image.grey(
        rows: rows, width: width, height: height, stride: stride,
        resizedTo: AnalysisSize.of(width: frame.width, height: frame.height))
    }
    let picture = try frame.bgr()
    let color = Image(width: picture.width, height: picture.height, channels: 3, pixels: picture.pixels)
    let camera = try estimator ?? CameraMotionEstimator(displayWidth: frame.width, displayHeight: frame.height)
    estimator = camera
    let motion = try camera.estimate(image, masking: known)
    guard frame.ordinal >= first else { continue }
    var target =
      try detector
      ?? TargetDetector(follower: follower(model), start: TargetStart(box: box, seconds: frame.seconds))
    let found = try target.detect(
      DetectionInput(
        image: image, color: color, displayWidth: frame.width, displayHeight: frame.height, motion: motion, time: frame.seconds,
        ordinal: frame.ordinal))
    detector = target
    known = found.map(\.box.orientedBox)
    guard let seen = target.judged else { continue }
    let place = seen.sighting.place.box
    print(
      number, frame.ordinal, seen.likeness, seen.sighting.assurance, found.isEmpty ? 0 : 1, place.left, place.top, place.width,
      place.height, separator: ",")
  }
}

var arguments = Array(CommandLine.arguments.dropFirst())
var model: String?
if arguments.first == "--model", arguments.count > 1 {
  model = arguments[1]
  arguments.removeFirst(2)
}
let video = arguments.removeFirst()
let numbers = arguments.compactMap(Double.init)
for (number, start) in stride(from: 0, to: numbers.count - 4, by: 5).enumerated() {
  let v = Array(numbers[start..<start + 5])
  try follow(
    video, number: number, from: Int(exactly: v[0]) ?? 0, AxisBox(left: v[1], top: v[2], width: v[3], height: v[4]), model)
}
