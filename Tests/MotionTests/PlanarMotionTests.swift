import Geometry
import Testing

@testable import Motion

@Suite struct PlanarMotionTests {
  struct Reference: Decodable {
    struct Step: Decodable {
      let z: [Double]
      let x_pred: [Double]
      let S: [[Double]]
      let nis: Double
      let loglik: Double
      let x: [Double]
      let P_diag: [Double]
      let P_02: Double
    }
    let steps: [Step]
  }

  @Test(.enabled(if: TestVectors.isAvailable, "../shared/reference is not here"))
  func agreesWithTheReferenceFilter() throws {
    let reference = try TestVectors.section("kalman_cv_2d", as: Reference.self)
    let noise = SymmetricMatrix2(xx: 4, xy: 1, yy: 2)
    var motion = PlanarMotion(
      position: .zero, noise: .identity * 100, velocityCovariance: .identity * 25)
    for step in reference.steps {
      motion.predict(.piecewise(seconds: 1), acceleration: .identity * 0.25)
      expectClose(motion.state, step.x_pred)
      let z = Point(step.z[0], step.z[1])
      let innovation = motion.innovation(of: z, noise: noise)
      expectClose(
        [innovation.covariance.xx, innovation.covariance.xy, innovation.covariance.yy],
        [step.S[0][0], step.S[0][1], step.S[1][1]])
      expectClose([innovation.normalizedSquare, innovation.logLikelihood], [step.nis, step.loglik])
      motion.update(z, noise: noise)
      expectClose(motion.state, step.x)
      expectClose(
        [
          motion.positionCovariance.xx, motion.positionCovariance.yy, motion.velocityCovariance.xx,
          motion.velocityCovariance.yy, motion.crossCovariance.a,
        ], step.P_diag + [step.P_02])
    }
  }

  /// The closed-form gains of the alpha-beta filter (docs/motion-models.md, "Prediction").
  @Test(arguments: [(0.1, 0.36, 0.08), (0.5, 0.6283734572, 0.3048058984), (1, 0.75, 0.5), (2, 0.8541019662, 0.7639320225)])
  func settlesAtTheAlphaBetaGains(index: Double, alpha: Double, beta: Double) {
    let dt = 0.2
    let acceleration = index / (dt * dt)
    var motion = PlanarMotion(position: .zero, noise: .identity, velocityCovariance: .identity)
    for _ in 0..<400 {
      motion.predict(.piecewise(seconds: dt), acceleration: .identity * (acceleration * acceleration))
      motion.update(.zero, noise: .identity)
    }
    motion.predict(.piecewise(seconds: dt), acceleration: .identity * (acceleration * acceleration))
    let s = motion.positionCovariance.xx + 1
    #expect(abs(motion.positionCovariance.xx / s - alpha) < 1e-9)
    #expect(abs(motion.crossCovariance.a / s * dt - beta) < 1e-9)
  }
}

extension PlanarMotion {
  var state: [Double] { [position.x, position.y, velocity.x, velocity.y] }
}

func expectClose(
  _ a: [Double], _ b: [Double], within tolerance: Double = 1e-10, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(a.count == b.count, sourceLocation: sourceLocation)
  for (x, y) in zip(a, b) {
    #expect(abs(x - y) <= tolerance * max(1, abs(y)), "\(a) against \(b)", sourceLocation: sourceLocation)
  }
}
