import Foundation
import Geometry
import Motion

/// A track's side of a comparison, made once per frame.
struct Prediction {
  var center: Point
  var covariance: SymmetricMatrix2
  /// |Σ| of the box.
  var determinant: Double
  /// Of the predicted centre.
  var centerCovariance: SymmetricMatrix2
  var classIndex: Int
  /// −ln of the probability that the object can be seen.
  var rarity: Double

  init(_ track: borrowing Track) {
    center = track.motion.center.position
    covariance = track.motion.shape.covariance
    determinant = covariance.determinant
    centerCovariance = track.motion.center.positionCovariance
    classIndex = track.votes.winner
    rarity = -log(max(track.presence.visible, Presence.margin))
  }

  /// A prediction of what can be seen for sure.
  init(_ motion: BoxMotion, classIndex: Int) {
    center = motion.center.position
    covariance = motion.shape.covariance
    determinant = covariance.determinant
    centerCovariance = motion.center.positionCovariance
    self.classIndex = classIndex
    rarity = 0
  }

  var box: GaussianBox { GaussianBox(mean: center, covariance: covariance) }
}

/// Gate and cost of a pair of track and detection.
struct Comparison {
  private let cost: TrackerSettings.Cost
  private let gate: Double
  private let tolerance: Double
  private let sizeGate: Double
  private let sizeTolerance: Double
  private let shapeWeight: Double
  private let rarityWeight: Double
  private let doubtWeight: Double
  private let maximum: Double

  init(_ settings: TrackerSettings) {
    cost = settings.cost
    gate = ChiSquare.quantile(settings.gateProbability, degrees: 2)
    tolerance = settings.tolerance * settings.tolerance
    sizeGate = ChiSquare.quantile(settings.gateProbability, degrees: 1)
    sizeTolerance = settings.sizeTolerance * settings.sizeTolerance
    shapeWeight = settings.shapeWeight
    rarityWeight = settings.rarityWeight
    doubtWeight = settings.doubtWeight
    maximum = settings.maximumCost
  }

  /// How far along x the gate of a prediction reaches, for detections whose variance along x is at most `widest`.
  func reach(_ prediction: borrowing Prediction, widest: Double) -> Double {
    (gate * (prediction.centerCovariance.xx + tolerance * prediction.covariance.xx + widest)).squareRoot()
  }

  /// The most that a detection adds to the variance along x: its noise and its tolerated share.
  func width(_ measurement: borrowing Measurement) -> Double {
    measurement.box.centerNoise.xx + tolerance * measurement.covariance.xx
  }

  /// The cost of a pair; nil outside the gate and from the maximum on.
  ///
  /// - Parameter slack: Costs up to so much above the maximum are told too, where something else may still speak for the pair.
  func evaluate(
    _ prediction: borrowing Prediction, _ motion: borrowing BoxMotion, _ measurement: borrowing Measurement, slack: Double = 0
  ) -> Double? {
    guard let (innovation, normalized, known, sum) = gated(prediction, motion, measurement) else { return nil }
    var value = rarityWeight * prediction.rarity + doubtWeight * measurement.doubt
    switch cost {
    case .hellinger:
      let spread = innovation.covariance.determinant / known.determinant
      value += (normalized + log(spread)) / 2 + shapeWeight * shapeDistance(sum, prediction, measurement)
    case .likelihood: value += likelihood(motion, measurement)
    case .iou: value += 1 - prediction.box.orientedBox.hull.iou(with: measurement.gaussian.orientedBox.hull)
    case .rotatedIoU: value += 1 - prediction.box.orientedBox.iou(with: measurement.gaussian.orientedBox)
    }
    // A NaN compares false and is no match.
    return value < maximum + slack ? value : nil
  }

  /// Whether costs are logarithms of probabilities, to which other evidence can be added.
  var isLogarithmic: Bool { cost == .hellinger || cost == .likelihood }

  /// The offset of the centres against what the filter and the detector admit (P + R) and a tolerated share of both boxes; nil outside the gate,
  /// which is χ² on it and on the size.
  func innovation(_ prediction: borrowing Prediction, _ motion: borrowing BoxMotion, _ measurement: borrowing Measurement)
    -> PlanarInnovation?
  {
    gated(prediction, motion, measurement)?.innovation
  }

  @inline(__always)
  private func gated(_ prediction: borrowing Prediction, _ motion: borrowing BoxMotion, _ measurement: borrowing Measurement)
    -> (innovation: PlanarInnovation, normalized: Double, known: SymmetricMatrix2, sum: SymmetricMatrix2)?
  {
    let sum = prediction.covariance + measurement.covariance
    let known = sum * tolerance + measurement.box.centerNoise
    let innovation = PlanarInnovation(
      residual: measurement.box.center - prediction.center, covariance: known + prediction.centerCovariance)
    let normalized = innovation.normalizedSquare
    guard normalized <= gate else { return nil }
    let size = measurement.box.shape.p - motion.size.value
    guard size * size <= sizeGate * (motion.size.variance + measurement.box.sizeNoise + sizeTolerance) else { return nil }
    return (innovation, normalized, known, sum)
  }

  /// The Bhattacharyya distance of the boxes as if their centres agreed: ½ ln(|Σ₁ + Σ₂| / (4 √(|Σ₁| |Σ₂|))).
  private func shapeDistance(
    _ sum: SymmetricMatrix2, _ prediction: borrowing Prediction, _ measurement: borrowing Measurement
  ) -> Double {
    let d = sum.determinant
    return 0.25 * log(d * d / (16 * prediction.determinant * measurement.determinant))
  }

  /// Half the innovation's negative log-density over centre (in units of the box), size and form.
  private func likelihood(_ motion: borrowing BoxMotion, _ measurement: borrowing Measurement) -> Double {
    let box = measurement.box
    let center = motion.center.innovation(of: box.center, noise: box.centerNoise)
    let form = motion.form.innovation(of: box.form, noise: box.shapeNoise)
    let variance = motion.size.variance + box.sizeNoise
    let size = box.shape.p - motion.size.value
    let unit = 0.5 * log(measurement.determinant)
    return unit - center.logLikelihood - form.logLikelihood + (size * size / variance + log(2 * .pi * variance)) / 2
  }
}
