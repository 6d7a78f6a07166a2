import TestSupport
import Testing

@testable import TrackEvaluation

@Suite struct AssignmentTests {
  private func matrix(_ generator: inout TestRandom, rows: Int, columns: Int, levels: Int, density: Int) -> [Double] {
    (0..<rows * columns).map { _ in
      generator.index(below: 100) < density ? Double(1 + generator.index(below: levels)) / Double(levels) : 0
    }
  }

  /// The greatest total over all one-to-one choices, by trying each.
  private func bestTotal(_ weights: [Double], rows: Int, columns: Int, row: Int = 0, used: Int = 0) -> Double {
    guard row < rows else { return 0 }
    var best = bestTotal(weights, rows: rows, columns: columns, row: row + 1, used: used)
    for column in 0..<columns where used & (1 << column) == 0 {
      let rest = bestTotal(weights, rows: rows, columns: columns, row: row + 1, used: used | 1 << column)
      best = max(best, weights[row * columns + column] + rest)
    }
    return best
  }

  @Test func findsTheOptimumOfSmallMatrices() {
    var generator = TestRandom(seed: 1)
    for _ in 0..<300 {
      let rows = 1 + generator.index(below: 5)
      let columns = 1 + generator.index(below: 5)
      let weights = matrix(&generator, rows: rows, columns: columns, levels: 6, density: 70)
      var assignment = RectangularAssignment()
      assignment.solve(weights.map { -$0 }, rows: rows, columns: columns)
      let total = (0..<rows).reduce(0.0) { sum, row in
        let column = assignment.columnOfRow[row]
        return column < 0 ? sum : sum + weights[row * columns + column]
      }
      #expect(abs(total - bestTotal(weights, rows: rows, columns: columns)) < 1e-12)
      #expect(assignment.columnOfRow.count { $0 >= 0 } == min(rows, columns))
    }
  }

  @Test func givesTheIdentityForEqualCosts() {
    var assignment = RectangularAssignment()
    assignment.solve(Array(repeating: 1, count: 12), rows: 3, columns: 4)
    #expect(assignment.columnOfRow == [0, 1, 2])
  }

  /// The sparse matcher must take the very pairs of the dense reference, also where weights tie (few levels) and on crowded frames.
  @Test func takesThePairsOfTheDenseReference() {
    var generator = TestRandom(seed: 2)
    var matcher = SparseMatcher()
    for round in 0..<2000 {
      let rows = 1 + generator.index(below: 12)
      let columns = 1 + generator.index(below: 12)
      let levels = [2, 4, 1000, 100_000][round % 4]
      let weights = matrix(&generator, rows: rows, columns: columns, levels: levels, density: [10, 30, 90][round % 3])
      let frame = SparseSimilarity(rows: rows, columns: columns, dense: weights)
      matcher.match(frame, weights: frame.values)
      var assignment = RectangularAssignment()
      assignment.solve(weights.map { -$0 }, rows: rows, columns: columns)
      for row in 0..<rows {
        let column = assignment.columnOfRow[row]
        let expected = column >= 0 && weights[row * columns + column] > 0 ? column : -1
        let pair = matcher.pairOfRow[row]
        #expect((pair < 0 ? -1 : Int(frame.columns[pair])) == expected, "round \(round)")
      }
    }
  }

  /// Sums of 1/3, 1/4, … by numpy 1.26, to the last digit.
  @Test(arguments: [
    (5, 1.0928571428571427), (7, 1.328968253968254), (8, 1.4289682539682538), (9, 1.5198773448773446),
    (20, 2.190813250217275), (130, 3.9638006836279933), (300, 4.789297397713862),
  ]) func sumsInNumpysOrder(count: Int, expected: Double) {
    let values = (0..<count).map { 1 / Double($0 + 3) }
    #expect(NumpySum.sum(SparseSimilarity(rows: 1, columns: count, dense: values), row: 0) == expected)
    #expect(NumpySum.sumOfOnlyColumn(SparseSimilarity(rows: count, columns: 1, dense: values)) == expected)
  }
}
