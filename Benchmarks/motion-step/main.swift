// Times a filter step, predict and update of one box (10 states, 5 measurements), with Kalman's motion and with a learned one whose curves
// are all in use; and the whole tracker at 1,000 objects. Prints the median of several runs.

import Foundation
import Geometry
import Motion
import Splines
import Tracking

/// Curves of small waves over the usual ranges; with the trend's 24 instead of 12.
func learned(seesTrend: Bool) throws -> LearnedMotion {
  let grids = [
    try SplineGrid(lower: 0.1, upper: 8, intervals: 5), try SplineGrid(lower: 0, upper: 1, intervals: 5),
    try SplineGrid(lower: -1, upper: 1, intervals: 5), try SplineGrid(lower: -1, upper: 1, intervals: 5),
  ]
  var law = LearnedMotion(
    unit: .side, fading: 6, grids: grids, floorSpeed: 0.1, memorySeconds: 1, noise: 4, relativeError: 0.025, absoluteError: 0.3,
    initialSpeed: 6)
  if seesTrend { law = law.seeingTrend(Array(grids[1...2])) }
  for output in law.curves.outputs { law.curves[output] = (0..<law.curves.count).map { 0.03 * sin(1.7 * Double($0)) } }
  return law
}

func median(_ runs: Int, _ body: () -> Void) -> Double {
  let times = (0..<runs).map { _ in
    let start = ContinuousClock.now
    body()
    let span = ContinuousClock.now - start
    return Double(span.components.seconds) + 1e-18 * Double(span.components.attoseconds)
  }
  return times.sorted()[runs / 2]
}

let steps = 200_000
let shape = LogCovariance(p: 6, q: 0.4, r: -0.2)
let noise = BoxProcessNoise(center: .identity * 100, size: 1.7, form: 1.4)
let step = MotionStep.fading(seconds: 1.0 / 30, timeConstant: 6)

func filter(_ law: MotionLaw) -> BoxMotion {
  var motion = BoxMotion(
    center: PlanarMotion(position: .zero, noise: .identity, velocityCovariance: .identity * 1e4),
    size: ScalarMotion(value: 6, variance: 0.01, rateVariance: 2),
    form: PlanarMotion(position: Point(0.4, -0.2), noise: .identity * 0.01, velocityCovariance: .identity))
  for index in 0..<steps {
    switch law {
    case .kalman: motion.predict(step, noise: noise)
    case .learned(let learned): motion.predict(by: learned, seconds: 1.0 / 30, step: step, noise: noise, agitation: 1)
    }
    let angle = Double(index) * 0.01
    motion.update(
      BoxMeasurement(
        center: Point(300 * cos(angle), 300 * sin(angle)), shape: shape, centerNoise: .identity, sizeNoise: 0.01,
        shapeNoise: .identity * 0.01))
  }
  return motion
}

func frame(_ index: Int, objects: Int) -> TrackerInput {
  let boxes = (0..<objects).map { object -> DetectedBox in
    let (column, row) = (Double(object % 40), Double(object / 40))
    let center = Point(column * 48 + 24 + 3 * sin(0.1 * Double(index) + column), row * 40 + 20 + 3 * cos(0.1 * Double(index) + row))
    let box = OrientedBox(center: center, width: 30, height: 20, angle: 0.3)
    return DetectedBox(box: GaussianBox(box), score: 0.95, classIndex: 0, index: object)
  }
  return TrackerInput(ordinal: index, time: Double(index) / 30, detections: boxes, width: 1920, height: 1080)
}

let inputs = (0..<60).map { frame($0, objects: 1000) }
let motions = [
  ("kalman", MotionLaw.kalman), ("12 curves", .learned(try learned(seesTrend: false))),
  ("24 curves", .learned(try learned(seesTrend: true))),
]
for (name, law) in motions {
  var last = 0.0
  let seconds = median(7) { last += filter(law).center.position.x }
  let tracking = median(3) {
    var tracker = Tracker(law: law)
    for input in inputs { last += Double(tracker.update(input).tracks.count) }
  }
  print(
    "\(name): \(Int((seconds / Double(steps) * 1e9).rounded())) ns a step, "
      + "\(((tracking / Double(inputs.count) * 1e5).rounded()) / 100) ms a frame of 1,000 objects (\(Int(last) > 0))")
}
