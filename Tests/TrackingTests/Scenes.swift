import Foundation
import Geometry

@testable import Tracking

/// A detection of an oriented box.
func detection(
  _ x: Double, _ y: Double, width: Double = 40, height: Double = 20, angle: Double = 0, score: Double = 0.97,
  class classIndex: Int = 0, index: Int = 0
) -> DetectedBox {
  DetectedBox(
    box: GaussianBox(OrientedBox(center: Point(x, y), width: width, height: height, angle: angle)), score: score,
    classIndex: classIndex, index: index)
}

extension Tracker {
  /// Feeds the frames at these times and collects what comes out.
  mutating func run(_ times: [Double], _ detections: (Double) -> [DetectedBox]) -> [TrackerOutput] {
    var outputs: [TrackerOutput] = []
    for (ordinal, time) in times.enumerated() {
      outputs.append(update(TrackerInput(ordinal: ordinal, time: time, detections: detections(time))))
    }
    return outputs
  }
}

/// Times from 0 at a steady rate.
func times(rate: Double, until end: Double) -> [Double] {
  (0...Int((end * rate).rounded())).map { Double($0) / rate }
}

extension TrackSnapshot {
  var isFinite: Bool {
    let optional = [angleDeviation, heading, headingDeviation, headingConfidence].compactMap { $0 }
    return box.center.isFinite && box.width.isFinite && box.height.isFinite && box.angle.isFinite
      && centerCovariance.isPositiveDefinite && velocity.isFinite && speed.isFinite && score.isFinite
      && existence.isFinite && optional.allSatisfy(\.isFinite)
      && forecast.allSatisfy { $0.center.isFinite && $0.covariance.isPositiveDefinite && $0.time.isFinite }
  }
}

/// The folder `shared/data/…` beside the package, found from this file's place upwards.
func sharedData(_ path: String) -> URL? {
  var folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  while folder.path != "/" {
    folder.deleteLastPathComponent()
    let candidate = folder.appendingPathComponent("shared/data/\(path)")
    if FileManager.default.fileExists(atPath: candidate.path) { return candidate }
  }
  return nil
}
