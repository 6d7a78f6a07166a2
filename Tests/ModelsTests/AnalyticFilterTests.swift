import Testing

@testable import Models

@Suite("Analytic filters are derivatives of a B-spline")
struct AnalyticFilterTests {
  @Test func theSplineHasItsPublishedValues() {
    // Unser, Aldroubi and Eden 1993, table I: the samples of the cubic and of the quintic spline at the integers.
    for (x, value) in [(-1.0, 1.0 / 6), (0, 4.0 / 6), (1, 1.0 / 6), (2, 0)] {
      #expect(abs(AnalyticFilters.spline(degree: 3, at: x) - value) < 1e-12)
    }
    for (x, value) in [(0.0, 66.0 / 120), (1, 26.0 / 120), (2, 1.0 / 120), (3, 0)] {
      #expect(abs(AnalyticFilters.spline(degree: 5, at: x) - value) < 1e-12)
    }
  }

  @Test func derivativesAreTheLimitOfDifferences() {
    let step = 1e-4
    for order in 1...3 {
      for x in [-2.3, -1.0, -0.2, 0.4, 1.7] {
        let (above, below) = (
          AnalyticFilters.derivative(order: order - 1, at: x + step), AnalyticFilters.derivative(order: order - 1, at: x - step)
        )
        #expect(abs(AnalyticFilters.derivative(order: order, at: x) - (above - below) / (2 * step)) < 1e-6)
      }
    }
  }

  /// A derivative of order (i, j) takes the polynomial xⁱ yʲ to a constant and all others of up to that order to zero.
  @Test func filtersSeeTheirOwnPolynomialAlone() {
    let weights = AnalyticFilters.stem()
    let orders = (0...3).flatMap { total in (0...total).map { (total - $0, $0) } }
    func response(_ filter: Int, _ power: (Int, Int)) -> Double {
      var sum = 0.0
      for y in 0..<5 {
        for x in 0..<5 {
          func raised(_ base: Int, _ exponent: Int) -> Double { (0..<exponent).reduce(1.0) { value, _ in value * Double(base) } }
          sum += weights[filter * 75 + y * 5 + x] * raised(x - 2, power.0) * raised(y - 2, power.1)
        }
      }
      return sum
    }
    for (filter, own) in orders.enumerated() where own.0 + own.1 > 0 {
      for other in orders where other.0 + other.1 <= own.0 + own.1 {
        let value = response(filter, other)
        // Samples at the integers of a quintic spline reproduce polynomials of the fifth order.
        #expect(other == own ? abs(value) > 0.05 : abs(value) < 1e-9, "\(own) on \(other): \(value)")
      }
    }
  }
}
