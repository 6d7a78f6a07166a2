/// Linear interpolation, p at t = 0 and q at t = 1.
@inline(__always)
func lerp(_ p: Double, _ q: Double, _ t: Double) -> Double { p + (q - p) * t }

/// A uniform cubic B-spline with straight lines beyond its grid; twice differentiable inside, once at the seams.
///
/// Evaluated by repeated linear interpolation of four coefficients (de Boor's algorithm on a uniform grid; C. de Boor, "A Practical
/// Guide to Splines", 1978, chapter X).
public struct CubicSpline: Sendable, Hashable, Codable {
  /// Where the spline is curved.
  public let grid: SplineGrid
  /// G + 3 numbers.
  public private(set) var coefficients: [Double]

  /// - Throws: `SplineError.coefficientCount` and `.notFinite`.
  public init(grid: SplineGrid, coefficients: [Double]) throws(SplineError) {
    guard coefficients.count == grid.coefficientCount else {
      throw .coefficientCount(found: coefficients.count, expected: grid.coefficientCount)
    }
    guard coefficients.allSatisfy(\.isFinite) else { throw .notFinite(what: "the coefficients of a spline") }
    self.grid = grid
    self.coefficients = coefficients
  }

  /// Reads a spline from a file.
  ///
  /// - Throws: `SplineError.coefficientCount` and `.notFinite`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      grid: container.decode(SplineGrid.self, forKey: .grid), coefficients: container.decode([Double].self, forKey: .coefficients))
  }

  /// The straight line offset + slope · x.
  public init(line slope: Double, offset: Double, on grid: SplineGrid) {
    self.grid = grid
    coefficients = grid.coefficients(offset: offset, slope: slope)
  }

  /// Replaces the coefficients by as many others.
  public mutating func set(_ values: some Collection<Double>) {
    precondition(values.count == coefficients.count, "a spline keeps its number of coefficients")
    coefficients = Array(values)
  }

  /// The value, slope and curvature at a position.
  public func evaluate(_ x: Double) -> CurvePoint {
    let (i, t, outside) = grid.locate(x)
    let c = (coefficients[i], coefficients[i + 1], coefficients[i + 2], coefficients[i + 3])
    let d = (lerp(c.0, c.1, (t + 2) / 3), lerp(c.1, c.2, (t + 1) / 3), lerp(c.2, c.3, t / 3))
    let e = (lerp(d.0, d.1, (t + 1) / 2), lerp(d.1, d.2, t / 2))
    let slope = 3 * (e.1 - e.0) / grid.step
    if outside != 0 { return CurvePoint(value: lerp(e.0, e.1, t) + slope * outside, slope: slope, curvature: 0) }
    let curvature = 3 * (d.2 - 2 * d.1 + d.0) / (grid.step * grid.step)
    return CurvePoint(value: lerp(e.0, e.1, t), slope: slope, curvature: curvature)
  }

  /// The value alone at a position.
  public func value(at x: Double) -> Double { evaluate(x).value }

  /// The cubic Bézier form of one interval.
  public func bezier(interval i: Int) -> BernsteinCurve {
    let c = coefficients[i..<i + 4].map { $0 }
    let start = grid.lower + Double(i) * grid.step
    return BernsteinCurve(
      lower: start, upper: start + grid.step,
      coefficients: [
        (c[0] + 4 * c[1] + c[2]) / 6, (2 * c[1] + c[2]) / 3, (c[1] + 2 * c[2]) / 3, (c[1] + 4 * c[2] + c[3]) / 6,
      ])
  }

  /// A range that holds every value on the grid, proved by Bernstein coefficients.
  ///
  /// - Parameter halvings: How often each interval is halved before its coefficients are read; more is tighter.
  public func bounds(halvings: Int = 0) -> ClosedRange<Double> {
    (0..<grid.intervals).map { bezier(interval: $0).bounds(halvings: halvings) }.reduce(nil, union) ?? 0...0
  }

  /// No slope, on the grid or beyond it, is steeper: the slope is a mean of the coefficients' differences.
  public var slopeBound: Double {
    zip(coefficients.dropFirst(), coefficients).map { abs($0 - $1) }.max().map { $0 / grid.step } ?? 0
  }

  /// A range that holds every value on an interval that may reach beyond the grid.
  public func bounds(on range: ClosedRange<Double>, halvings: Int = 0) -> ClosedRange<Double> {
    var result = value(at: range.lowerBound)...value(at: range.lowerBound)
    let end = value(at: range.upperBound)
    result = union(result, end...end)
    let first = grid.locate(range.lowerBound).interval
    let last = grid.locate(range.upperBound).interval
    guard range.upperBound > grid.lower, range.lowerBound < grid.upper else { return result }
    for interval in first...last { result = union(result, bezier(interval: interval).bounds(halvings: halvings)) }
    return result
  }
}

/// The smallest range that holds both.
func union(_ a: ClosedRange<Double>?, _ b: ClosedRange<Double>) -> ClosedRange<Double> {
  guard let a else { return b }
  return min(a.lowerBound, b.lowerBound)...max(a.upperBound, b.upperBound)
}
