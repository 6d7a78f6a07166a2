// The columns of a table are arrays with an entry per row, or empty ones where the file has no such column. An empty column stays empty.
extension Array {
  /// Brings the rows into the given order: row i becomes the one that was at `order[i]`. In place, for columns can be large.
  ///
  /// - Parameter order: A permutation of the rows.
  @inlinable
  package mutating func reorder(_ order: [Int32]) {
    guard !isEmpty else { return }
    precondition(order.count == count, "a place for each row")
    var isPlaced = [Bool](repeating: false, count: count)
    // Cycle by cycle: each place takes the row that belongs there and leaves its own free.
    for start in indices where !isPlaced[start] {
      let first = self[start]
      var place = start
      while !isPlaced[place] {
        isPlaced[place] = true
        let source = Int(order[place])
        self[place] = source == start ? first : self[source]
        place = source
      }
    }
  }

  /// Drops the rows that are not marked.
  @inlinable
  package mutating func keep(_ isKept: [Bool]) {
    guard !isEmpty else { return }
    precondition(isKept.count == count, "a mark for each row")
    var next = 0
    for row in isKept.indices where isKept[row] {
      self[next] = self[row]
      next += 1
    }
    removeLast(count - next)
  }
}
