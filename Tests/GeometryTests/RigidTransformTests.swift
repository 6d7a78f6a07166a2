import Foundation
import Testing

@testable import Geometry

@Suite struct RigidTransformTests {
  private func distance(_ a: Matrix3, _ b: Matrix3) -> Double { (a - b).frobeniusNorm }

  @Test func singularValuesRebuildTheMatrixWithOrthogonalFactors() {
    var noise = Noise()
    for _ in 0..<2000 {
      let matrix = noise.matrix()
      let s = SingularValues3(matrix)
      #expect(distance(s.left * Matrix3(diagonal: s.values) * s.right.transposed, matrix) < 1e-14)
      #expect(distance(s.left.transposed * s.left, .identity) < 1e-14)
      #expect(distance(s.right.transposed * s.right, .identity) < 1e-14)
      #expect(s.values.x >= s.values.y && s.values.y >= s.values.z && s.values.z >= 0)
    }
  }

  @Test func singularValuesOfDeficientMatricesKeepOrthogonalFactors() {
    let u = Vector3(0.36, 0.48, 0.8)
    let v = Vector3(1, -2, 2)
    for matrix in [
      Matrix3.zero, Matrix3(outer: u, v), Matrix3(diagonal: Vector3(0, 3, 0)), Matrix3(columns: u, v, u + v),
      Matrix3(columns: u, .zero, v),
    ] {
      let s = SingularValues3(matrix)
      #expect(distance(s.left * Matrix3(diagonal: s.values) * s.right.transposed, matrix) < 1e-14)
      #expect(distance(s.left.transposed * s.left, .identity) < 1e-13)
      #expect(distance(s.right.transposed * s.right, .identity) < 1e-13)
    }
    #expect(SingularValues3(Matrix3(outer: u, v)).values.x.isNear(3))
  }

  @Test func nearestRotationUndoesNoiseAndNeverReflects() {
    var noise = Noise()
    for _ in 0..<500 {
      let rotation = noise.quaternion().rotation
      #expect(rotation.rotationDefect < 1e-14)
      #expect(distance((rotation + noise.matrix() * 1e-7).nearestRotation, rotation) < 1e-6)
      #expect(noise.matrix().nearestRotation.rotationDefect < 1e-13)
    }
  }

  @Test func quaternionAndMatrixAreTwoNamesOfOneRotation() {
    var noise = Noise()
    for _ in 0..<2000 {
      let a = noise.quaternion()
      let b = noise.quaternion()
      #expect(distance(Quaternion(rotation: a.rotation).rotation, a.rotation) < 1e-14)
      #expect(distance((a * b).rotation, a.rotation * b.rotation) < 1e-14)
      #expect(distance((a * a.conjugate).rotation, .identity) < 1e-14)
    }
    // Half turns have w = 0: the other components must carry the rotation.
    for axis in [Vector3(1, 0, 0), Vector3(0, 1, 0), Vector3(0, 0, 1), Vector3(0.6, 0.8, 0)] {
      let half = Quaternion(x: axis.x, y: axis.y, z: axis.z, w: 0)
      #expect(distance(Quaternion(rotation: half.rotation).rotation, half.rotation) < 1e-15)
      #expect(half.rotationAngle.isNear(.pi))
    }
    // A quarter turn about z takes x to y.
    let quarter = Quaternion(x: 0, y: 0, z: 0.5.squareRoot(), w: 0.5.squareRoot())
    #expect((quarter.rotation * Vector3(1, 0, 0) - Vector3(0, 1, 0)).length < 1e-15)
  }

  @Test func transformsActOnPoints() {
    var noise = Noise()
    for _ in 0..<500 {
      let a = RigidTransform(quaternion: noise.quaternion(), translation: noise.vector())
      let b = RigidTransform(quaternion: noise.quaternion(), translation: noise.vector())
      let p = noise.vector()
      #expect(((a * b) * p - a * (b * p)).length < 1e-14)
      #expect((a.inverse * (a * p) - p).length < 1e-14)
      #expect((a.relative(to: b) * p - a.inverse * (b * p)).length < 1e-14)
    }
  }

  @Test func smallAnglesKeepTheirDigits() {
    let half = 5e-9
    let tiny = RigidTransform(quaternion: Quaternion(x: half, y: 0, z: 0, w: 1), translation: .zero)
    #expect(tiny.rotationAngle.isNear(1e-8, relative: 1e-7))
  }

  @Test func theAngleIsThatOfTheTrace() {
    var noise = Noise()
    for _ in 0..<500 {
      let transform = noise.transform()
      // trace R = 1 + 2 cos θ; the arc cosine is exact enough away from 0 and π.
      let cosine = (transform.rotation.trace - 1) / 2
      guard abs(cosine) < 0.99 else { continue }
      #expect(transform.rotationAngle.isWithin(1e-12, of: acos(cosine)))
    }
  }

  @Test func everyLargestComponentOfAQuaternionIsRead() {
    // One rotation for each branch of Shepperd's method, by hand: 120° about the diagonal and three half turns but for a bit.
    for components in [(0.5, 0.5, 0.5, 0.5), (0.9, 0.1, 0.1, 0.1), (0.1, 0.9, 0.1, 0.1), (0.1, 0.1, 0.9, 0.1)] {
      let raw = Quaternion(x: components.0, y: components.1, z: components.2, w: components.3)
      guard let q = raw.normalized else { continue }
      let back = Quaternion(rotation: q.rotation)
      #expect(max(abs(back.x - q.x), abs(back.y - q.y), abs(back.z - q.z), abs(back.w - q.w)) < 1e-15)
    }
    // The diagonal turn permutes the axes: x to y to z.
    let diagonal = Quaternion(x: 0.5, y: 0.5, z: 0.5, w: 0.5)
    #expect((diagonal.rotation * Vector3(1, 2, 3) - Vector3(3, 1, 2)).length < 1e-15)
  }

  @Test func aQuaternionAndItsNegativeAreOneRotation() throws {
    let q = Quaternion(x: 0.1, y: -0.7, z: 0.2, w: -0.5)
    let normalized = try #require(q.normalized)
    #expect(normalized.w > 0 && normalized.length.isNear(1))
    #expect(distance(q.rotation, normalized.rotation) < 1e-15)
    #expect(q.rotationAngle.isNear(normalized.rotationAngle))
    #expect(Quaternion(x: 0, y: 0, z: 0, w: 0).normalized == nil)
    #expect(Quaternion(x: 0, y: 0, z: 0, w: 0).rotation == .identity)
    #expect(Quaternion(x: .nan, y: 0, z: 0, w: 1).normalized == nil)
  }

  /// The nearest rotation is a minimum: no small turn of it comes nearer to the matrix.
  @Test func noNeighbourIsNearerThanTheNearestRotation() {
    var noise = Noise()
    for _ in 0..<200 {
      let matrix = noise.matrix() + .identity
      let nearest = matrix.nearestRotation
      for _ in 0..<10 {
        let turn = Quaternion(x: noise.next() * 1e-3, y: noise.next() * 1e-3, z: noise.next() * 1e-3, w: 1).rotation
        #expect(distance(nearest * turn, matrix) >= distance(nearest, matrix) - 1e-12)
      }
    }
  }

  @Test(arguments: [1e-150, 1e-60, 1, 1e60, 1e90, 1e150])
  func singularValuesScaleWithTheMatrix(factor: Double) {
    var noise = Noise()
    for _ in 0..<50 {
      let matrix = noise.matrix()
      let (plain, scaled) = (SingularValues3(matrix), SingularValues3(matrix * factor))
      #expect(scaled.values.x.isNear(plain.values.x * factor, relative: 1e-13))
      #expect(scaled.values.z.isWithin(1e-14 * plain.values.x * factor, of: plain.values.z * factor))
      #expect(distance(scaled.left.transposed * scaled.left, .identity) < 1e-13)
      let product = scaled.left * Matrix3(diagonal: scaled.values) * scaled.right.transposed
      #expect(distance(product * (1 / factor), matrix) < 1e-13)
    }
  }

  @Test func matricesThatAreNotFiniteStillComeToAnEnd() {
    for value in [Double.nan, .infinity] {
      let s = SingularValues3(Matrix3(diagonal: Vector3(value, 1, 1)))
      #expect(!s.values.isFinite)
    }
  }

  @Test func aPathIsAsLongAsItsSteps() {
    let positions = [Vector3(0, 0, 0), Vector3(3, 4, 0), Vector3(3, 4, 12), Vector3(3, 4, 12)]
    let trajectory = Trajectory(
      poses: positions.map { RigidTransform(rotation: .identity, translation: $0) }, times: [0, 1, 2, 3])
    #expect(trajectory.pathLength == 17)
    let part = trajectory.selecting([2, 0])
    #expect(part.poses.map(\.translation) == [positions[2], positions[0]])
    #expect(part.times == [2, 0])
    #expect(Trajectory(poses: []).pathLength == 0)
  }
}
