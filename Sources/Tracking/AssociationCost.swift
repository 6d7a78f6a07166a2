import Foundation
import Geometry
import Motion

/// A track's side of a comparison, made once per frame.
struct Prediction {
  var box: GaussianBox
  var determinant: Double
  var centerCovariance: SymmetricMatrix2
  var classIndex: Int

  init(_ track: Track) {
    box = track.motion.box
    determinant = box.covariance.determinant
    centerCovariance = track.motion.center.positionCovariance
    classIndex = track.votes.winner
  }
}

/// Gate and cost of a pair of track and detection.
struct Comparison {
  private let cost: TrackerSettings.Cost
  private let gate: Double
  private let slack: Double
  private let maximum: Double

  init(_ settings: TrackerSettings) {
    cost = settings.cost
    gate = ChiSquare.quantile(settings.gateProbability, degrees: 2)
    slack = settings.gateSlack * settings.gateSlack
    maximum = settings.maximumCost
  }

  /// How far the gate of a prediction reaches along x for detections of about its own size.
  func reach(_ prediction: Prediction, largest: Double) -> Double {
    let s = prediction.centerCovariance.xx + (1 + slack) * largest
    return (gate * s).squareRoot()
  }

  /// The cost of a pair, nil outside the gate or at the maximum.
  func evaluate(_ prediction: Prediction, _ track: Track, _ measurement: Measurement) -> Double? {
    let offset = measurement.box.center - prediction.box.mean
    let s = prediction.centerCovariance + measurement.box.centerNoise + measurement.covariance * slack
    let innovation = PlanarInnovation(residual: offset, covariance: s)
    guard innovation.normalizedSquare <= gate else { return nil }
    let value: Double
    switch cost {
    case .hellinger: value = bhattacharyya(prediction, measurement, offset: offset)
    case .likelihood: value = likelihood(track.motion, measurement)
    case .iou:
      value = 1 - prediction.box.orientedBox.hull.iou(
        with: GaussianBox(mean: measurement.box.center, covariance: measurement.covariance).orientedBox.hull)
    case .rotatedIoU:
      value = 1 - prediction.box.orientedBox.iou(
        with: GaussianBox(mean: measurement.box.center, covariance: measurement.covariance).orientedBox)
    }
    return value < maximum ? value : nil
  }

  /// The Bhattacharyya distance with the position's uncertainty beside the boxes' own extents.
  ///
  /// With S = Σ₁ + Σ₂ + P: ¼ δᵀ S⁻¹ δ + ½ ln(|S| / (4 √(|Σ₁| |Σ₂|))). For P = 0 it is the boxes' distance; where P is large it turns into
  /// half the negative log-likelihood of the offset, whose determinant keeps uncertain tracks from taking what better ones explain.
  private func bhattacharyya(_ prediction: Prediction, _ measurement: Measurement, offset: Point) -> Double {
    let s = prediction.box.covariance + measurement.covariance + prediction.centerCovariance
    let d = s.determinant
    let product = prediction.determinant * measurement.determinant
    guard d > 0, product > 0 else { return .infinity }
    let normalized = PlanarInnovation(residual: offset, covariance: s).normalizedSquare
    return max(0, normalized / 4 + 0.25 * log(d * d / (16 * product)))
  }

  private func likelihood(_ motion: BoxMotion, _ measurement: Measurement) -> Double {
    let box = measurement.box
    let center = motion.center.innovation(of: box.center, noise: box.centerNoise)
    let form = motion.form.innovation(of: box.form, noise: box.shapeNoise)
    let variance = motion.size.variance + box.sizeNoise
    let size = box.shape.p - motion.size.value
    let scale = 0.5 * log(max(measurement.determinant, .leastNormalMagnitude))
    return -center.logLikelihood + scale - form.logLikelihood + (size * size / variance + log(2 * .pi * variance)) / 2
  }
}
