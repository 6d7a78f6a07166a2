/// Minimum-cost assignment of a dense rectangular matrix by shortest augmenting paths.
///
/// The scan order, and with it the choice among equally good solutions, is that of `scipy.optimize.linear_sum_assignment`, so that
/// counts agree with TrackEval also where scores tie. Every row or column of the shorter side is assigned.
///
/// - Source: D. F. Crouse, On implementing 2D rectangular assignment algorithms, 2016, doi:10.1109/TAES.2016.140952;
///   tie rules of scipy 1.11 (`rectangular_lsap.cpp`).
public struct RectangularAssignment: Sendable {
  /// The column of each row, −1 for none, after `solve`.
  public private(set) var columnOfRow: [Int] = []
  /// The dual value of each row and column of the solved matrix: cost − rowDuals − columnDuals ≥ 0, and 0 on assigned pairs up to
  /// rounding. Only set where rows ≤ columns.
  private(set) var rowDuals: [Double] = []
  private(set) var columnDuals: [Double] = []

  // Scratch, kept between calls.
  private var assignedColumn: [Int] = []
  private var assignedRow: [Int] = []
  private var pathCost: [Double] = []
  private var parent: [Int] = []
  private var remaining: [Int] = []
  private var rowVisited: [Bool] = []
  private var columnVisited: [Bool] = []
  private var transposed: [Double] = []

  /// A solver without a solution yet; it keeps its memory from one problem to the next.
  public init() {}

  /// Solves a matrix of finite costs, row-major.
  ///
  /// - Complexity: O(min² · max) at the worst, close to linear in the matrix for nearly diagonal costs.
  public mutating func solve(_ costs: [Double], rows: Int, columns: Int) {
    precondition(costs.count >= rows * columns, "the matrix is too short")
    if rows <= columns {
      augmentAll(costs, rows: rows, columns: columns)
      columnOfRow = Array(assignedColumn[0..<rows])
      return
    }
    transposed.removeAll(keepingCapacity: true)
    transposed.reserveCapacity(rows * columns)
    for column in 0..<columns {
      for row in 0..<rows { transposed.append(costs[row * columns + column]) }
    }
    augmentAll(transposed, rows: columns, columns: rows)
    columnOfRow = Array(assignedRow[0..<rows])
  }

  private mutating func augmentAll(_ costs: [Double], rows: Int, columns: Int) {
    reset(&assignedColumn, to: -1, count: rows)
    reset(&assignedRow, to: -1, count: columns)
    reset(&parent, to: -1, count: columns)
    reset(&rowDuals, to: 0, count: rows)
    reset(&columnDuals, to: 0, count: columns)
    for row in 0..<rows { augment(from: row, costs, rows: rows, columns: columns) }
  }

  private mutating func augment(from first: Int, _ costs: [Double], rows: Int, columns: Int) {
    guard let (sink, minimum) = shortestPath(from: first, costs, rows: rows, columns: columns) else { return }
    rowDuals[first] += minimum
    for row in 0..<rows where rowVisited[row] && row != first {
      rowDuals[row] += minimum - pathCost[assignedColumn[row]]
    }
    for column in 0..<columns where columnVisited[column] {
      columnDuals[column] -= minimum - pathCost[column]
    }
    var column = sink
    while true {
      let row = parent[column]
      assignedRow[column] = row
      (assignedColumn[row], column) = (column, assignedColumn[row])
      if row == first { return }
    }
  }

  /// The free column that is cheapest to reach from a row, and its path's cost; nil where every path costs infinity.
  private mutating func shortestPath(
    from first: Int, _ costs: [Double], rows: Int, columns: Int
  ) -> (sink: Int, minimum: Double)? {
    reset(&rowVisited, to: false, count: rows)
    reset(&columnVisited, to: false, count: columns)
    reset(&pathCost, to: .infinity, count: columns)
    // From the last to the first: a constant matrix then gives the identity.
    remaining.removeAll(keepingCapacity: true)
    for column in stride(from: columns - 1, through: 0, by: -1) { remaining.append(column) }
    var row = first
    var minimum = 0.0
    while true {
      rowVisited[row] = true
      var best = -1
      var lowest = Double.infinity
      let base = row * columns
      let dual = rowDuals[row]
      for index in remaining.indices {
        let column = remaining[index]
        let reached = minimum + costs[base + column] - dual - columnDuals[column]
        if reached < pathCost[column] {
          parent[column] = row
          pathCost[column] = reached
        }
        // At equal cost a free column wins: it ends the search.
        if pathCost[column] < lowest || (pathCost[column] == lowest && assignedRow[column] == -1) {
          lowest = pathCost[column]
          best = index
        }
      }
      guard best >= 0 else { return nil }
      minimum = lowest
      let column = remaining[best]
      columnVisited[column] = true
      if assignedRow[column] == -1 { return (column, minimum) }
      row = assignedRow[column]
      remaining[best] = remaining[remaining.count - 1]
      remaining.removeLast()
    }
  }

  private func reset<Element>(_ array: inout [Element], to value: Element, count: Int) {
    array.removeAll(keepingCapacity: true)
    array.append(contentsOf: repeatElement(value, count: count))
  }
}
