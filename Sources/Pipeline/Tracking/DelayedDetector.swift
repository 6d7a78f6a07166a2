import Detection
import Foundation
import Geometry

/// A detector that takes longer than it needs: what `--live latest` does with frames it has no time for can so be measured anywhere.
struct DelayedDetector: Detector {
  private var detector: any Detector
  private let milliseconds: Double

  private init(_ detector: any Detector, milliseconds: Double) {
    self.detector = detector
    self.milliseconds = milliseconds
  }

  /// The detector itself where no delay is asked for.
  static func ifAsked(_ detector: any Detector, milliseconds: Double) -> any Detector {
    milliseconds > 0 ? DelayedDetector(detector, milliseconds: milliseconds) : detector
  }

  var classes: [String] { detector.classes }
  var finestWidth: Int? { detector.finestWidth }
  var needsColor: Bool { detector.needsColor }
  var needsChroma: Bool { detector.needsChroma }

  var memory: (any Encodable)? { detector.memory }

  mutating func recall(from decoder: any Decoder) throws { try detector.recall(from: decoder) }

  mutating func detect(_ input: DetectionInput) throws -> [DetectedBox] {
    Thread.sleep(forTimeInterval: milliseconds / 1000)
    return try detector.detect(input)
  }
}
