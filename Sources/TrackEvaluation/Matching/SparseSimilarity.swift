/// The positive similarities of one frame, row by row: truth boxes are rows, result boxes columns, absent pairs are 0.
public struct SparseSimilarity: Sendable, Equatable {
  /// The truth boxes of the frame.
  public private(set) var rowCount = 0
  /// The result boxes of the frame.
  public private(set) var columnCount = 0
  /// Where each row's pairs begin in `columns` and `values`; one more entry than rows.
  public private(set) var rowStarts: [Int] = [0]
  /// The column of each pair, ascending within a row.
  public private(set) var columns: [Int32] = []
  /// The similarity of each pair, in (0, 1].
  public private(set) var values: [Double] = []

  /// A matrix without rows and columns.
  public init() {}

  /// A dense matrix, row-major; what is not above 0 is left out.
  public init(rows: Int, columns: Int, dense: [Double]) {
    precondition(dense.count == rows * columns, "a similarity for each pair")
    begin(columns: columns)
    for row in 0..<rows {
      for column in 0..<columns { append(column: column, dense[row * columns + column]) }
      endRow()
    }
  }

  /// The pairs that are stored; all others have a similarity of 0.
  @inlinable public var pairCount: Int { values.count }

  /// Where the pairs of a row lie in `columns` and `values`.
  @inlinable
  public func pairs(ofRow row: Int) -> Range<Int> { rowStarts[row]..<rowStarts[row + 1] }

  // MARK: - Filling, row after row

  /// Empties the matrix; memory is kept.
  public mutating func begin(columns count: Int) {
    rowCount = 0
    columnCount = count
    rowStarts.removeAll(keepingCapacity: true)
    rowStarts.append(0)
    columns.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
  }

  /// Adds a pair to the present row, columns in ascending order; anything not above 0 is left out.
  public mutating func append(column: Int, _ value: Double) {
    guard value > 0 else { return }
    columns.append(Int32(truncatingIfNeeded: column))
    values.append(value)
  }

  /// Ends the present row, which may be empty.
  public mutating func endRow() {
    rowStarts.append(values.count)
    rowCount += 1
  }
}
