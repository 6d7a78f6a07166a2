import Foundation
import Geometry
import Motion

/// A detection in the tracker's coordinates, with its noise and what its score says.
struct Measurement {
  var box: BoxMeasurement
  var covariance: SymmetricMatrix2
  /// |Σ| of the box.
  var determinant: Double
  var score: Double
  /// How much likelier the score is for an object than for clutter.
  var evidence: Double
  /// The log-odds by which the score falls short of a sure detection's.
  var doubt: Double
  var classIndex: Int
  /// The detection's index as its source numbered it.
  var index: Int

  /// Sides and positions beyond these are no objects; squares and products of what is within stay finite.
  private static let largestSide = 1e7
  private static let smallestSide = 1e-3
  private static let farthest = 1e8

  var gaussian: GaussianBox { GaussianBox(mean: box.center, covariance: covariance) }

  /// Whether the box's sides are not parallel to the picture's.
  var isOriented: Bool { abs(box.shape.r) > 1e-6 }

  /// Nil for a detection that no object can have: not finite, without area, absurdly large or far.
  ///
  /// - Parameter errorFactor: Of the covariance of the centre's error, where the detection does not tell its own.
  init?(_ detection: DetectedBox, settings: TrackerSettings, errorFactor: Double = 1) {
    let mean = detection.box.mean
    let covariance = detection.box.covariance
    let limit = Measurement.largestSide * Measurement.largestSide
    guard abs(mean.x) < Measurement.farthest, abs(mean.y) < Measurement.farthest, detection.score.isFinite,
      covariance.trace < limit, let shape = LogCovariance(covariance)
    else { return nil }
    guard covariance.determinant > pow(Measurement.smallestSide, 4) else { return nil }
    self.covariance = covariance
    determinant = covariance.determinant
    score = min(max(detection.score, 0), 1)
    evidence = ScoreEvidence.ratio(score, settings: settings)
    doubt = max(0, ScoreEvidence.logOdds(settings.highScore) - ScoreEvidence.logOdds(score))
    classIndex = detection.classIndex
    index = detection.index
    box = BoxMeasurement(
      center: mean, shape: shape,
      centerNoise: Measurement.centerNoise(detection, settings: settings, factor: errorFactor),
      sizeNoise: 2 * settings.sideError * settings.sideError,
      shapeNoise: Measurement.formNoise(shape, settings: settings))
  }

  /// A detection of an earlier frame, of which its box is known.
  init(_ box: BoxMeasurement) {
    self.box = box
    covariance = box.shape.covariance
    determinant = covariance.determinant
    (score, evidence, doubt, classIndex, index) = (1, 1, 0, 0, 0)
  }

  private static func centerNoise(_ detection: DetectedBox, settings: TrackerSettings, factor: Double) -> SymmetricMatrix2 {
    if let own = detection.centerCovariance, own.isPositiveDefinite { return own }
    let relative = detection.box.covariance * (GaussianBox.momentDivisor * settings.centerError * settings.centerError)
    return (relative + .identity * (settings.pixelError * settings.pixelError)) * factor
  }

  /// Along (q, r) the error of the sides' ratio, across it that of the angle (docs/motion-models.md, "Noise of a box").
  private static func formNoise(_ shape: LogCovariance, settings: TrackerSettings) -> SymmetricMatrix2 {
    let along = 2 * settings.sideError * settings.sideError
    let squared = shape.q * shape.q + shape.r * shape.r
    let across = max(along, 4 * squared * settings.angleError * settings.angleError)
    guard squared > 0 else { return SymmetricMatrix2(xx: along, xy: 0, yy: along) }
    let c = shape.q * shape.q / squared
    let s = shape.r * shape.r / squared
    return SymmetricMatrix2(
      xx: along * c + across * s, xy: (along - across) * shape.q * shape.r / squared, yy: along * s + across * c)
  }
}

/// What a score says about whether there is an object.
enum ScoreEvidence {
  /// Scores nearer to 0 or 1 than this say no more than this.
  private static let margin = 0.002

  /// f(score | object)/f(score | clutter), from the score's log-odds against those of the neutral score.
  static func ratio(_ score: Double, settings: TrackerSettings) -> Double {
    exp(logRatio(score, settings: settings))
  }

  /// The logarithm of that.
  static func logRatio(_ score: Double, settings: TrackerSettings) -> Double {
    settings.scoreWeight * (logOdds(score) - logOdds(settings.neutralScore))
  }

  /// ln(score/(1 − score)).
  static func logOdds(_ score: Double) -> Double {
    let s = min(max(score, margin), 1 - margin)
    return log(s / (1 - s))
  }
}
