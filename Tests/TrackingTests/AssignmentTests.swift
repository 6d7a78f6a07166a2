import Testing

@testable import Tracking

/// A small generator with a fixed seed (SplitMix64), so that every run tests the same cases.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

@Suite struct AssignmentTests {
  /// The least total over all matchings, by trying each one.
  private func bruteForce(_ matrix: [[Double?]], missCost: Double, row: Int = 0, used: Set<Int> = []) -> Double {
    guard row < matrix.count else { return 0 }
    var best = missCost + bruteForce(matrix, missCost: missCost, row: row + 1, used: used)
    for (column, cost) in matrix[row].enumerated() where !used.contains(column) {
      guard let cost else { continue }
      best = min(best, cost + bruteForce(matrix, missCost: missCost, row: row + 1, used: used.union([column])))
    }
    return best
  }

  /// Whole-number costs make ties common; half of the cases have them.
  @Test func findsTheLeastCostOnRandomMatricesWithTies() {
    var generator = SeededGenerator(state: 11)
    var solver = AssignmentSolver()
    var costs = SparseCosts()
    for trial in 0..<4000 {
      let rows = Int.random(in: 0...6, using: &generator)
      let columns = Int.random(in: 0...6, using: &generator)
      let density = Double.random(in: 0.2...1, using: &generator)
      let matrix: [[Double?]] = (0..<rows).map { _ in
        (0..<columns).map { _ in
          guard Double.random(in: 0...1, using: &generator) < density else { return nil }
          return trial.isMultiple(of: 2)
            ? Double(Int.random(in: -2...5, using: &generator)) : Double.random(in: -1...5, using: &generator)
        }
      }
      costs.removeAll()
      for row in matrix {
        for (column, cost) in row.enumerated() {
          if let cost { costs.append(column: column, cost: cost) }
        }
        costs.endRow()
      }
      solver.solve(costs, columnCount: columns, missCost: 3)
      var total = 0.0
      var used = Set<Int>()
      for (row, column) in solver.columnOfRow.enumerated() {
        guard column >= 0 else {
          total += 3
          continue
        }
        #expect(used.insert(column).inserted)
        total += matrix[row][column] ?? .infinity
      }
      #expect(abs(total - bruteForce(matrix, missCost: 3)) < 1e-9)
    }
  }
}
