import Foundation
import Geometry

/// How well the pairs that CLEAR matches agree in angle, and how honest the result's covariances are.
public struct OrientedTrackScores: Sendable, Equatable {
  /// Boxes whose sides differ by less have no angle worth measuring.
  public static let smallestSideRatio = 1.3

  /// |Δ| of the longer sides modulo π, radians, of truth boxes with an angle.
  public var axisErrors: [Double] = []
  /// |Δ| of the headings modulo 2π, radians, where both sides have one.
  public var headingErrors: [Double] = []
  /// Second differences of the angle over three frames in a row, of the result's and the truth's matched boxes.
  public var resultTurns: [Double] = []
  /// The same of the truth's boxes that were matched.
  public var truthTurns: [Double] = []
  /// Squared Mahalanobis distances of the centres under the result's covariances.
  public var squaredDistances: [Double] = []

  /// The scores of no pair.
  public init() {}

  /// Whether no pair has anything to measure.
  public var isEmpty: Bool { axisErrors.isEmpty && headingErrors.isEmpty && squaredDistances.isEmpty }

  /// Several sequences as one.
  public static func combined(_ parts: [OrientedTrackScores]) -> OrientedTrackScores {
    var sum = OrientedTrackScores()
    for part in parts {
      sum.axisErrors += part.axisErrors
      sum.headingErrors += part.headingErrors
      sum.resultTurns += part.resultTurns
      sum.truthTurns += part.truthTurns
      sum.squaredDistances += part.squaredDistances
    }
    return sum
  }

  /// The standard deviation of the second difference of the angle, radians: how much a track's angle trembles.
  public var resultJitter: Double? { Self.deviation(resultTurns) }
  /// The same of the truth's own angles, radians.
  public var truthJitter: Double? { Self.deviation(truthTurns) }
  /// The mean normalised innovation squared; 2 for honest covariances.
  public var meanSquaredDistance: Double? { Self.mean(squaredDistances) }

  /// The share of centres inside the ellipse that should hold a share `probability` of them.
  public func coverage(_ probability: Double) -> Double? {
    guard !squaredDistances.isEmpty else { return nil }
    // The χ² distribution of two degrees of freedom: 1 − exp(−x / 2).
    let bound = -2 * log(1 - probability)
    return Double(squaredDistances.count { $0 <= bound }) / Double(squaredDistances.count)
  }

  /// Every figure that the pairs define, angles in degrees.
  public var fields: [MetricField] {
    func real(_ name: String, _ value: Double?) -> MetricField? { value.map { MetricField(name, .real($0)) } }
    let degrees = 180 / Double.pi
    return [
      real("AngleErrorMeanDegrees", Self.mean(axisErrors).map { $0 * degrees }),
      real("AngleErrorMedianDegrees", Self.median(axisErrors).map { $0 * degrees }),
      real("HeadingErrorMeanDegrees", Self.mean(headingErrors).map { $0 * degrees }),
      real("HeadingErrorMedianDegrees", Self.median(headingErrors).map { $0 * degrees }),
      real("AngleJitterDegrees", resultJitter.map { $0 * degrees }),
      real("TruthAngleJitterDegrees", truthJitter.map { $0 * degrees }),
      real("NIS", meanSquaredDistance),
      coverage(0.5).map { MetricField("Coverage50", .ratio($0)) }, coverage(0.95).map { MetricField("Coverage95", .ratio($0)) },
      MetricField("AnglePairs", .integer(axisErrors.count)),
      MetricField("HeadingPairs", .integer(headingErrors.count)),
      MetricField("CovariancePairs", .integer(squaredDistances.count)),
    ].compactMap { $0 }
  }

  static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  static func median(_ values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  private static func deviation(_ values: [Double]) -> Double? {
    guard let mean = mean(values) else { return nil }
    return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
  }
}

/// Gathers the oriented scores from the matched pairs of a sequence, frame after frame.
struct OrientedTrackAccumulator {
  private(set) var scores = OrientedTrackScores()
  private var truthHistory: [Int32: AngleHistory] = [:]
  private var resultHistory: [Int32: AngleHistory] = [:]

  /// The last two angles of a track and the frame of the last.
  private struct AngleHistory {
    var frame: Int
    var angle: Double
    var turn: Double?
  }

  /// Adds a matched pair.
  mutating func add(frame: Int, truth: GroupedBoxes, _ row: Int, result: GroupedBoxes, _ column: Int) {
    let trueBox = truth.orientedBox(row).canonical
    let box = result.orientedBox(column).canonical
    if Self.hasAngle(trueBox) {
      scores.axisErrors.append(abs(Angle.axisDifference(from: trueBox.angle, to: box.angle)))
      Self.note(trueBox.angle, frame, truth.ids[row], &truthHistory, &scores.truthTurns)
      if Self.hasAngle(box) { Self.note(box.angle, frame, result.ids[column], &resultHistory, &scores.resultTurns) }
    }
    if !truth.headings.isEmpty, !result.headings.isEmpty, truth.headings[row].isFinite, result.headings[column].isFinite {
      scores.headingErrors.append(abs(Angle.headingDifference(from: truth.headings[row], to: result.headings[column])))
    }
    guard !result.covariances.isEmpty else { return }
    let covariance = result.covariances[column]
    let determinant = covariance.determinant
    guard determinant > 0 else { return }
    let d = trueBox.center - box.center
    let squared = covariance.yy * d.x * d.x - 2 * covariance.xy * d.x * d.y + covariance.xx * d.y * d.y
    scores.squaredDistances.append(squared / determinant)
  }

  private static func hasAngle(_ box: OrientedBox) -> Bool {
    box.height > 0 && box.width > OrientedTrackScores.smallestSideRatio * box.height
  }

  private static func note(
    _ angle: Double, _ frame: Int, _ id: Int32, _ history: inout [Int32: AngleHistory], _ turns: inout [Double]
  ) {
    var next = AngleHistory(frame: frame, angle: angle, turn: nil)
    if let last = history[id], last.frame == frame - 1 {
      let turn = Angle.axisDifference(from: last.angle, to: angle)
      if let before = last.turn { turns.append(Angle.axisDifference(from: before, to: turn)) }
      next.turn = turn
    }
    history[id] = next
  }
}
