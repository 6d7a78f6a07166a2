import Foundation
import Geometry
import Splines
import TestSupport
import Testing

@testable import Motion

@Suite struct LearnedMotionTests {
  /// A motion whose curves are waves of several hundredths to tenths per second.
  static func waves(strength: Double = 0.15, seesTrend: Bool = false) throws -> LearnedMotion {
    let grids = [
      try SplineGrid(lower: 0.1, upper: 3, intervals: 5), try SplineGrid(lower: 0, upper: 1, intervals: 5),
      try SplineGrid(lower: -1, upper: 1, intervals: 5), try SplineGrid(lower: -1, upper: 1, intervals: 5),
    ]
    var law = LearnedMotion(
      unit: .length, fading: 4, grids: grids, floorSpeed: 0.1, memorySeconds: 1.6, noise: 0.3, relativeError: 0,
      absoluteError: 0.05,
      initialSpeed: 2)
    law.curves.constants[1] = -0.4
    law.alongNoise = 0.5
    if seesTrend {
      law = law.seeingTrend(Array(grids[1...2]))
      law.curves.constants[3] = 0.2
    }
    for output in law.curves.outputs {
      law.curves[output] = (0..<law.curves.count).map { strength * sin(1.7 * Double($0) + Double(output.rawValue)) / 4 }
    }
    return law
  }

  /// dv/dt = −v/τ and no curves: x = τ (1 − e^(−t/τ)) v, to the error of Euler's steps, which is first order in them.
  @Test func withoutCurvesTheVelocityFadesByItsTimeConstant() throws {
    var law = try Self.waves(strength: 0)
    law.curves.constants[1] = 0
    var memory = MotionMemory()
    var (place, velocity) = (Point.zero, Point(2, -1))
    for _ in 0..<400 {
      let step = law.advance(velocity: velocity, memory: &memory, seconds: 0.01, share: 1, growth: 0, unit: 1)
      place += step.way
      velocity = step.velocity
    }
    let way = 4 * (1 - exp(-1.0))
    #expect(abs(place.x - 2 * way) < 0.01)
    #expect(abs(place.y + way) < 0.005)
    #expect(abs(velocity.x - 2 * exp(-1.0)) < 0.002)
  }

  @Test(arguments: [Point(1.3, 0.4), Point(0.02, -0.01), Point(-2.2, 1.1), Point(9, -4)], [false, true])
  func theTransitionIsTheCentralDifferenceOfTheStep(velocity: Point, seesTrend: Bool) throws {
    let law = try Self.waves(seesTrend: seesTrend)
    var memory = MotionMemory()
    memory.mean = Point(0.7, 0.6)
    memory.trend = Point(-0.2, 0.3)
    memory.age = 1
    func end(_ v: Point) -> (way: Point, velocity: Point) {
      var memory = memory
      let step = law.advance(velocity: v, memory: &memory, seconds: 0.7, share: 0.8, growth: 0.3, unit: 1.5)
      return (step.way, step.velocity)
    }
    var copy = memory
    let found = law.advance(velocity: velocity, memory: &copy, seconds: 0.7, share: 0.8, growth: 0.3, unit: 1.5).transition
    let h = 1e-6
    let (right, left) = (end(velocity + Point(h, 0)), end(velocity - Point(h, 0)))
    let (up, down) = (end(velocity + Point(0, h)), end(velocity - Point(0, h)))
    let reach = ((right.way - left.way) / (2 * h), (up.way - down.way) / (2 * h))
    let persistence = ((right.velocity - left.velocity) / (2 * h), (up.velocity - down.velocity) / (2 * h))
    for (value, expected) in [
      (found.reach.a, reach.0.x), (found.reach.c, reach.0.y), (found.reach.b, reach.1.x), (found.reach.d, reach.1.y),
      (found.persistence.a, persistence.0.x), (found.persistence.c, persistence.0.y), (found.persistence.b, persistence.1.x),
      (found.persistence.d, persistence.1.y),
    ] { #expect(abs(value - expected) < 1e-6) }
  }

  /// F P Fᵀ + Q with plain 4×4 loops.
  @Test func theCovarianceIsThatOfAPlainMatrixProduct() throws {
    let law = try Self.waves()
    var motion = PlanarMotion(
      position: .zero, velocity: Point(1, 0.5), positionCovariance: SymmetricMatrix2(xx: 2, xy: 0.3, yy: 1),
      crossCovariance: Matrix2(0.2, -0.1, 0.4, 0.3), velocityCovariance: SymmetricMatrix2(xx: 1.5, xy: -0.2, yy: 2))
    let before = Self.matrix(motion)
    var memory = MotionMemory()
    var copy = memory
    let step = law.advance(velocity: motion.velocity, memory: &copy, seconds: 0.3, share: memory.share, growth: 0, unit: 1)
    let (r, b, q) = (step.transition.reach, step.transition.persistence, step.density)
    let f = Matrix([[1, 0, r.a, r.b], [0, 1, r.c, r.d], [0, 0, b.a, b.b], [0, 0, b.c, b.d]])
    let dt = 0.3
    var expected = f * before * f.transposed
    for (i, j, value) in [(0, 0, q.xx), (0, 1, q.xy), (1, 0, q.xy), (1, 1, q.yy)] {
      expected[i, j] += value * dt * dt * dt / 3
      expected[i, j + 2] += value * dt * dt / 2
      expected[i + 2, j] += value * dt * dt / 2
      expected[i + 2, j + 2] += value * dt
    }
    motion.predict(by: law, memory: &memory, seconds: dt, growth: 0, unit: 1)
    let found = Self.matrix(motion)
    for index in expected.values.indices { #expect(abs(found.values[index] - expected.values[index]) < 1e-12) }
  }

  @Test(arguments: [false, true]) func whatItAnswersIsTurnedWithTheWorld(seesTrend: Bool) throws {
    let law = try Self.waves(seesTrend: seesTrend)
    let turn = Matrix2(rotation: 0.8)
    var memory = MotionMemory()
    memory.mean = Point(0.3, 0.9)
    memory.trend = Point(0.4, -0.1)
    var turned = memory
    turned.transform(turn)
    let a = law.advance(velocity: Point(1, 0.2), memory: &memory, seconds: 0.5, share: 1, growth: 0.1, unit: 1)
    let b = law.advance(velocity: turn * Point(1, 0.2), memory: &turned, seconds: 0.5, share: 1, growth: 0.1, unit: 1)
    #expect((turn * a.way - b.way).length < 1e-12)
    #expect((turn * a.velocity - b.velocity).length < 1e-12)
  }

  @Test func halfTheRateGoesNearlyTheSameWay() throws {
    let law = try Self.waves()
    var ends: [Point] = []
    for seconds in [1.0 / 15, 1.0 / 30, 1.0 / 60] {
      var memory = MotionMemory()
      var (place, velocity) = (Point.zero, Point(1.2, -0.7))
      for _ in 0..<Int((2 / seconds).rounded()) {
        let step = law.advance(velocity: velocity, memory: &memory, seconds: seconds, share: 1, growth: 0, unit: 1)
        place += step.way
        velocity = step.velocity
      }
      ends.append(place)
    }
    // Euler's steps are of first order: halving them halves what they differ by, which is little of the way of some two units.
    let (coarse, fine) = ((ends[0] - ends[1]).length, (ends[2] - ends[1]).length)
    #expect(abs(coarse / fine - 2) < 0.2)
    #expect(coarse < 0.05)
  }

  /// Whatever the state, the outputs lie within the hull that the coefficients prove.
  @Test(arguments: [false, true]) func farOutsideItsDataItStaysWithinItsBounds(seesTrend: Bool) throws {
    let law = try Self.waves(seesTrend: seesTrend)
    var random = TestRandom(seed: 3)
    for _ in 0..<2000 {
      let far = SIMD8<Double>((0..<8).map { _ in Double.random(in: -1e6...1e6, using: &random) })
      let value = law.curves.evaluate(far).value
      for output in law.curves.outputs {
        #expect(law.curves.bounds(of: output).contains(value[output.rawValue]))
      }
    }
    #expect(law.curves.evaluate(SIMD8(repeating: .nan)).value[0].isFinite)
  }

  @Test(arguments: [false, true]) func whatIsCutToTheBoundsIsStableAndOtherwiseAsItWas(seesTrend: Bool) throws {
    let sound = try Self.waves(seesTrend: seesTrend)
    var law = sound
    law.lowerToBounds()
    #expect(law == sound)
    law = try Self.waves(strength: 2, seesTrend: seesTrend)
    #expect(law.problem?.contains("unstable") == true)
    let before = law.curves
    law.lowerToBounds()
    #expect(law.problem == nil)
    #expect(law.curves.bounds(of: .growth).upperBound <= LearnedMotion.mostGrowth)
    for output in law.curves.outputs {
      #expect(zip(law.curves[output], before[output]).allSatisfy { $0 <= $1 })
    }
  }

  @Test(arguments: [false, true]) func aMillionStepsLeaveTheCovariancePositiveDefinite(seesTrend: Bool) throws {
    let law = try Self.waves(seesTrend: seesTrend)
    var random = TestRandom(seed: 11)
    var point = PointMotion(.zero, law: law)
    var sound = true
    for step in 0..<1_000_000 {
      point.predict(by: law, seconds: step % 7 == 0 ? 0.5 : 0.04)
      if step % 5 != 0 {
        let angle = Double(step) * 1e-3
        let noise = Point(Double.random(in: -0.05...0.05, using: &random), Double.random(in: -0.05...0.05, using: &random))
        point.update(Point(5 * cos(angle), 5 * sin(angle)) + noise, law: law)
      }
      sound = sound && point.state.isSound && (step % 100 != 0 || point.state.determinant > 0)
    }
    #expect(sound)
  }

  @Test func timesThatStandStillOrRunBackChangeNothing() throws {
    let law = try Self.waves()
    var point = PointMotion(Point(1, 2), law: law)
    let before = point.state
    point.predict(by: law, seconds: 0)
    point.predict(by: law, seconds: -1)
    point.predict(by: law, seconds: .nan)
    #expect(point.state == before)
  }

  @Test func drawnWaysHaveTheForecastsCovariance() throws {
    var law = try Self.waves(strength: 0)
    law.curves.constants = SIMD4(0, 0, 0, 0)
    law.alongNoise = 0
    var point = PointMotion(.zero, law: law)
    for step in 1...8 {
      point.predict(by: law, seconds: 0.4)
      point.update(Point(0.4 * Double(step), 0), law: law)
    }
    let ahead = point.forecast(by: law, steps: Array(repeating: 0.4, count: 6))
    var random = TestRandom(seed: 5)
    var (sum, square) = (Point.zero, 0.0)
    let draws = 4000
    for _ in 0..<draws {
      let way = point.sample(by: law, steps: Array(repeating: 0.4, count: 6)) {
        (0..<12).reduce(-6.0) { sum, _ in sum + Double.random(in: 0..<1, using: &random) }
      }
      let error = way[5] - ahead[5].position
      sum += error
      square += error.y * error.y
    }
    let variance = ahead[5].positionCovariance.yy
    // Five standard errors of a mean and of a variance.
    #expect(abs(sum.y / Double(draws)) < 5 * (variance / Double(draws)).squareRoot())
    #expect(abs(square / Double(draws) / variance - 1) < 5 * (2 / Double(draws)).squareRoot())
  }

  static func matrix(_ m: PlanarMotion) -> Matrix {
    let (p, c, v) = (m.positionCovariance, m.crossCovariance, m.velocityCovariance)
    return Matrix([[p.xx, p.xy, c.a, c.b], [p.xy, p.yy, c.c, c.d], [c.a, c.c, v.xx, v.xy], [c.b, c.d, v.xy, v.yy]])
  }
}

extension PlanarMotion {
  /// The covariance's determinant by its Cholesky factor; 0 where there is none.
  fileprivate var determinant: Double {
    LearnedMotionTests.matrix(self).choleskyFactor.map { $0.diagonal.reduce(1, *) } ?? 0
  }
}
