import TestSupport
import Testing

@testable import Tracking

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
    var generator = TestRandom(seed: 11)
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

  @Test func equalCostsGiveTheSameMatchingEveryTime() {
    var costs = SparseCosts()
    for _ in 0..<5 {
      for column in 0..<5 { costs.append(column: column, cost: 1) }
      costs.endRow()
    }
    var first = AssignmentSolver()
    first.solve(costs, columnCount: 5, missCost: 2)
    var second = AssignmentSolver()
    second.solve(costs, columnCount: 5, missCost: 9)
    second.solve(costs, columnCount: 5, missCost: 2)
    #expect(first.columnOfRow == second.columnOfRow)
    #expect(Set(first.columnOfRow) == Set(0..<5))
  }

  @Test func aLateRowTakesAColumnOnlyIfTheWholeGetsCheaper() {
    var costs = SparseCosts()
    costs.append(column: 0, cost: 1)
    costs.endRow()
    costs.append(column: 0, cost: 0.5)
    costs.endRow()
    var solver = AssignmentSolver()
    solver.solve(costs, columnCount: 1, missCost: 3)
    #expect(solver.columnOfRow == [-1, 0])
  }

  @Test func emptySidesAreNoMatch() {
    var costs = SparseCosts()
    var solver = AssignmentSolver()
    solver.solve(costs, columnCount: 3, missCost: 1)
    #expect(solver.columnOfRow.isEmpty)
    costs.endRow()
    solver.solve(costs, columnCount: 0, missCost: 1)
    #expect(solver.columnOfRow == [-1])
  }
}
