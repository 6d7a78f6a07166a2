/// Maximum-weight matching of the sparse positive weights of one frame, with the outcome that a dense assignment would have.
///
/// A dense assignment also pairs boxes of weight 0, but no metric counts those pairs, so only positive weights matter. The optimum is
/// taken from the sparse graph in two steps, both only where it is the one and only optimum:
/// 1. a pair that outweighs its strongest rival in its row plus its strongest rival in its column is in every optimum;
/// 2. what remains is solved as small connected parts, with a spare column of weight 0 for each row, and the dual solution shows whether
///    another optimum could exist (a rival pair without slack).
/// Where it could, the whole frame is solved densely by `RectangularAssignment` in the reference's own order of ties.
struct SparseMatcher: Sendable {
  /// For each row the pair that it got (an index into the frame's pairs), −1 for none.
  private(set) var pairOfRow: [Int] = []
  /// How many frames needed the dense solution; for tests and tuning.
  private(set) var denseCount = 0

  private var assignment = RectangularAssignment()
  private var isRowOpen: [Bool] = []
  private var isColumnOpen: [Bool] = []
  private var rowBest: [TopTwo] = []
  private var columnBest: [TopTwo] = []
  private var part: [Int32] = []
  private var costs: [Double] = []
  private var pairAt: [Int] = []
  private var columnSlot: [Int] = []

  /// Slack below this share of the greatest weight counts as a possible tie; rounding inside an assignment stays far below.
  private static let tieTolerance = 1e-9

  /// The two greatest weights of a row or column.
  private struct TopTwo {
    var first = 0.0
    var second = 0.0
    mutating func add(_ value: Double) {
      if value > first {
        second = first
        first = value
      } else if value > second {
        second = value
      }
    }
    /// The greatest weight besides `value`, which is one of them.
    func rival(of value: Double) -> Double { value == first ? second : first }
  }

  /// Matches a frame.
  ///
  /// - Parameters:
  ///   - frame: The pairs.
  ///   - weights: The weight of each pair; what is not above 0 is no pair.
  ///   - needsReferenceTies: Whether the choice among equally good solutions matters; false gives any optimum.
  mutating func match(_ frame: SparseSimilarity, weights: [Double], needsReferenceTies: Bool = true) {
    fill(&pairOfRow, -1, frame.rowCount)
    guard frame.pairCount > 0 else { return }
    fill(&isRowOpen, true, frame.rowCount)
    fill(&isColumnOpen, true, frame.columnCount)
    var greatest = 0.0
    for weight in weights where weight > greatest { greatest = weight }
    guard greatest > 0 else { return }
    let tolerance = SparseMatcher.tieTolerance * greatest
    var remainder = true
    while remainder {
      let (taken, open) = takeDominant(frame, weights, tolerance)
      remainder = open > 0
      if taken == 0 { break }
    }
    guard remainder else { return }
    if !solveParts(frame, weights, tolerance), needsReferenceTies {
      denseCount += 1
      solveDensely(frame, weights)
    }
  }

  /// Takes every pair that is certain by its own weight; gives how many were taken and how many pairs are left open.
  private mutating func takeDominant(
    _ frame: SparseSimilarity, _ weights: [Double], _ tolerance: Double
  ) -> (taken: Int, open: Int) {
    fill(&rowBest, TopTwo(), frame.rowCount)
    fill(&columnBest, TopTwo(), frame.columnCount)
    for row in 0..<frame.rowCount where isRowOpen[row] {
      for pair in frame.pairs(ofRow: row) where weights[pair] > 0 {
        let column = Int(frame.columns[pair])
        guard isColumnOpen[column] else { continue }
        rowBest[row].add(weights[pair])
        columnBest[column].add(weights[pair])
      }
    }
    var taken = 0
    var open = 0
    for row in 0..<frame.rowCount where isRowOpen[row] && rowBest[row].first > 0 {
      for pair in frame.pairs(ofRow: row) where weights[pair] > 0 {
        let column = Int(frame.columns[pair])
        guard isColumnOpen[column] else { continue }
        let weight = weights[pair]
        let rivals = rowBest[row].rival(of: weight) + columnBest[column].rival(of: weight)
        if rivals == 0 || weight > rivals + tolerance {
          pairOfRow[row] = pair
          isRowOpen[row] = false
          isColumnOpen[column] = false
          taken += 1
          break
        }
        open += 1
      }
    }
    return (taken, open)
  }

  // MARK: - The remainder, part by part

  /// Solves each connected part of what is still open; false if any part could have another optimum.
  private mutating func solveParts(_ frame: SparseSimilarity, _ weights: [Double], _ tolerance: Double) -> Bool {
    findParts(frame, weights)
    var members: [Int32: [Int]] = [:]
    var order: [Int32] = []
    for row in 0..<frame.rowCount where isRowOpen[row] {
      guard hasOpenPair(row, frame, weights) else { continue }
      let root = rootOf(Int32(row))
      if members[root] == nil { order.append(root) }
      members[root, default: []].append(row)
    }
    var isCertain = true
    for root in order {
      isCertain = solvePart(rows: members[root] ?? [], frame, weights, tolerance) && isCertain
    }
    return isCertain
  }

  private func hasOpenPair(_ row: Int, _ frame: SparseSimilarity, _ weights: [Double]) -> Bool {
    frame.pairs(ofRow: row).contains { weights[$0] > 0 && isColumnOpen[Int(frame.columns[$0])] }
  }

  private mutating func findParts(_ frame: SparseSimilarity, _ weights: [Double]) {
    part.removeAll(keepingCapacity: true)
    for node in 0..<(frame.rowCount + frame.columnCount) { part.append(Int32(node)) }
    for row in 0..<frame.rowCount where isRowOpen[row] {
      for pair in frame.pairs(ofRow: row) where weights[pair] > 0 && isColumnOpen[Int(frame.columns[pair])] {
        let a = rootOf(Int32(row))
        let b = rootOf(Int32(frame.rowCount) + frame.columns[pair])
        part[Int(max(a, b))] = min(a, b)
      }
    }
  }

  private mutating func rootOf(_ node: Int32) -> Int32 {
    var node = node
    while part[Int(node)] != node {
      part[Int(node)] = part[Int(part[Int(node)])]
      node = part[Int(node)]
    }
    return node
  }

  private mutating func solvePart(
    rows: [Int], _ frame: SparseSimilarity, _ weights: [Double], _ tolerance: Double
  ) -> Bool {
    fill(&columnSlot, -1, frame.columnCount)
    var columnCount = 0
    for row in rows {
      for pair in frame.pairs(ofRow: row) where weights[pair] > 0 {
        let column = Int(frame.columns[pair])
        guard isColumnOpen[column], columnSlot[column] < 0 else { continue }
        columnSlot[column] = columnCount
        columnCount += 1
      }
    }
    let width = columnCount + rows.count
    fill(&costs, 0, rows.count * width)
    fill(&pairAt, -1, rows.count * width)
    for (index, row) in rows.enumerated() {
      for pair in frame.pairs(ofRow: row) where weights[pair] > 0 && isColumnOpen[Int(frame.columns[pair])] {
        let cell = index * width + columnSlot[Int(frame.columns[pair])]
        costs[cell] = -weights[pair]
        pairAt[cell] = pair
      }
    }
    assignment.solve(costs, rows: rows.count, columns: width)
    return takePart(rows: rows, width: width, tolerance)
  }

  /// Takes the solved part; false where a pair that was not taken has no slack, so that another optimum may exist.
  private mutating func takePart(rows: [Int], width: Int, _ tolerance: Double) -> Bool {
    var isCertain = true
    for (index, row) in rows.enumerated() {
      for column in 0..<width where pairAt[index * width + column] >= 0 {
        let cell = index * width + column
        if assignment.columnOfRow[index] == column {
          pairOfRow[row] = pairAt[cell]
        } else if costs[cell] - assignment.rowDuals[index] - assignment.columnDuals[column] <= tolerance {
          isCertain = false
        }
      }
    }
    return isCertain
  }

  // MARK: - The whole frame, in the reference's order

  private mutating func solveDensely(_ frame: SparseSimilarity, _ weights: [Double]) {
    let width = frame.columnCount
    fill(&costs, 0, frame.rowCount * width)
    for row in 0..<frame.rowCount {
      for pair in frame.pairs(ofRow: row) where weights[pair] > 0 {
        costs[row * width + Int(frame.columns[pair])] = -weights[pair]
      }
    }
    assignment.solve(costs, rows: frame.rowCount, columns: width)
    for row in 0..<frame.rowCount {
      let column = Int32(assignment.columnOfRow[row])
      pairOfRow[row] = frame.pairs(ofRow: row).first { frame.columns[$0] == column && weights[$0] > 0 } ?? -1
    }
  }

  private func fill<Element>(_ array: inout [Element], _ value: Element, _ count: Int) {
    array.removeAll(keepingCapacity: true)
    array.append(contentsOf: repeatElement(value, count: count))
  }
}
