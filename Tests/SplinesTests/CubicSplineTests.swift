import Testing

@testable import Splines

/// A slow second evaluation of a spline by the recursion of Cox and de Boor on explicit knots.
enum CoxDeBoor {
  static func basis(_ m: Int, degree: Int, _ x: Double, knots: [Double]) -> Double {
    if degree == 0 { return knots[m] <= x && x < knots[m + 1] ? 1 : 0 }
    let left = (x - knots[m]) / (knots[m + degree] - knots[m]) * basis(m, degree: degree - 1, x, knots: knots)
    let right =
      (knots[m + degree + 1] - x) / (knots[m + degree + 1] - knots[m + 1]) * basis(m + 1, degree: degree - 1, x, knots: knots)
    return left + right
  }

  static func value(_ spline: CubicSpline, _ x: Double) -> Double {
    let knots = (-3...spline.grid.intervals + 3).map { spline.grid.lower + Double($0) * spline.grid.step }
    return spline.coefficients.indices.reduce(0) { $0 + spline.coefficients[$1] * basis($1, degree: 3, x, knots: knots) }
  }
}

@Suite struct CubicSplineTests {
  /// A worked example: interval 2 at t = 0.2 has coefficients (.5, 1, .4, -.6), so d = (.8666667, .76, .3333333),
  /// e = (.8026667, .7173333), f = .7856, f' = 3 (e1 - e0)/h = -.512, f'' = 3 (d2 - 2 d1 + d0)/h² = -3.84. The other rows were
  /// worked out in the same way in double precision.
  static let grid = try! SplineGrid(lower: -1, upper: 1.5, intervals: 5)
  static let spline = try! CubicSpline(grid: grid, coefficients: [0.3, -0.2, 0.5, 1, 0.4, -0.6, -1.1, 0.2])
  static let worked: [(x: Double, f: Double, slope: Double, curvature: Double)] = [
    (-2, -0.2, 0.2, 0), (-0.9, 0.0421333333333333, 0.624, 3.68), (-0.5, 0.466666666666667, 1.2, -0.8),
    (-0.25, 0.722916666666667, 0.775, -2.6), (0, 0.816666666666667, -0.1, -4.4), (0.1, 0.7856, -0.512, -3.84),
    (0.33, 0.577627866666667, -1.24708, -2.552), (0.7, -0.00906666666666657, -1.776, -0.16), (1, -0.516666666666667, -1.5, 2),
    (1.25, -0.802083333333333, -0.675, 4.6), (1.4999, -0.800079964001733, 0.799280052, 7.19896), (2.3, -0.16, 0.8, 0),
  ]

  @Test func agreesWithTheWorkedExample() {
    for row in Self.worked {
      let point = Self.spline.evaluate(row.x)
      #expect(abs(point.value - row.f) < 1e-13)
      #expect(abs(point.slope - row.slope) < 1e-12)
      #expect(abs(point.curvature - row.curvature) < 1e-11)
    }
  }

  /// At t = 1/4: (27, 235, 121, 1)/384.
  @Test func weightsAtAQuarterAreTheKnownFractions() {
    let weights = Self.grid.weights(at: -1 + 0.5 * 1.25)
    #expect(weights.first == 1)
    let expected = SIMD4(27.0, 235, 121, 1) / 384
    for index in 0..<4 { #expect(abs(weights.value[index] - expected[index]) < 1e-15) }
  }

  @Test func agreesWithTheRecursionOfCoxAndDeBoor() {
    for step in 0..<500 {
      let x = -1 + 2.5 * (Double(step) + 0.5) / 500
      #expect(abs(Self.spline.value(at: x) - CoxDeBoor.value(Self.spline, x)) < 1e-13)
    }
  }

  @Test func derivativesAreTheLimitsOfDifferences() {
    let h = 1e-5
    for step in 0..<200 {
      let x = -2 + 4.5 * (Double(step) + 0.37) / 200
      let point = Self.spline.evaluate(x)
      let (before, after) = (Self.spline.evaluate(x - h), Self.spline.evaluate(x + h))
      #expect(abs((after.value - before.value) / (2 * h) - point.slope) < 1e-8)
      if abs(x + 1) > 2 * h, abs(x - 1.5) > 2 * h { #expect(abs((after.slope - before.slope) / (2 * h) - point.curvature) < 1e-3) }
    }
  }

  @Test func weightsAreTheGradientOfTheValueAlsoOutside() {
    for x in [-3.0, -1, -0.31, 0.77, 1.5, 2.9] {
      let weights = Self.grid.weights(at: x)
      var values = [Double](repeating: 0, count: 8)
      var slopes = values
      for index in 0..<4 {
        values[weights.first + index] = weights.value[index]
        slopes[weights.first + index] = weights.slope[index]
      }
      for m in 0..<8 {
        var unit = [Double](repeating: 0, count: 8)
        unit[m] = 1
        let point = try! CubicSpline(grid: Self.grid, coefficients: unit).evaluate(x)
        #expect(abs(values[m] - point.value) < 1e-14)
        #expect(abs(slopes[m] - point.slope) < 1e-14)
      }
      #expect(abs(weights.value.sum() - 1) < 1e-14)
      #expect(abs(weights.slope.sum()) < 1e-13)
    }
  }

  @Test func theSeamOfTheExtensionIsSmooth() {
    for (seam, side) in [(-1.0, -1e-9), (1.5, 1e-9)] {
      let (inside, outside) = (Self.spline.evaluate(seam - side), Self.spline.evaluate(seam + side))
      #expect(abs(inside.value - outside.value) < 1e-8)
      #expect(abs(inside.slope - outside.slope) < 1e-7)
    }
  }

  @Test func aLineIsReproducedEverywhere() {
    let line = CubicSpline(line: -0.7, offset: 0.2, on: Self.grid)
    for x in [-9.0, -1, 0.123, 1.5, 44] {
      #expect(abs(line.value(at: x) - (0.2 - 0.7 * x)) < 1e-12)
      #expect(abs(line.evaluate(x).slope + 0.7) < 1e-13)
    }
  }

  @Test func boundsHoldEveryValueAndTighten() {
    let values = (0...10_000).map { Self.spline.value(at: -1 + 2.5 * Double($0) / 10_000) }
    let loose = Self.spline.bounds()
    let tight = Self.spline.bounds(halvings: 6)
    #expect(loose.lowerBound <= tight.lowerBound && tight.upperBound <= loose.upperBound)
    #expect(tight.lowerBound <= values.min()! && values.max()! <= tight.upperBound)
    // The Bézier form of the intervals gives [-.9333, .8333]; the true range is [-.8472, .8178].
    #expect(abs(loose.lowerBound + 0.933333) < 1e-5 && abs(loose.upperBound - 0.833333) < 1e-5)
    #expect(tight.lowerBound > -0.85 && tight.upperBound < 0.82)
    #expect(abs(Self.spline.slopeBound - 2.6) < 1e-12)
    let wide = Self.spline.bounds(on: -4...5)
    for step in 0...1000 { #expect(wide.contains(Self.spline.value(at: -4 + 9 * Double(step) / 1000))) }
  }

  @Test func refusesWhatIsNoGridOrNoSpline() throws {
    #expect(throws: SplineError.invalidGrid(lower: 1, upper: 1, intervals: 4)) { try SplineGrid(lower: 1, upper: 1, intervals: 4) }
    #expect(throws: SplineError.self) { try SplineGrid(lower: 0, upper: .infinity, intervals: 4) }
    #expect(throws: SplineError.self) { try SplineGrid(lower: 0, upper: 1, intervals: 0) }
    #expect(throws: SplineError.coefficientCount(found: 3, expected: 8)) {
      try CubicSpline(grid: Self.grid, coefficients: [1, 2, 3])
    }
    #expect(throws: SplineError.self) {
      try CubicSpline(grid: Self.grid, coefficients: [0, 0, 0, .nan, 0, 0, 0, 0])
    }
  }
}

@Suite struct SplineFitTests {
  private let grid = try! SplineGrid(lower: -1, upper: 1.5, intervals: 5)

  @Test func aFitWithoutRidgeFindsTheSplineThatMadeTheData() throws {
    let x = (0..<60).map { -1 + 2.5 * Double($0) / 59 }
    let spline = CubicSplineTests.spline
    let fitted = try CubicSpline.fit(grid: grid, x: x, y: x.map { spline.value(at: $0) }, ridge: 0)
    for (a, b) in zip(fitted.coefficients, spline.coefficients) { #expect(abs(a - b) < 1e-10) }
  }

  /// A straight line has no second differences, so the heaviest ridge leaves the line of least squares, known in closed form.
  @Test func aHeavyRidgeGivesTheLineOfLeastSquares() throws {
    let x = [-0.9, -0.2, 0.1, 0.8, 1.4]
    let y = [1.0, 0.3, -0.5, 0.2, 2]
    let meanX = x.reduce(0, +) / 5
    let meanY = y.reduce(0, +) / 5
    let slope = zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) } / x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
    let fitted = try CubicSpline.fit(grid: grid, x: x, y: y, ridge: 1e6)
    for position in [-1.0, 0, 1.5] { #expect(abs(fitted.value(at: position) - (meanY + slope * (position - meanX))) < 1e-4) }
  }

  @Test func refusesPointsThatDoNotDetermineTheCurve() {
    #expect(throws: SplineError.self) { try CubicSpline.fit(grid: grid, x: [0], y: [1], ridge: 1) }
    #expect(throws: SplineError.self) { try CubicSpline.fit(grid: grid, x: [0, 0.1, 0.2], y: [1, 2, 3], ridge: 0) }
    #expect(throws: SplineError.self) { try CubicSpline.fit(grid: grid, x: [0, .nan], y: [1, 2], ridge: 1) }
  }
}
