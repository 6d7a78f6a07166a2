/// Sums in the order in which numpy sums contiguous doubles, so that scores that tie in the reference also tie here.
///
/// Below 8 values one after the other; up to 128 in 8 lanes that are added pairwise; beyond, halves. Zeros need not be stored: adding
/// them changes nothing.
enum NumpySum {
  /// The sum of one row of a matrix.
  static func sum(_ frame: SparseSimilarity, row: Int) -> Double {
    let range = frame.pairs(ofRow: row)
    if frame.columnCount < 8 {
      var total = 0.0
      for index in range { total += frame.values[index] }
      return total
    }
    return pairwise(frame.columns[range], frame.values[range], range, 0, frame.columnCount)
  }

  /// The sum over the rows of a matrix with a single column, whose values lie side by side in memory.
  static func sumOfOnlyColumn(_ frame: SparseSimilarity) -> Double {
    let positions = (0..<frame.rowCount).flatMap { row in frame.pairs(ofRow: row).map { _ in Int32(row) } }
    return pairwise(positions[...], frame.values[...], 0..<frame.pairCount, 0, frame.rowCount)
  }

  /// The sum of the stored values (`range`) at positions in [start, start + count).
  private static func pairwise(
    _ positions: ArraySlice<Int32>, _ values: ArraySlice<Double>, _ range: Range<Int>, _ start: Int, _ count: Int
  ) -> Double {
    if count > 128 {
      var half = count / 2
      half -= half % 8
      let middle = range.first { Int(positions[$0]) >= start + half } ?? range.upperBound
      return pairwise(positions, values, range.lowerBound..<middle, start, half)
        + pairwise(positions, values, middle..<range.upperBound, start + half, count - half)
    }
    let whole = count < 8 ? 0 : count - count % 8
    var lanes = SIMD8<Double>(repeating: 0)
    var index = range.lowerBound
    while index < range.upperBound, Int(positions[index]) - start < whole {
      lanes[(Int(positions[index]) - start) % 8] += values[index]
      index += 1
    }
    var total = ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) + ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]))
    while index < range.upperBound {
      total += values[index]
      index += 1
    }
    return total
  }
}
