extension CubicSpline {
  /// The spline that minimises Σ (yᵢ − f(xᵢ))² + ridge Σ (c_{m+1} − 2 c_m + c_{m−1})².
  ///
  /// A straight line costs no ridge, so a heavy ridge gives the line of least squares and an interval without data is bridged smoothly
  /// (P. Eilers and B. Marx, "Flexible smoothing with B-splines and penalties", 1996).
  ///
  /// - Parameter ridge: At least zero; with zero every coefficient must be determined by data.
  /// - Throws: `SplineError` for unequal or non-finite lists, too few points and a fit that the points do not determine.
  public static func fit(
    grid: SplineGrid, x: [Double], y: [Double], ridge: Double
  ) throws(SplineError) -> CubicSpline {
    guard x.count == y.count, x.count >= 2 else { throw .tooFewPoints(found: min(x.count, y.count), needed: 2) }
    guard x.allSatisfy(\.isFinite), y.allSatisfy(\.isFinite), ridge.isFinite, ridge >= 0 else {
      throw .notFinite(what: "the points of a fit")
    }
    let count = grid.coefficientCount
    var normal = Matrix(rows: count, columns: count)
    var right = [Double](repeating: 0, count: count)
    for (x, y) in zip(x, y) {
      let weights = grid.weights(at: x)
      for a in 0..<4 {
        right[weights.first + a] += weights.value[a] * y
        for b in 0..<4 { normal[weights.first + a, weights.first + b] += weights.value[a] * weights.value[b] }
      }
    }
    normal.addDifferencePenalty(order: 2, weight: ridge)
    guard let solution = normal.solvedPositiveDefinite(right), solution.allSatisfy(\.isFinite) else {
      throw .degenerateFit(what: "a spline of \(grid.intervals) intervals")
    }
    return try CubicSpline(grid: grid, coefficients: solution)
  }
}

extension Matrix {
  /// Adds weight · DᵀD, D the differences of an order of neighbouring entries from `offset` on.
  public mutating func addDifferencePenalty(order: Int, weight: Double, offset: Int = 0, count: Int? = nil) {
    let kernel = FiniteDifference.kernel(order: order)
    let count = count ?? rows - offset
    guard count > order else { return }
    for start in 0..<(count - order) {
      for (a, left) in kernel.enumerated() {
        for (b, right) in kernel.enumerated() { self[offset + start + a, offset + start + b] += weight * left * right }
      }
    }
  }
}
