import Testing

@testable import Splines

@Suite struct BernsteinCurveTests {
  private let curve = BernsteinCurve(lower: 0, upper: 1, coefficients: [0, 1, -0.5, 2, 0.75])

  /// In powers of t this curve is 4t - 15t² + 26t³ - 14.25t⁴.
  private func exact(_ t: Double) -> CurvePoint {
    CurvePoint(
      value: t * (4 + t * (-15 + t * (26 - 14.25 * t))), slope: 4 + t * (-30 + t * (78 - 57 * t)),
      curvature: -30 + t * (156 - 171 * t))
  }

  @Test func agreesWithThePolynomialInPowers() {
    for t in [0, 0.1, 0.25, 0.5, 0.8, 1] {
      let point = curve.evaluate(t)
      #expect(abs(point.value - exact(t).value) < 1e-13)
      #expect(abs(point.slope - exact(t).slope) < 1e-12)
      #expect(abs(point.curvature - exact(t).curvature) < 1e-11)
    }
    // Known values: .4130859375 and .609375.
    #expect(abs(curve.evaluate(0.25).value - 0.4130859375) < 1e-15)
    #expect(abs(curve.evaluate(0.5).value - 0.609375) < 1e-15)
  }

  @Test func goesOnAlongItsTangents() {
    #expect(abs(curve.evaluate(-0.5).value + 2) < 1e-13)
    #expect(abs(curve.evaluate(1.2).value - (0.75 - 5 * 0.2)) < 1e-13)
    #expect(curve.evaluate(1.2).curvature == 0)
  }

  @Test func weightsAreTheGradientAlsoOutside() {
    for t in [-0.4, 0, 0.3, 1, 1.7] {
      let weights = curve.weights(at: t)
      for j in 0..<5 {
        var unit = [Double](repeating: 0, count: 5)
        unit[j] = 1
        #expect(abs(weights[j] - BernsteinCurve(lower: 0, upper: 1, coefficients: unit).evaluate(t).value) < 1e-13)
      }
    }
  }

  @Test func elevationAndHalvesAreTheSameCurve() {
    let elevated = curve.elevated
    let (left, right) = curve.halves
    #expect(left.coefficients == [0, 0.5, 0.375, 0.4375, 0.609375])
    #expect(right.coefficients == [0.609375, 0.78125, 1.0625, 1.375, 0.75])
    for step in 0...20 {
      let t = Double(step) / 20
      #expect(abs(elevated.evaluate(t).value - curve.evaluate(t).value) < 1e-14)
      #expect(abs((t <= 0.5 ? left : right).evaluate(t).value - curve.evaluate(t).value) < 1e-14)
    }
  }

  /// The true range is [0, 1.0917]; the hull is [-.5, 2], and eight parts give [0, 1.1029].
  @Test func boundsTightenTowardsTheTrueRange() {
    #expect(curve.bounds() == -0.5...2)
    let eight = curve.bounds(halvings: 3)
    #expect(eight.lowerBound == 0 && abs(eight.upperBound - 1.1029) < 5e-5)
    #expect(curve.bounds(halvings: 8).upperBound < 1.0919)
  }
}
