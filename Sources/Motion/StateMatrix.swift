import Geometry

/// A 4×4 matrix as 2×2 blocks [[a, b], [c, d]]: what position and velocity of the plane need for a step backwards.
struct StateMatrix {
  var a: Matrix2
  var b: Matrix2
  var c: Matrix2
  var d: Matrix2

  static func * (m: StateMatrix, n: StateMatrix) -> StateMatrix {
    StateMatrix(a: m.a * n.a + m.b * n.c, b: m.a * n.b + m.b * n.d, c: m.c * n.a + m.d * n.c, d: m.c * n.b + m.d * n.d)
  }

  var transposed: StateMatrix { StateMatrix(a: a.transposed, b: c.transposed, c: b.transposed, d: d.transposed) }
}

extension StateMatrix {
  /// The covariance of a state of the plane.
  init(covarianceOf motion: PlanarMotion) {
    let cross = motion.crossCovariance
    self.init(
      a: Matrix2(motion.positionCovariance), b: cross, c: cross.transposed, d: Matrix2(motion.velocityCovariance))
  }

  /// The inverse of a covariance by its Schur complement; nil where it is singular.
  static func inverse(ofCovarianceOf motion: PlanarMotion) -> StateMatrix? {
    guard let position = motion.positionCovariance.inverse else { return nil }
    let cross = motion.crossCovariance
    let regression = Matrix2(position) * cross
    let explained = cross.transposed * regression
    let rest = SymmetricMatrix2(
      xx: motion.velocityCovariance.xx - explained.a, xy: motion.velocityCovariance.xy - (explained.b + explained.c) / 2,
      yy: motion.velocityCovariance.yy - explained.d)
    guard let inverse = rest.inverse.map(Matrix2.init) else { return nil }
    let upper = regression * inverse
    return StateMatrix(
      a: Matrix2(position) + upper * regression.transposed, b: upper * -1, c: upper.transposed * -1, d: inverse)
  }
}

extension Matrix2 {
  init(_ s: SymmetricMatrix2) { self.init(s.xx, s.xy, s.xy, s.yy) }

  var transposed: Matrix2 { Matrix2(a, c, b, d) }

  static func + (m: Matrix2, n: Matrix2) -> Matrix2 { Matrix2(m.a + n.a, m.b + n.b, m.c + n.c, m.d + n.d) }
  static func - (m: Matrix2, n: Matrix2) -> Matrix2 { Matrix2(m.a - n.a, m.b - n.b, m.c - n.c, m.d - n.d) }
  static func * (m: Matrix2, s: Double) -> Matrix2 { Matrix2(m.a * s, m.b * s, m.c * s, m.d * s) }
}

extension SymmetricMatrix2 {
  /// A matrix that is symmetric but for rounding.
  init(symmetric m: Matrix2) { self.init(xx: m.a, xy: (m.b + m.c) / 2, yy: m.d) }
}
