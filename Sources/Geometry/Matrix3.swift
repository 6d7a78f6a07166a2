/// A 3×3 matrix held by its columns.
@frozen
public struct Matrix3: Hashable, Sendable {
  /// The image of the x axis.
  public var column0: Vector3
  /// The image of the y axis.
  public var column1: Vector3
  /// The image of the z axis.
  public var column2: Vector3

  /// A matrix by its columns.
  @inlinable
  public init(columns column0: Vector3, _ column1: Vector3, _ column2: Vector3) {
    self.column0 = column0
    self.column1 = column1
    self.column2 = column2
  }

  /// A matrix by its rows.
  @inlinable
  public init(rows row0: Vector3, _ row1: Vector3, _ row2: Vector3) {
    self.init(
      columns: Vector3(row0.x, row1.x, row2.x), Vector3(row0.y, row1.y, row2.y), Vector3(row0.z, row1.z, row2.z))
  }

  /// A matrix that is zero off its diagonal.
  @inlinable
  public init(diagonal d: Vector3) {
    self.init(columns: Vector3(d.x, 0, 0), Vector3(0, d.y, 0), Vector3(0, 0, d.z))
  }

  /// The map that moves nothing.
  @inlinable public static var identity: Matrix3 { Matrix3(diagonal: Vector3(1, 1, 1)) }
  /// The map of everything to the origin.
  @inlinable public static var zero: Matrix3 { Matrix3(diagonal: .zero) }

  /// a bᵀ.
  @inlinable
  public init(outer a: Vector3, _ b: Vector3) {
    self.init(columns: a * b.x, a * b.y, a * b.z)
  }

  /// The nine numbers, row by row.
  public var rowMajor: [Double] {
    [
      column0.x, column1.x, column2.x, column0.y, column1.y, column2.y, column0.z, column1.z, column2.z,
    ]
  }

  /// Rows and columns exchanged.
  @inlinable
  public var transposed: Matrix3 { Matrix3(rows: column0, column1, column2) }
  /// The signed volume of the image of the unit cube.
  @inlinable public var determinant: Double { column0.dot(column1.cross(column2)) }
  /// The sum of the diagonal.
  @inlinable public var trace: Double { column0.x + column1.y + column2.z }
  /// Whether all nine entries are.
  @inlinable public var isFinite: Bool { column0.isFinite && column1.isFinite && column2.isFinite }

  /// The square root of the sum of the squared entries.
  @inlinable
  public var frobeniusNorm: Double {
    (column0.squaredLength + column1.squaredLength + column2.squaredLength).squareRoot()
  }

  /// M v.
  @inlinable
  public static func * (m: Matrix3, v: Vector3) -> Vector3 {
    m.column0 * v.x + m.column1 * v.y + m.column2 * v.z
  }

  /// The product, which applies `n` first.
  @inlinable
  public static func * (m: Matrix3, n: Matrix3) -> Matrix3 {
    Matrix3(columns: m * n.column0, m * n.column1, m * n.column2)
  }

  /// Each entry times `s`.
  @inlinable
  public static func * (m: Matrix3, s: Double) -> Matrix3 {
    Matrix3(columns: m.column0 * s, m.column1 * s, m.column2 * s)
  }

  /// The sum, entry by entry.
  @inlinable
  public static func + (m: Matrix3, n: Matrix3) -> Matrix3 {
    Matrix3(columns: m.column0 + n.column0, m.column1 + n.column1, m.column2 + n.column2)
  }

  /// The difference, entry by entry.
  @inlinable
  public static func - (m: Matrix3, n: Matrix3) -> Matrix3 {
    Matrix3(columns: m.column0 - n.column0, m.column1 - n.column1, m.column2 - n.column2)
  }
}
