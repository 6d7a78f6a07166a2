import Testing

@testable import Geometry

@Suite struct GroupLawTests {
  @Test func rigidTransformsAreAGroup() {
    let group = Group<RigidTransform>(
      identity: .identity, compose: { $0 * $1 }, invert: \.inverse,
      distance: { ($0.rotation - $1.rotation).frobeniusNorm + ($0.translation - $1.translation).length })
    var noise = Noise()
    for _ in 0..<500 { group.expectLaws((noise.transform(), noise.transform(), noise.transform()), tolerance: 1e-14) }
  }

  @Test func unitQuaternionsAreAGroup() {
    let group = Group<Quaternion>(
      identity: .identity, compose: { $0 * $1 }, invert: \.conjugate,
      distance: { max(abs($0.x - $1.x), abs($0.y - $1.y), abs($0.z - $1.z), abs($0.w - $1.w)) })
    var noise = Noise()
    for _ in 0..<500 { group.expectLaws((noise.quaternion(), noise.quaternion(), noise.quaternion()), tolerance: 1e-14) }
  }

  @Test func rotationMatricesAreAGroup() {
    let group = Group<Matrix3>(
      identity: .identity, compose: { $0 * $1 }, invert: \.transposed, distance: { ($0 - $1).frobeniusNorm })
    var noise = Noise()
    for _ in 0..<500 {
      let rotations = (noise.quaternion().rotation, noise.quaternion().rotation, noise.quaternion().rotation)
      group.expectLaws(rotations, tolerance: 1e-14)
    }
  }

  @Test func rotationsOfThePlaneAreTheirAngles() {
    let group = Group<Double>(
      identity: 0, compose: { Angle.wrappedHeading($0 + $1) }, invert: { -$0 },
      distance: { abs(Angle.headingDifference(from: $0, to: $1)) })
    var noise = Noise()
    for _ in 0..<500 {
      let (a, b) = (noise.next(in: -9...9), noise.next(in: -9...9))
      group.expectLaws((a, b, noise.next(in: -9...9)), tolerance: 1e-14)
      let (product, sum) = (Matrix2(rotation: a) * Matrix2(rotation: b), Matrix2(rotation: a + b))
      let p = noise.point()
      #expect((product * p - sum * p).length < 1e-14)
      #expect(product.determinant.isNear(1))
    }
  }

  /// Inverses of maps with entries from 10⁻⁴ to 20 lose a few digits, so maps are told apart by where they take the corners of a
  /// picture, in pixels.
  @Test func homographiesAreAGroup() throws {
    let corners = [Point(0, 0), Point(640, 0), Point(640, 360), Point(0, 360)]
    let group = Group<Homography>(
      identity: .identity, compose: { $0 * $1 }, invert: { $0.inverse ?? .identity },
      distance: { a, b in corners.map { (a.apply($0) - b.apply($0)).length }.max() ?? 0 })
    var noise = Noise()
    for _ in 0..<500 { group.expectLaws((noise.homography(), noise.homography(), noise.homography()), tolerance: 1e-9) }
  }
}
