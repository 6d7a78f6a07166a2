import Foundation
import Geometry
import TestSupport
import Testing

@testable import Odometry

@Suite struct GeometryStepsTests {
  private func place(_ camera: RigidTransform, _ point: Vector3) -> Vector3 {
    let seen = camera * point
    return Vector3(seen.x / seen.z, seen.y / seen.z, 1)
  }

  @Test func raysMeetInTheirPoint() throws {
    let point = Vector3(0.5, -0.3, 6)
    let cameras = [
      RigidTransform.identity, RigidTransform(rotationVector: Vector3(0.01, 0.05, 0), translation: Vector3(-0.5, 0.1, 0)),
      RigidTransform(rotationVector: Vector3(0, -0.03, 0.02), translation: Vector3(0.1, 0, -1)),
    ]
    let rays = cameras.map { PointTriangulation.Ray(cameraFromWorld: $0, place: place($0, point)) }
    let found = try #require(PointTriangulation.point(of: rays, leastAngle: 0.01, tolerance: 1e-3))
    #expect((found - point).length < 1e-9)
    #expect(PointTriangulation.point(of: rays, leastAngle: 0.5, tolerance: 1e-3) == nil)
    let behind = rays.map { PointTriangulation.Ray(cameraFromWorld: $0.cameraFromWorld, place: $0.place * -1) }
    #expect(PointTriangulation.point(of: behind, leastAngle: 0.01, tolerance: 1e-3) == nil)
  }

  @Test func aPoseIsFoundAmongWrongPoints() throws {
    var random = TestRandom(seed: 5)
    let truth = RigidTransform(rotationVector: Vector3(0.1, -0.2, 0.05), translation: Vector3(0.3, -0.1, 0.8))
    let right = RigidTransform(rotation: .identity, translation: Vector3(-0.4, 0, 0))
    var sights = (0..<100).map { _ -> PoseRefinement.Sight in
      let point = Vector3(random.uniform(-3, 3), random.uniform(-2, 2), random.uniform(4, 20))
      return PoseRefinement.Sight(point: point, left: place(truth, point), right: place(right * truth, point))
    }
    for index in 0..<10 { sights[index].left = sights[index].left + Vector3(0.05, 0.02, 0) }
    let start = RigidTransform(rotationVector: Vector3(0.12, -0.22, 0.05), translation: Vector3(0.2, 0, 0.7))
    let found = try #require(PoseRefinement(scale: 1e-4, rightFromLeft: right).refined(start, sights))
    #expect(truth.inverse.relative(to: found.cameraFromWorld.inverse).translation.length < 5e-3)
    #expect(truth.inverse.relative(to: found.cameraFromWorld.inverse).rotationAngle < 1e-3)
    #expect(PoseRefinement(scale: 1e-4, rightFromLeft: nil).refined(start, Array(sights.prefix(2))) == nil)
  }

  @Test func aTurnIsFoundBesideRaysThatMove() {
    var random = TestRandom(seed: 6)
    let turn = Quaternion(rotationVector: Vector3(0.02, 0.1, -0.03)).rotation
    let first = (0..<60).map { _ in Vector3(random.uniform(-0.6, 0.6), random.uniform(-0.4, 0.4), 1) }
    let second = first.enumerated().map { index, ray in
      let turned = turn * ray
      return Vector3(turned.x / turned.z + (index < 6 ? 0.1 : 0), turned.y / turned.z, 1)
    }
    let found = RotationFit.rotation(from: first, to: second, tolerance: 1e-6)
    #expect((found - turn).frobeniusNorm < 1e-6)
    #expect(RotationFit.medianAngle(first, second, after: found) < 1e-6)
  }

  /// The deviations that are told are those that many trials show.
  @Test func deviationsAreThoseOfManyTrials() throws {
    var random = TestRandom(seed: 7)
    let points = (0..<80).map { _ in Vector3(random.uniform(-3, 3), random.uniform(-2, 2), random.uniform(4, 20)) }
    let noise = 1e-3
    var squares = [Double](repeating: 0, count: 6)
    var told = [Double](repeating: 0, count: 6)
    let trials = 300
    for _ in 0..<trials {
      let sights = points.map { point in
        PoseRefinement.Sight(
          point: point, left: place(.identity, point) + Vector3(noise * random.normal(), noise * random.normal(), 0), right: nil)
      }
      let (pose, deviations) = try #require(PoseRefinement(scale: 1, rightFromLeft: nil).refined(.identity, sights))
      let turn = pose.quaternion.rotationVector
      for (axis, value) in [turn.x, turn.y, turn.z, pose.translation.x, pose.translation.y, pose.translation.z].enumerated() {
        squares[axis] += value * value
        told[axis] += deviations[axis] / Double(trials)
      }
    }
    // A variance of 300 trials is known to 8 per cent.
    for axis in 0..<6 { #expect(abs((squares[axis] / Double(trials)).squareRoot() / told[axis] - 1) < 0.15) }
  }
}
