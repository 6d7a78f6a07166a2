import Testing

@testable import Geometry

@Suite struct RigidTransformTests {
  /// Deterministic numbers in [−1, 1) (xorshift64*).
  struct Noise {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    mutating func next() -> Double {
      state ^= state >> 12
      state ^= state << 25
      state ^= state >> 27
      return Double(Int64(bitPattern: state &* 2_685_821_657_736_338_717) >> 11) / 4_503_599_627_370_496
    }
    mutating func vector() -> Vector3 { Vector3(next(), next(), next()) }
    mutating func matrix() -> Matrix3 { Matrix3(columns: vector(), vector(), vector()) }
    mutating func quaternion() -> Quaternion {
      Quaternion(x: next(), y: next(), z: next(), w: next()).normalized ?? .identity
    }
  }

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

  @Test func transformsFormAGroup() {
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
}

extension Double {
  /// Equal up to a relative tolerance.
  func isNear(_ other: Double, relative: Double = 1e-12) -> Bool { abs(self - other) <= relative * max(1e-300, abs(other)) }
}
