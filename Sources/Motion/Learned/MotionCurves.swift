import Splines

/// The KAN of a learned motion: sums of curves, one curve for each output and feature, all of a feature on one grid.
///
/// An output is its constant and Σ over the features of a cubic B-spline; a feature beyond its grid counts as the grid's end, so that every
/// output stays within bounds that its coefficients prove (`bounds`). The outputs are evaluated together: a lane each.
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
    /// How fast the trend of the remembered velocity makes it grow, 1/s; only where the curves look at the trend.
    case trend
  }

  /// A grid for each feature, in the order of `MotionFeatures.values`: the first four of them, or all six.
  public let grids: [SplineGrid]
  /// The outputs' constants.
  public var constants: SIMD4<Double>
  /// The coefficients by feature and place in its grid; the lanes are the outputs.
  public private(set) var coefficients: [SIMD4<Double>]
  /// Where each feature's coefficients begin.
  private let starts: SIMD8<Int>

  /// Curves that are zero.
  ///
  /// - Parameter grids: One for each feature.
  public init(grids: [SplineGrid], constants: SIMD4<Double>) {
    precondition(MotionCurves.areComplete(grids), "a grid for each feature")
    self.grids = grids
    self.constants = constants
    var starts = SIMD8<Int>()
    var count = 0
    for (feature, grid) in grids.enumerated() {
      starts[feature] = count
      count += grid.coefficientCount
    }
    self.starts = starts
    coefficients = Array(repeating: .zero, count: count)
  }

  /// Whether there is a grid for each feature, with the trend or without it.
  public static func areComplete(_ grids: [SplineGrid]) -> Bool {
    grids.count == MotionFeatures.count || grids.count == MotionFeatures.countWithoutTrend
  }

  /// Whether they look at the trend of the remembered velocity.
  @inlinable public var seesTrend: Bool { grids.count == MotionFeatures.count }

  /// The outputs that they give.
  public var outputs: ArraySlice<Output> { Output.allCases.prefix(seesTrend ? 4 : 3) }

  /// The same curves with those of the trend, zero, beside them.
  ///
  /// - Parameter grids: Of the trend's two features.
  func seeingTrend(_ grids: [SplineGrid]) -> MotionCurves {
    var curves = MotionCurves(grids: self.grids + grids, constants: constants)
    curves.coefficients.replaceSubrange(..<count, with: coefficients)
    return curves
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

  /// Derivatives of the outputs, a lane each, by the features that depend on the state.
  @frozen
  public struct Slopes {
    /// By the speed.
    public var speed: SIMD4<Double>
    /// By the departure's share and alignment.
    public var departure: (share: SIMD4<Double>, alignment: SIMD4<Double>)
    /// By the trend's.
    public var trend: (share: SIMD4<Double>, alignment: SIMD4<Double>)

    /// What they are where the curves count by a part.
    @inline(__always)
    static func * (s: Slopes, part: Double) -> Slopes {
      Slopes(
        speed: s.speed * part, departure: (s.departure.share * part, s.departure.alignment * part),
        trend: (s.trend.share * part, s.trend.alignment * part))
    }
  }

  /// The outputs and their derivatives; zero by a feature beyond its grid.
  @inline(__always)
  public func evaluate(_ features: SIMD8<Double>) -> (value: SIMD4<Double>, slopes: Slopes) {
    let (a, b, c, d) = (edge(0, features[0]), edge(1, features[1]), edge(2, features[2]), edge(3, features[3]))
    var slopes = Slopes(speed: a.slope, departure: (b.slope, c.slope), trend: (.zero, .zero))
    let value = constants + (a.value + b.value) + (c.value + d.value)
    guard seesTrend else { return (value, slopes) }
    let (e, f) = (edge(4, features[4]), edge(5, features[5]))
    slopes.trend = (e.slope, f.slope)
    return (value + (e.value + f.value), slopes)
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
    for feature in grids.indices {
      let values = self.range(of: feature).map { coefficients[$0][output.rawValue] }
      guard let least = values.min(), let most = values.max() else { continue }
      range = range.lowerBound + least...range.upperBound + most
    }
    return range
  }

  /// Lowers the upper bound of an output by cutting the highest coefficients of every curve by equal parts; nothing for no excess.
  mutating func lower(_ output: Output, by excess: Double) {
    guard excess > 0 else { return }
    let part = excess / Double(grids.count)
    for range in grids.indices.map(range) {
      guard let most = range.map({ coefficients[$0][output.rawValue] }).max() else { continue }
      for index in range { coefficients[index][output.rawValue] = min(coefficients[index][output.rawValue], most - part) }
    }
  }

  /// One curve, output by feature, as a spline to print or plot; it is constant beyond its grid.
  ///
  /// - Throws: `SplineError` for coefficients that are not finite.
  public func spline(of output: Output, feature: Int) throws(SplineError) -> CubicSpline {
    try CubicSpline(grid: grids[feature], coefficients: range(of: feature).map { coefficients[$0][output.rawValue] })
  }
}
