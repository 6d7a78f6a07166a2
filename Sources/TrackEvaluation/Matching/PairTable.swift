/// Numbers the pairs of a truth id and a result id that ever overlap, in the order of their first appearance.
///
/// An open-addressed table with linear probing: the metrics keep one plain array a quantity, indexed by these numbers.
struct PairTable: Sendable {
  /// The truth and result id of each pair.
  private(set) var truth: [Int32] = []
  private(set) var result: [Int32] = []
  /// The number of the pair in each slot, −1 for none; a power of two, at most half full.
  private var slots: [Int32] = Array(repeating: -1, count: 64)

  var count: Int { truth.count }

  /// The number of a pair, new where it was not known.
  mutating func number(truth g: Int32, result k: Int32) -> Int {
    let slot = self.slot(g, k)
    if slots[slot] >= 0 { return Int(slots[slot]) }
    let number = truth.count
    slots[slot] = Int32(number)
    truth.append(g)
    result.append(k)
    if truth.count * 2 > slots.count { grow() }
    return number
  }

  private func slot(_ g: Int32, _ k: Int32) -> Int {
    let key = UInt64(UInt32(bitPattern: g)) << 32 | UInt64(UInt32(bitPattern: k))
    // Fibonacci hashing spreads consecutive ids over the table.
    var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 20) & (slots.count - 1)
    while slots[slot] >= 0, truth[Int(slots[slot])] != g || result[Int(slots[slot])] != k {
      slot = (slot + 1) & (slots.count - 1)
    }
    return slot
  }

  private mutating func grow() {
    slots = Array(repeating: -1, count: slots.count * 2)
    for number in truth.indices { slots[slot(truth[number], result[number])] = Int32(number) }
  }
}
