public import Geometry

/// A dense matrix of real numbers, row by row.
///
/// Meant for the small systems of fits and models: tens of rows, not thousands.
public struct Matrix: Sendable, Hashable, Codable {
  /// The number of rows.
  public let rows: Int
  /// The number of columns.
  public let columns: Int
  /// rows × columns numbers, row by row.
  public var values: [Double]

  /// A matrix of zeros.
  public init(rows: Int, columns: Int) {
    precondition(rows >= 0 && columns >= 0, "a matrix has no negative size")
    self.rows = rows
    self.columns = columns
    values = [Double](repeating: 0, count: rows * columns)
  }

  /// A matrix from its rows, all of one length.
  public init(_ rows: [[Double]]) {
    self.init(rows: rows.count, columns: rows.first?.count ?? 0)
    for (index, row) in rows.enumerated() {
      precondition(row.count == columns, "the rows of a matrix have one length")
      values.replaceSubrange(index * columns..<(index + 1) * columns, with: row)
    }
  }

  /// The matrix of ones on the diagonal, size × size.
  public static func identity(_ size: Int) -> Matrix {
    var result = Matrix(rows: size, columns: size)
    for index in 0..<size { result[index, index] = 1 }
    return result
  }

  /// The number in a row and a column, both from 0.
  @inline(__always)
  public subscript(row: Int, column: Int) -> Double {
    get { values[row * columns + column] }
    set { values[row * columns + column] = newValue }
  }

  /// Rows and columns exchanged.
  public var transposed: Matrix {
    var result = Matrix(rows: columns, columns: rows)
    for row in 0..<rows {
      for column in 0..<columns { result[column, row] = self[row, column] }
    }
    return result
  }

  /// The sum of the diagonal.
  public var trace: Double { (0..<min(rows, columns)).reduce(0) { $0 + self[$1, $1] } }

  /// Whether every number is finite.
  public var isFinite: Bool { values.allSatisfy(\.isFinite) }

  /// The sum of two matrices of one size.
  public static func + (a: Matrix, b: Matrix) -> Matrix { a.combined(with: b, +) }
  /// The difference of two matrices of one size.
  public static func - (a: Matrix, b: Matrix) -> Matrix { a.combined(with: b, -) }

  /// Every number times a factor.
  public static func * (scale: Double, a: Matrix) -> Matrix {
    var result = a
    for index in result.values.indices { result.values[index] *= scale }
    return result
  }

  /// The product of r × n and n × c.
  public static func * (a: Matrix, b: Matrix) -> Matrix {
    precondition(a.columns == b.rows, "the inner sizes of a product agree")
    var result = Matrix(rows: a.rows, columns: b.columns)
    for row in 0..<a.rows {
      for inner in 0..<a.columns {
        let factor = a[row, inner]
        for column in 0..<b.columns { result[row, column] += factor * b[inner, column] }
      }
    }
    return result
  }

  /// The product of r × n and a column of n numbers: r numbers.
  public static func * (a: Matrix, vector: [Double]) -> [Double] {
    precondition(a.columns == vector.count, "the inner sizes of a product agree")
    return (0..<a.rows).map { row in
      (0..<a.columns).reduce(0) { $0 + a[row, $1] * vector[$1] }
    }
  }

  private func combined(with other: Matrix, _ operation: (Double, Double) -> Double) -> Matrix {
    precondition(rows == other.rows && columns == other.columns, "the sizes of a sum agree")
    var result = self
    for index in values.indices { result.values[index] = operation(values[index], other.values[index]) }
    return result
  }
}

// MARK: - Systems of equations

extension Matrix {
  /// Solves self · x = right for a symmetric positive definite matrix by its Cholesky factor.
  ///
  /// - Returns: nil where the matrix is not positive definite to working precision.
  public func solvedPositiveDefinite(_ right: [Double]) -> [Double]? {
    choleskyFactor?.solve(right)
  }

  /// The factor of a symmetric positive definite matrix; nil where it is not positive definite to working precision.
  public var choleskyFactor: CholeskyFactor? {
    precondition(rows == columns, "only square matrices have a Cholesky factor")
    // A pivot that has lost all its digits is no pivot.
    return CholeskyFactor(values, size: rows) { $0 * 1e-15 }
  }

  /// Solves self · X = right by elimination with row pivots; nil for a singular matrix.
  public func solved(_ right: Matrix) -> Matrix? {
    precondition(rows == columns && right.rows == rows, "a system has as many equations as unknowns")
    var left = self
    var result = right
    for column in 0..<rows {
      let pivot = (column..<rows).max { abs(left[$0, column]) < abs(left[$1, column]) } ?? column
      guard abs(left[pivot, column]) > 0, left[pivot, column].isFinite else { return nil }
      left.swapRows(pivot, column)
      result.swapRows(pivot, column)
      for row in (column + 1)..<max(rows, column + 1) {
        let factor = left[row, column] / left[column, column]
        guard factor != 0 else { continue }
        for inner in column..<rows { left[row, inner] -= factor * left[column, inner] }
        for inner in 0..<result.columns { result[row, inner] -= factor * result[column, inner] }
      }
    }
    for column in 0..<result.columns {
      for row in (0..<rows).reversed() {
        var sum = result[row, column]
        for inner in (row + 1)..<max(rows, row + 1) { sum -= left[row, inner] * result[inner, column] }
        result[row, column] = sum / left[row, row]
      }
    }
    return result
  }

  private mutating func swapRows(_ a: Int, _ b: Int) {
    guard a != b else { return }
    for column in 0..<columns { values.swapAt(a * columns + column, b * columns + column) }
  }
}
