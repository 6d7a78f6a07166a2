import Foundation

/// The base function of the first KANs.
enum SiLU {
  /// Where its only minimum lies, and that minimum.
  private static let minimum = (z: -1.278464542761074, value: -0.2784645427610738)

  static func evaluate(_ z: Double) -> CurvePoint {
    let s = 1 / (1 + exp(-z))
    let slope = s * (1 + z * (1 - s))
    return CurvePoint(value: z * s, slope: slope, curvature: s * (1 - s) * (2 + z * (1 - 2 * s)))
  }

  static func bounds(on range: ClosedRange<Double>) -> ClosedRange<Double> {
    let ends = (evaluate(range.lowerBound).value, evaluate(range.upperBound).value)
    let result = min(ends.0, ends.1)...max(ends.0, ends.1)
    return range.contains(minimum.z) ? union(result, minimum.value...minimum.value) : result
  }
}
