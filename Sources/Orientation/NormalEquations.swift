/// The normal equations of a least-squares step with eight unknowns: A x = g with A = Σ J Jᵀ and g = Σ J r.
struct NormalEquations {
  private static let count = 8
  /// Pivots below this share of the largest diagonal element are those of singular equations.
  private static let leastPivot = 1e-14

  private var rows = [SIMD8<Double>](repeating: .zero, count: Self.count)
  private var right = SIMD8<Double>.zero

  mutating func clear() {
    for i in rows.indices { rows[i] = .zero }
    right = .zero
  }

  /// Adds one residual with its derivatives.
  @inline(__always)
  mutating func add(_ derivatives: SIMD8<Double>, residual: Double, weight: Double) {
    let weighted = derivatives * weight
    for i in 0..<Self.count { rows[i] += weighted[i] * derivatives }
    right += weighted * residual
  }

  /// The solution of (A + damping · diag A) x = g by Cholesky's decomposition; nil where A is not positive definite. In lanes and without memory
  /// of its own, for it is called for every candidate of every frame; `CholeskyFactor` is the general one.
  func solved(damping: Double) -> SIMD8<Double>? {
    var l = rows
    for i in 0..<Self.count { l[i][i] *= 1 + damping }
    let scale = (0..<Self.count).reduce(0) { max($0, rows[$1][$1]) }
    for j in 0..<Self.count {
      for k in 0..<j { l[j][j] -= l[j][k] * l[j][k] }
      guard l[j][j] > Self.leastPivot * scale else { return nil }
      l[j][j] = l[j][j].squareRoot()
      for i in (j + 1)..<Self.count {
        for k in 0..<j { l[i][j] -= l[i][k] * l[j][k] }
        l[i][j] /= l[j][j]
      }
    }
    var x = right
    for i in 0..<Self.count {
      for k in 0..<i { x[i] -= l[i][k] * x[k] }
      x[i] /= l[i][i]
    }
    for i in (0..<Self.count).reversed() {
      for k in (i + 1)..<Self.count { x[i] -= l[k][i] * x[k] }
      x[i] /= l[i][i]
    }
    return x
  }
}
