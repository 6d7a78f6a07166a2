/// A polynomial on [lower, upper] by its Bernstein coefficients, with straight lines beyond.
///
/// With t = (x − lower)/(upper − lower) the value is the mean of c_K for K ~ Binomial(n, t), so it lies between the least and the greatest
/// coefficient: the coefficients prove bounds (G. Farin, "Curves and Surfaces for CAGD", 2002, chapter 5).
public struct BernsteinCurve: Sendable, Hashable, Codable {
  /// The left end of the polynomial's interval.
  public let lower: Double
  /// The right end, above `lower`.
  public let upper: Double
  /// n + 1 numbers for degree n.
  public private(set) var coefficients: [Double]

  /// A degree above this is no readable curve; a bound for what is read from files.
  public static let maximumDegree = 64

  /// The caller gives 1 to 65 finite coefficients and finite ends in rising order.
  public init(lower: Double, upper: Double, coefficients: [Double]) {
    precondition(lower < upper && !coefficients.isEmpty, "a Bernstein curve has an interval and coefficients")
    self.lower = lower
    self.upper = upper
    self.coefficients = coefficients
  }

  /// Reads a curve from a file.
  ///
  /// - Throws: `SplineError` for ends out of order, no coefficients or more than 65, or a number that is not finite.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    lower = try container.decode(Double.self, forKey: .lower)
    upper = try container.decode(Double.self, forKey: .upper)
    coefficients = try container.decode([Double].self, forKey: .coefficients)
    guard lower.isFinite, upper.isFinite, lower < upper else {
      throw SplineError.invalidGrid(lower: lower, upper: upper, intervals: 1)
    }
    guard (1...BernsteinCurve.maximumDegree + 1).contains(coefficients.count) else {
      throw SplineError.coefficientCount(found: coefficients.count, expected: BernsteinCurve.maximumDegree + 1)
    }
    guard coefficients.allSatisfy(\.isFinite) else { throw SplineError.notFinite(what: "the coefficients of a Bernstein curve") }
  }

  /// The polynomial's degree, one below the number of coefficients.
  public var degree: Int { coefficients.count - 1 }

  /// Replaces the coefficients by as many others.
  public mutating func set(_ values: some Collection<Double>) {
    precondition(values.count == coefficients.count, "a curve keeps its number of coefficients")
    coefficients = Array(values)
  }

  /// The value, slope and curvature, by de Casteljau's repeated linear interpolation.
  public func evaluate(_ x: Double) -> CurvePoint {
    let width = upper - lower
    let inside = min(max(x, lower), upper)
    let t = (inside - lower) / width
    var level = coefficients
    var curvature = 0.0
    var slope = 0.0
    let n = Double(degree)
    while level.count > 1 {
      if level.count == 3 { curvature = n * (n - 1) * (level[2] - 2 * level[1] + level[0]) / (width * width) }
      if level.count == 2 { slope = n * (level[1] - level[0]) / width }
      for j in 0..<level.count - 1 { level[j] = lerp(level[j], level[j + 1], t) }
      level.removeLast()
    }
    if inside == x { return CurvePoint(value: level[0], slope: slope, curvature: curvature) }
    return CurvePoint(value: level[0] + slope * (x - inside), slope: slope, curvature: 0)
  }

  /// The gradient of the value with respect to the coefficients.
  public func weights(at x: Double) -> [Double] {
    let inside = min(max(x, lower), upper)
    let t = (inside - lower) / (upper - lower)
    let lowerDegree = BernsteinCurve.basis(degree: degree - 1, t)
    var weights = BernsteinCurve.basis(degree: degree, t)
    guard inside != x, degree > 0 else { return weights }
    let factor = Double(degree) * (x - inside) / (upper - lower)
    for j in weights.indices {
      let left = j > 0 ? lowerDegree[j - 1] : 0
      let right = j < degree ? lowerDegree[j] : 0
      weights[j] += factor * (left - right)
    }
    return weights
  }

  /// The probabilities of 0 … n successes in n trials of probability t.
  private static func basis(degree: Int, _ t: Double) -> [Double] {
    guard degree >= 0 else { return [] }
    var basis = [1.0]
    for _ in 0..<degree {
      basis = zip(basis.map { $0 * (1 - t) } + [0], [0] + basis.map { $0 * t }).map { $0 + $1 }
    }
    return basis
  }

  /// The same curve with one coefficient more.
  public var elevated: BernsteinCurve {
    let n = Double(degree + 1)
    let values = (0...degree + 1).map { j in
      let share = Double(j) / n
      return (j > 0 ? share * coefficients[j - 1] : 0) + (j <= degree ? (1 - share) * coefficients[j] : 0)
    }
    return BernsteinCurve(lower: lower, upper: upper, coefficients: values)
  }

  /// The two halves of the curve: both edges of de Casteljau's triangle.
  public var halves: (BernsteinCurve, BernsteinCurve) {
    var level = coefficients
    var left = [level[0]]
    var right = [level[degree]]
    while level.count > 1 {
      for j in 0..<level.count - 1 { level[j] = lerp(level[j], level[j + 1], 0.5) }
      level.removeLast()
      left.append(level[0])
      right.append(level[level.count - 1])
    }
    let middle = lerp(lower, upper, 0.5)
    return (
      BernsteinCurve(lower: lower, upper: middle, coefficients: left),
      BernsteinCurve(lower: middle, upper: upper, coefficients: right.reversed())
    )
  }

  /// A range that holds every value on [lower, upper].
  ///
  /// - Parameter halvings: How often the curve is halved first, at most 10; the excess falls by four with each.
  public func bounds(halvings: Int = 0) -> ClosedRange<Double> {
    // An interval that cannot be halved any more has no middle between its ends.
    let middle = lerp(lower, upper, 0.5)
    guard halvings > 0, halvings <= 10, middle > lower, middle < upper else {
      return (coefficients.min() ?? 0)...(coefficients.max() ?? 0)
    }
    let (left, right) = halves
    return union(left.bounds(halvings: halvings - 1), right.bounds(halvings: halvings - 1))
  }
}
