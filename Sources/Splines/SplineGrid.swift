/// A uniform grid of G intervals on [lower, upper], and the cubic B-splines on it.
///
/// The G + 3 basis functions B_m are numbered from the left; in interval i only B_i … B_{i+3} differ from zero. Outside the grid every
/// curve goes on along its tangent at the end, so a simulation that leaves the data neither stops nor bends back.
@frozen
public struct SplineGrid: Sendable, Hashable, Codable {
  /// The left end.
  public let lower: Double
  /// The right end, above `lower`.
  public let upper: Double
  /// G, the number of equal intervals.
  public let intervals: Int

  /// More intervals than any readable curve has; a bound for what is read from files.
  public static let maximumIntervals = 4096

  /// - Throws: `SplineError.invalidGrid`.
  public init(lower: Double, upper: Double, intervals: Int) throws(SplineError) {
    guard lower.isFinite, upper.isFinite, upper > lower, (upper - lower).isFinite,
      (1...SplineGrid.maximumIntervals).contains(intervals), (upper - lower) / Double(intervals) > 0
    else { throw .invalidGrid(lower: lower, upper: upper, intervals: intervals) }
    self.lower = lower
    self.upper = upper
    self.intervals = intervals
  }

  /// Reads a grid from a file.
  ///
  /// - Throws: `SplineError.invalidGrid`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      lower: container.decode(Double.self, forKey: .lower), upper: container.decode(Double.self, forKey: .upper),
      intervals: container.decode(Int.self, forKey: .intervals))
  }

  /// The width of an interval.
  @inlinable
  public var step: Double { (upper - lower) / Double(intervals) }

  /// The number of basis functions, G + 3.
  public var coefficientCount: Int { intervals + 3 }

  /// The coefficients of the straight line offset + slope · x: by linear precision c_m is its value at lower + (m − 1) step.
  public func coefficients(offset: Double, slope: Double) -> [Double] {
    (0..<coefficientCount).map { offset + slope * (lower + (Double($0) - 1) * step) }
  }

  /// Where a position lies: its interval, its place t in [0, 1] there, and how far it is outside the grid (0 inside).
  @inlinable
  public func locate(_ x: Double) -> (interval: Int, t: Double, outside: Double) {
    if !(x > lower) { return (0, 0, x - lower) }
    if x >= upper { return (intervals - 1, 1, x - upper) }
    let scaled = (x - lower) / step
    // Bounded: lower < x < upper, so scaled is in [0, G]; rounding can give G itself.
    let interval = min(Int(scaled), intervals - 1)
    return (interval, min(scaled - Double(interval), 1), 0)
  }

  /// The four basis functions that matter at a position.
  @frozen
  public struct Weights: Sendable, Hashable {
    /// The number of the first of the four coefficients.
    public var first: Int
    /// What each coefficient counts in the curve's value: the gradient of the value with respect to the coefficients.
    public var value: SIMD4<Double>
    /// The same for the slope.
    public var slope: SIMD4<Double>

    /// - Parameters:
    ///   - first: The number of the first of the four coefficients.
    ///   - value: The weights of the value.
    ///   - slope: The weights of the slope.
    @inlinable
    public init(first: Int, value: SIMD4<Double>, slope: SIMD4<Double>) {
      self.first = first
      self.value = value
      self.slope = slope
    }
  }

  /// The weights of the four coefficients at a position; outside the grid those of the tangent at the end.
  @inlinable
  public func weights(at x: Double) -> Weights {
    let (interval, t, outside) = locate(x)
    let s = 1 - t
    // The uniform cubic B-spline's four pieces: (s³, 3t³ − 6t² + 4, 3s³ − 6s² + 4, t³)/6.
    var value = SIMD4(s * s * s, (3 * t - 6) * t * t + 4, (3 * s - 6) * s * s + 4, t * t * t) / 6
    let slope = SIMD4(-s * s, (3 * t - 4) * t, (4 - 3 * s) * s, t * t) * (0.5 / step)
    if outside != 0 { value += outside * slope }
    return Weights(first: interval, value: value, slope: slope)
  }
}
