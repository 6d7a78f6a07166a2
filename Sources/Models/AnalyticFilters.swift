/// Filters that are known before any training: derivatives of a smooth bump, sampled at the pixels.
public enum AnalyticFilters {
  /// Degree of the B-spline: the least one with a continuous third derivative in `support` samples.
  private static let degree = 5
  /// Samples of a side: the spline is zero beyond them.
  public static let support = 5
  /// Orders of derivatives of the grey picture: all of up to the third order.
  private static let greyOrders = (0...3).flatMap { total in (0...total).map { (x: total - $0, y: $0) } }
  /// Orders of derivatives of differences of colours.
  private static let colourOrders = [(x: 0, y: 0), (x: 1, y: 0), (x: 0, y: 1)]
  /// Grey, red against green, yellow against blue: what each makes of red, green and blue.
  private static let opponents: [[Double]] = [[1, 1, 1], [1, -1, 0], [0.5, 0.5, -1]]
  /// How many filters `stem` has.
  public static let stemCount = greyOrders.count + 2 * colourOrders.count

  /// The centred B-spline of a degree: Σ (−1)ᵏ C(n + 1, k) (x − k + (n + 1)/2)₊ⁿ / n! (Unser, Aldroubi and Eden 1993, "B-spline signal
  /// processing: part I", equation 2.2).
  static func spline(degree: Int, at x: Double) -> Double {
    var (sum, binomial, factorial) = (0.0, 1.0, 1.0)
    for k in 0...degree + 1 {
      let base = x - Double(k) + Double(degree + 1) / 2
      if base > 0 { sum += (k % 2 == 0 ? binomial : -binomial) * (0..<degree).reduce(1.0) { product, _ in product * base } }
      binomial = binomial * Double(degree + 1 - k) / Double(k + 1)
    }
    for k in 1...max(1, degree) { factorial *= Double(k) }
    return sum / factorial
  }

  /// A derivative of the spline: differences at ±½ of that of one degree less (the same paper, equation 2.4).
  static func derivative(order: Int, degree: Int = degree, at x: Double) -> Double {
    guard order > 0 else { return spline(degree: degree, at: x) }
    return derivative(order: order - 1, degree: degree - 1, at: x + 0.5)
      - derivative(order: order - 1, degree: degree - 1, at: x - 0.5)
  }

  /// Weights [stemCount, 3, support, support] of a first convolution over red, green and blue, each filter of norm one: derivatives of the
  /// grey picture, then of the two differences of colours.
  public static func stem() -> [Double] {
    let filters = [greyOrders, colourOrders, colourOrders].enumerated().flatMap { place, orders in
      orders.map { filter(orders: $0, colours: opponents[place]) }
    }
    return filters.flatMap { $0 }
  }

  private static func filter(orders: (x: Int, y: Int), colours: [Double]) -> [Double] {
    let places = (0..<support).map { Double($0 - support / 2) }
    let plane = places.flatMap { y in places.map { x in derivative(order: orders.x, at: x) * derivative(order: orders.y, at: y) } }
    let weights = colours.flatMap { colour in plane.map { $0 * colour } }
    let norm = weights.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return weights.map { $0 / norm }
  }
}
