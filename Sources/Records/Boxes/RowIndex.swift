/// The rows of a table by an integer key, such as its frame or its identity: keys ascending, rows of one key in the table's order.
///
/// Takes 4 bytes per row, or none where the table is already in order.
public struct RowIndex: Sendable {
  /// The distinct keys in ascending order.
  public let keys: [Int32]
  /// Where the rows of each key begin in the order; one entry more than keys.
  private let starts: [Int32]
  /// The rows in the order of their keys; nil where that is the table's own order.
  private let order: [Int32]?

  /// - Complexity: O(n) for keys in a range of up to a few times n or in order, else O(n log n).
  public init(_ keysOfRows: [Int32]) {
    let order = RowIndex.stableOrder(of: keysOfRows)
    var keys: [Int32] = []
    var starts: [Int32] = []
    for position in keysOfRows.indices {
      let key = keysOfRows[order.map { Int($0[position]) } ?? position]
      if keys.last != key {
        keys.append(key)
        starts.append(Int32(position))
      }
    }
    starts.append(Int32(keysOfRows.count))
    self.keys = keys
    self.starts = starts
    self.order = order
  }

  /// The rows of one key: a collection of row numbers.
  public struct Rows: RandomAccessCollection, Sendable {
    fileprivate let order: [Int32]?
    /// Where the key's rows begin in the index's order.
    public let startIndex: Int
    /// Where they end.
    public let endIndex: Int
    /// The number of a row in the table.
    public subscript(position: Int) -> Int { order.map { Int($0[position]) } ?? position }
  }

  /// The rows of a key, none for a key that does not occur.
  public func rows(of key: Int) -> Rows {
    guard let key = Int32(exactly: key) else { return Rows(order: nil, startIndex: 0, endIndex: 0) }
    var low = 0
    var high = keys.count
    while low < high {
      let middle = (low + high) / 2
      if keys[middle] < key { low = middle + 1 } else { high = middle }
    }
    guard low < keys.count, keys[low] == key else { return Rows(order: nil, startIndex: 0, endIndex: 0) }
    return rows(at: low)
  }

  /// The rows of the key at a position in `keys`.
  public func rows(at position: Int) -> Rows {
    Rows(order: order, startIndex: Int(starts[position]), endIndex: Int(starts[position + 1]))
  }

  private static func stableOrder(of keys: [Int32]) -> [Int32]? {
    guard let low = keys.min(), let high = keys.max(), !zip(keys, keys.dropFirst()).allSatisfy({ $0 <= $1 }) else {
      return nil
    }
    let range = Int(high) - Int(low) + 1
    guard range <= 4 * keys.count + 1024 else {
      // The row number breaks ties, so the order is stable.
      return keys.indices.map(Int32.init).sorted { (keys[Int($0)], $0) < (keys[Int($1)], $1) }
    }
    var next = [Int32](repeating: 0, count: range + 1)
    for key in keys { next[Int(key) - Int(low) + 1] += 1 }
    for slot in 1...range { next[slot] += next[slot - 1] }
    var order = [Int32](repeating: 0, count: keys.count)
    for (row, key) in keys.enumerated() {
      let slot = Int(key) - Int(low)
      order[Int(next[slot])] = Int32(row)
      next[slot] += 1
    }
    return order
  }
}

extension BoxTable {
  /// The rows by frame, frames ascending, whatever the file's order.
  public func rowsByFrame() -> RowIndex { RowIndex(frames) }

  /// The rows by identity, −1 included; rows of one identity in the file's order.
  public func rowsByIdentity() -> RowIndex { RowIndex(ids) }

  /// Whether the rows' frames never go back.
  public var isSortedByFrame: Bool { zip(frames, frames.dropFirst()).allSatisfy { $0 <= $1 } }
}

extension BoxTable {
  /// The identities that occur more than once in a frame, by frame and then by first row; −1 is none.
  ///
  /// - Parameter among: Which rows count; all by default.
  public func duplicateIdentities(among isIncluded: (Int) -> Bool = { _ in true }) -> [DuplicateIdentity] {
    let index = rowsByFrame()
    var found: [DuplicateIdentity] = []
    for position in index.keys.indices {
      var rowsOfID: [Int32: [Int]] = [:]
      for row in index.rows(at: position) where ids[row] != -1 && isIncluded(row) {
        rowsOfID[ids[row], default: []].append(row)
      }
      found += rowsOfID.filter { $0.value.count > 1 }
        .map { DuplicateIdentity(frame: Int(index.keys[position]), id: Int($0.key), rows: $0.value) }
        .sorted { $0.rows[0] < $1.rows[0] }
    }
    return found
  }
}
