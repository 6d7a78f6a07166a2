/// The lower triangular L with L Lᵀ = A of a symmetric positive definite matrix, and the systems that it solves; for the small dense systems of
/// fits, of any size (G. Golub and C. Van Loan, "Matrix Computations", 2013, algorithm 4.2.1 by rows).
public struct CholeskyFactor: Sendable {
  /// n, the number of rows and columns.
  public let size: Int
  /// n × n, row by row; above the diagonal what the matrix had there, which is not used.
  private var values: [Double]

  /// - Parameters:
  ///   - matrix: n × n, row by row; only the lower triangle is read.
  ///   - leastPivot: What a pivot must exceed, from the diagonal element that it was left of: one that has lost its digits is none.
  /// - Returns: nil where a pivot does not exceed that, or is not finite.
  public init?(_ matrix: [Double], size: Int, leastPivot: (Double) -> Double) {
    precondition(matrix.count == size * size, "a square matrix")
    self.size = size
    values = matrix
    for row in 0..<size {
      for column in 0...row {
        var sum = values[row * size + column]
        for inner in 0..<column { sum -= values[row * size + inner] * values[column * size + inner] }
        if row == column {
          guard sum > leastPivot(values[row * size + row]), sum.isFinite else { return nil }
          values[row * size + row] = sum.squareRoot()
        } else {
          values[row * size + column] = sum / values[column * size + column]
        }
      }
    }
  }

  /// The diagonal of L: the roots of the pivots, all above zero.
  public var diagonal: [Double] { (0..<size).map { values[$0 * size + $0] } }

  /// The x with A x = right, n numbers, by forward and backward substitution.
  public func solve(_ right: [Double]) -> [Double] {
    precondition(right.count == size, "one number a row")
    var x = right
    for row in 0..<size {
      for inner in 0..<row { x[row] -= values[row * size + inner] * x[inner] }
      x[row] /= values[row * size + row]
    }
    for row in (0..<size).reversed() {
      for inner in row + 1..<max(size, row + 1) { x[row] -= values[inner * size + row] * x[inner] }
      x[row] /= values[row * size + row]
    }
    return x
  }
}
