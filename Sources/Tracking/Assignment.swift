/// Pairs that may be matched, row by row: the edges of row i are `edges[starts[i] ..< starts[i + 1]]`.
struct SparseCosts {
  struct Edge {
    var column: Int
    var cost: Double
  }

  private(set) var edges: [Edge] = []
  private(set) var starts: [Int] = [0]

  var rowCount: Int { starts.count - 1 }

  mutating func removeAll() {
    edges.removeAll(keepingCapacity: true)
    starts.removeAll(keepingCapacity: true)
    starts.append(0)
  }

  /// Adds an edge to the row that is being built.
  mutating func append(column: Int, cost: Double) {
    edges.append(Edge(column: column, cost: cost))
  }

  /// Closes the row that is being built.
  mutating func endRow() {
    starts.append(edges.count)
  }
}

/// Minimum-cost matching of rows and columns over a sparse set of allowed pairs, where leaving a row alone has a price.
///
/// Minimises the sum of the matched costs plus `missCost` for every row without a column. Shortest augmenting paths with dual potentials
/// (Jonker and Volgenant, 1987; Crouse, 2016): rows enter one by one, each by a Dijkstra search over reduced costs that ends at a free
/// column or at a row that is better left alone. A search never leaves its connected component of the allowed pairs.
/// Ties: a free column before an owned one, then the earlier found. The same input gives the same matching.
///
/// The storage is kept between calls, so that a warm solver does not allocate.
struct AssignmentSolver {
  /// The column of each row, −1 for none.
  private(set) var columnOfRow: [Int] = []
  private var rowOfColumn: [Int] = []
  private var rowPotential: [Double] = []
  private var columnPotential: [Double] = []
  private var distance: [Double] = []
  private var previousRow: [Int] = []
  private var isScanned: [Bool] = []
  /// The columns that the present search has reached.
  private var reached: [Int] = []

  /// Solves; the result is in `columnOfRow`. Costs must be finite; a pair that costs `missCost` or more is never matched alone.
  mutating func solve(_ costs: borrowing SparseCosts, columnCount: Int, missCost: Double) {
    prepare(rows: costs.rowCount, columns: columnCount)
    for row in 0..<costs.rowCount where costs.starts[row] < costs.starts[row + 1] {
      insert(row, costs, missCost: missCost)
    }
  }

  private mutating func prepare(rows: Int, columns: Int) {
    AssignmentSolver.reset(&columnOfRow, to: -1, count: rows)
    AssignmentSolver.reset(&rowPotential, to: 0, count: rows)
    AssignmentSolver.reset(&rowOfColumn, to: -1, count: columns)
    AssignmentSolver.reset(&columnPotential, to: 0, count: columns)
    AssignmentSolver.reset(&distance, to: .infinity, count: columns)
    AssignmentSolver.reset(&previousRow, to: -1, count: columns)
    AssignmentSolver.reset(&isScanned, to: false, count: columns)
  }

  private static func reset<T>(_ array: inout [T], to value: T, count: Int) {
    array.removeAll(keepingCapacity: true)
    array.append(contentsOf: repeatElement(value, count: count))
  }

  private mutating func insert(_ newRow: Int, _ costs: borrowing SparseCosts, missCost: Double) {
    var potential = missCost
    for edge in costs.edges[costs.starts[newRow]..<costs.starts[newRow + 1]] {
      potential = min(potential, edge.cost - columnPotential[edge.column])
    }
    rowPotential[newRow] = potential

    // The search: `row` is the row reached last, `length` the length of the path to it.
    var row = newRow
    var length = 0.0
    var bestMiss = Double.infinity
    var rowLeftAlone = newRow
    var end = -1
    while true {
      let miss = length + missCost - rowPotential[row]
      if miss < bestMiss {
        bestMiss = miss
        rowLeftAlone = row
      }
      relax(from: row, length: length, costs)
      guard let column = nearestColumn(), distance[column] < bestMiss else { break }
      length = distance[column]
      if rowOfColumn[column] < 0 {
        end = column
        break
      }
      isScanned[column] = true
      row = rowOfColumn[column]
    }
    adjustPotentials(newRow: newRow, total: end < 0 ? bestMiss : length)
    if end < 0 {
      // The row that is better left alone gives up its column to the path that led to it.
      let freed = columnOfRow[rowLeftAlone]
      columnOfRow[rowLeftAlone] = -1
      if rowLeftAlone != newRow { augment(to: freed, from: newRow) }
    } else {
      augment(to: end, from: newRow)
    }
    for column in reached {
      distance[column] = .infinity
      isScanned[column] = false
    }
    reached.removeAll(keepingCapacity: true)
  }

  private mutating func relax(from row: Int, length: Double, _ costs: borrowing SparseCosts) {
    for edge in costs.edges[costs.starts[row]..<costs.starts[row + 1]] where !isScanned[edge.column] {
      let candidate = length + edge.cost - rowPotential[row] - columnPotential[edge.column]
      guard candidate < distance[edge.column] else { continue }
      if distance[edge.column] == .infinity { reached.append(edge.column) }
      distance[edge.column] = candidate
      previousRow[edge.column] = row
    }
  }

  private func nearestColumn() -> Int? {
    var best: Int?
    var least = Double.infinity
    for column in reached where !isScanned[column] {
      let d = distance[column]
      if d < least || (d == least && best.map { rowOfColumn[$0] >= 0 && rowOfColumn[column] < 0 } ?? false) {
        least = d
        best = column
      }
    }
    return best
  }

  /// Keeps all reduced costs non-negative and those of matched pairs zero.
  private mutating func adjustPotentials(newRow: Int, total: Double) {
    rowPotential[newRow] += total
    for column in reached where isScanned[column] {
      let gain = total - distance[column]
      rowPotential[rowOfColumn[column]] += gain
      columnPotential[column] -= gain
    }
  }

  /// Flips the path that ends at a free column: every row on it takes the column after it.
  private mutating func augment(to end: Int, from newRow: Int) {
    var column = end
    while true {
      let row = previousRow[column]
      let next = columnOfRow[row]
      rowOfColumn[column] = row
      columnOfRow[row] = column
      if row == newRow { return }
      column = next
    }
  }
}
