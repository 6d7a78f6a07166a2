import Foundation
import Geometry
import Testing

@testable import Motion

@Suite struct BoxMotionTests {
  struct Reference: Decodable {
    let A: [[Double]]
    let t: [Double]
    let state_cx_cy_p_q_r: [Double]
    let mapped: [Double]
    let jacobian: [[Double]]
  }

  private func motion(_ state: [Double]) -> BoxMotion {
    BoxMotion(
      center: PlanarMotion(
        position: Point(state[0], state[1]), noise: SymmetricMatrix2(xx: 3, xy: 1, yy: 2),
        velocityCovariance: SymmetricMatrix2(xx: 30, xy: -5, yy: 20)),
      size: ScalarMotion(value: state[2], variance: 0.01, rateVariance: 0.1),
      form: PlanarMotion(
        position: Point(state[3], state[4]), noise: SymmetricMatrix2(xx: 0.02, xy: 0.005, yy: 0.03),
        velocityCovariance: .identity * 0.2))
  }

  @Test(.enabled(if: TestVectors.isAvailable, "../shared/reference is not here"))
  func movesWithAnAffineCameraAsTheReferenceDoes() throws {
    let reference = try TestVectors.section("camera_motion_affine_on_state", as: Reference.self)
    let (a, t) = (reference.A, reference.t)
    let homography = Homography(a[0][0], a[0][1], t[0], a[1][0], a[1][1], t[1], 0, 0, 1)
    var state = motion(reference.state_cx_cy_p_q_r)
    state.center.velocity = Point(7, -3)
    let old = state
    let isMoved = state.move(with: homography)
    #expect(isMoved)
    expectClose(
      [state.center.position.x, state.center.position.y, state.size.value, state.form.position.x, state.form.position.y],
      reference.mapped, within: 1e-9)
    let map = Matrix2(a[0][0], a[0][1], a[1][0], a[1][1])
    #expect(state.center.velocity == map * old.center.velocity)
    #expect(state.center.positionCovariance == map.transform(old.center.positionCovariance))
    let j = reference.jacobian
    let turn = Matrix2(j[3][3], j[3][4], j[4][3], j[4][4])
    let expected = turn.transform(old.form.positionCovariance)
    let found = state.form.positionCovariance
    expectClose([found.xx, found.xy, found.yy], [expected.xx, expected.xy, expected.yy], within: 1e-6)
    #expect(state.size.variance == old.size.variance)
  }

  /// The derivative of (q, r) against central differences, squares included.
  @Test(arguments: [(0.6, -0.3), (0, 0), (1e-6, 0), (2.5, 1), (-0.01, 0.02)])
  func theFormsDerivativeAgreesWithDifferences(q: Double, r: Double) throws {
    let map = Matrix2(1.1, -0.3, 0.2, 0.8)
    func mapped(_ q: Double, _ r: Double) throws -> Point {
      let shape = try #require(LogCovariance(map.transform(LogCovariance(p: 2, q: q, r: r).covariance)))
      return Point(shape.q, shape.r)
    }
    let h = 1e-5
    let byQ = (try mapped(q + h, r) - mapped(q - h, r)) / (2 * h)
    let byR = (try mapped(q, r + h) - mapped(q, r - h)) / (2 * h)
    let old = LogCovariance(p: 2, q: q, r: r)
    let new = try #require(LogCovariance(map.transform(old.covariance)))
    let found = try #require(BoxMotion.formDerivative(of: map, from: old, to: new))
    expectClose([found.a, found.b, found.c, found.d], [byQ.x, byR.x, byQ.y, byR.y], within: 1e-7)
  }

  @Test func aMapThatSendsTheBoxToInfinityIsRefusedAndChangesNothing() {
    var state = motion([100, 80, 5.2, 0.6, -0.3])
    let old = state
    // The line that goes to infinity runs through the box's centre.
    let isMoved = state.move(with: Homography(1, 0, 0, 0, 1, 0, -0.01, 0, 1))
    #expect(!isMoved)
    #expect(state == old)
  }

  /// ∫ rate·exp(−t/τ) dt = rate·τ·(1 − exp(−T/τ)), with the rate bounded first.
  @Test func theRestOfAShapesRatesFades() {
    var state = motion([0, 0, 3, 0.5, -0.2])
    state.size.rate = 0.4
    state.form.velocity = Point(-6, 8)
    let (time, tau) = (0.7, 0.2)
    let reach = tau * (1 - exp(-time / tau))
    let shape = state.shape(after: .fading(seconds: time, timeConstant: tau), mostRate: 1)
    expectClose([shape.p, shape.q, shape.r], [3 + 0.4 * reach, 0.5 - 0.6 * reach, -0.2 + 0.8 * reach], within: 1e-12)
  }
}
