import Splines

/// The KAN of a learned motion: three sums of curves, one curve for each output and feature, all of a feature on one grid.
///
/// An output is its constant and Σ over the features of a cubic B-spline; a feature beyond its grid counts as the grid's end, so that every
/// output stays within bounds that its coefficients prove (`bounds`). The three outputs are evaluated together: a lane each.
@frozen
public struct MotionCurves: Sendable, Hashable {
  /// What the KAN gives: see `LearnedMotion`.
  public enum Output: Int, Sendable, CaseIterable {
    /// How fast the velocity grows (negative: fades), 1/s.
    case growth
    /// How fast the departure from the remembered velocity grows, 1/s.
    case departure
    /// The logarithm of the factor of the acceleration's noise.
    case noise
  }

  /// A grid for each feature, in the order of `MotionFeatures.values`.
  public let grids: [SplineGrid]
  /// The outputs' constants.
  public var constants: SIMD4<Double>
  /// The coefficients by feature and place in its grid; the lanes are the outputs.
  public private(set) var coefficients: [SIMD4<Double>]
  /// Where each feature's coefficients begin.
  private let starts: SIMD4<Int>

  /// Curves that are zero.
  ///
  /// - Parameter grids: One for each feature.
  public init(grids: [SplineGrid], constants: SIMD4<Double>) {
    precondition(grids.count == MotionFeatures.count, "a grid for each feature")
    self.grids = grids
    self.constants = constants
    var starts = SIMD4<Int>()
    var count = 0
    for (feature, grid) in grids.enumerated() {
      starts[feature] = count
      count += grid.coefficientCount
    }
    self.starts = starts
    coefficients = Array(repeating: .zero, count: count)
  }

  /// The number of coefficients of each output.
  public var count: Int { coefficients.count }

  /// The numbers of a feature's coefficients.
  public func range(of feature: Int) -> Range<Int> { starts[feature]..<starts[feature] + grids[feature].coefficientCount }

  /// One output's coefficients, those of the features one after the other.
  public subscript(output: Output) -> [Double] {
    get { coefficients.map { $0[output.rawValue] } }
    set {
      precondition(newValue.count == count, "an output keeps its number of coefficients")
      for index in newValue.indices { coefficients[index][output.rawValue] = newValue[index] }
    }
  }

  /// The outputs and their derivatives by the four features; zero by a feature beyond its grid.
  @inline(__always)
  public func evaluate(_ features: SIMD4<Double>) -> (
    value: SIMD4<Double>, slopes: (SIMD4<Double>, SIMD4<Double>, SIMD4<Double>, SIMD4<Double>)
  ) {
    let (a, b, c, d) = (edge(0, features[0]), edge(1, features[1]), edge(2, features[2]), edge(3, features[3]))
    return (constants + (a.value + b.value) + (c.value + d.value), (a.slope, b.slope, c.slope, d.slope))
  }

  @inline(__always)
  private func edge(_ feature: Int, _ z: Double) -> (value: SIMD4<Double>, slope: SIMD4<Double>) {
    let weights = weights(feature, at: z)
    let first = weights.first
    let (c0, c1, c2, c3) = (coefficients[first], coefficients[first + 1], coefficients[first + 2], coefficients[first + 3])
    return (sum(weights.value, c0, c1, c2, c3), sum(weights.slope, c0, c1, c2, c3))
  }

  @inline(__always)
  private func sum(
    _ w: SIMD4<Double>, _ a: SIMD4<Double>, _ b: SIMD4<Double>, _ c: SIMD4<Double>, _ d: SIMD4<Double>
  ) -> SIMD4<Double> {
    let first: SIMD4<Double> = a * w[0] + b * w[1]
    let second: SIMD4<Double> = c * w[2] + d * w[3]
    return first + second
  }

  /// What each of a feature's four coefficients counts, the first one's number being of `coefficients`; slopes are zero beyond the grid.
  @inline(__always)
  public func weights(_ feature: Int, at z: Double) -> SplineGrid.Weights {
    let grid = grids[feature]
    // A NaN compares false and becomes the lower end.
    let inside = z > grid.lower ? min(z, grid.upper) : grid.lower
    var weights = grid.weights(at: inside)
    weights.first += starts[feature]
    if inside != z { weights.slope = .zero }
    return weights
  }

  /// A range that holds an output wherever the features are: each curve lies in the hull of its coefficients.
  public func bounds(of output: Output) -> ClosedRange<Double> {
    var range = constants[output.rawValue]...constants[output.rawValue]
    for feature in 0..<MotionFeatures.count {
      let values = self.range(of: feature).map { coefficients[$0][output.rawValue] }
      guard let least = values.min(), let most = values.max() else { continue }
      range = range.lowerBound + least...range.upperBound + most
    }
    return range
  }

  /// One curve, output by feature, as a spline to print or plot; it is constant beyond its grid.
  ///
  /// - Throws: `SplineError` for coefficients that are not finite.
  public func spline(of output: Output, feature: Int) throws(SplineError) -> CubicSpline {
    try CubicSpline(grid: grids[feature], coefficients: range(of: feature).map { coefficients[$0][output.rawValue] })
  }
}
