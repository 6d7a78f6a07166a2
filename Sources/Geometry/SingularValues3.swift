/// The singular value decomposition of a 3×3 matrix, A = U diag(values) Vᵀ.
///
/// `left` and `right` are orthogonal, but not always rotations: their determinants are ±1. The values are not negative and descend.
/// One-sided Jacobi rotations (Hestenes, 1958): the columns of A V are made orthogonal pair by pair, which keeps small singular values
/// as exact as large ones.
public struct SingularValues3: Sendable {
  /// U, orthogonal.
  public var left: Matrix3
  /// Descending, none negative.
  public var values: Vector3
  /// V, orthogonal.
  public var right: Matrix3

  /// Decomposes a matrix; one that is not finite gives values that are not finite.
  public init(_ matrix: Matrix3) {
    // Squares of entries beyond 10±77 leave the range of a product of two of them: a power of two, which rounds nothing, brings the largest
    // entry near 1.
    let largest = matrix.rowMajor.reduce(0) { max($0, $1.magnitude) }
    let unit = largest.isNormal ? Double(sign: .plus, exponent: largest.exponent, significand: 1) : 1
    var columns = [matrix.column0 / unit, matrix.column1 / unit, matrix.column2 / unit]
    var basis = [Vector3(1, 0, 0), Vector3(0, 1, 0), Vector3(0, 0, 1)]
    // Convergence is quadratic: a handful of sweeps suffices, thirty is a bound for hostile input (NaN never converges).
    for _ in 0..<30 {
      var isOrthogonal = true
      for (i, j) in [(0, 1), (0, 2), (1, 2)] where SingularValues3.rotate(&columns, &basis, i, j) {
        isOrthogonal = false
      }
      if isOrthogonal { break }
    }
    let lengths = columns.map(\.length)
    let order = [0, 1, 2].sorted { (lengths[$0], $1) > (lengths[$1], $0) }
    values = Vector3(lengths[order[0]], lengths[order[1]], lengths[order[2]]) * unit
    right = Matrix3(columns: basis[order[0]], basis[order[1]], basis[order[2]])
    left = SingularValues3.orthonormal(order.map { columns[$0] })
  }

  /// Turns two columns until they are orthogonal; false where they already are.
  private static func rotate(_ columns: inout [Vector3], _ basis: inout [Vector3], _ i: Int, _ j: Int) -> Bool {
    let alpha = columns[i].squaredLength
    let beta = columns[j].squaredLength
    let gamma = columns[i].dot(columns[j])
    guard abs(gamma) > 1e-17 * (alpha * beta).squareRoot(), gamma != 0 else { return false }
    let zeta = (beta - alpha) / (2 * gamma)
    let tangent = (zeta < 0 ? -1 : 1) / (abs(zeta) + (1 + zeta * zeta).squareRoot())
    let cosine = 1 / (1 + tangent * tangent).squareRoot()
    let sine = cosine * tangent
    (columns[i], columns[j]) = (columns[i] * cosine - columns[j] * sine, columns[i] * sine + columns[j] * cosine)
    (basis[i], basis[j]) = (basis[i] * cosine - basis[j] * sine, basis[i] * sine + basis[j] * cosine)
    return true
  }

  /// Unit vectors along the columns, longest first; directions that a rank-deficient matrix leaves open are completed.
  private static func orthonormal(_ columns: [Vector3]) -> Matrix3 {
    let longest = columns[0].length
    guard longest > 0, longest.isFinite else { return .identity }
    let first = columns[0] / longest
    let second: Vector3
    if columns[1].length > 1e-300 {
      second = unit(columns[1] - first * first.dot(columns[1])) ?? perpendicular(to: first)
    } else {
      second = perpendicular(to: first)
    }
    let normal = first.cross(second)
    // The sign of the third column follows the matrix where it still says something.
    return Matrix3(columns: first, second, normal.dot(columns[2]) < 0 ? -normal : normal)
  }

  private static func unit(_ v: Vector3) -> Vector3? {
    let length = v.length
    return length > 0 && length.isFinite ? v / length : nil
  }

  private static func perpendicular(to v: Vector3) -> Vector3 {
    // The axis that v is least parallel to.
    let axis =
      abs(v.x) <= abs(v.y) && abs(v.x) <= abs(v.z)
      ? Vector3(1, 0, 0) : abs(v.y) <= abs(v.z) ? Vector3(0, 1, 0) : Vector3(0, 0, 1)
    let across = v.cross(axis)
    return across / across.length
  }
}

extension Matrix3 {
  /// The rotation nearest to this matrix in the Frobenius norm, U diag(1, 1, det U Vᵀ) Vᵀ.
  public var nearestRotation: Matrix3 {
    let s = SingularValues3(self)
    let sign: Double = s.left.determinant * s.right.determinant < 0 ? -1 : 1
    return s.left * Matrix3(diagonal: Vector3(1, 1, sign)) * s.right.transposed
  }

  /// The largest deviation of MᵀM from the identity and of the determinant from 1: 0 for a rotation.
  public var rotationDefect: Double {
    let gram = transposed * self - .identity
    return gram.rowMajor.reduce(abs(determinant - 1)) { max($0, abs($1)) }
  }
}
