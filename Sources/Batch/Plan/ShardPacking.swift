import Geometry

/// Divides units into shards of like cost: the longest first, each to the shard that has least so far.
///
/// R. L. Graham, "Bounds on multiprocessing timing anomalies" (1969): no shard is longer than 4/3 of the best division's longest.
enum ShardPacking {
  /// - Parameters:
  ///   - costs: Of each unit.
  ///   - target: What a shard should cost.
  /// - Returns: The units of each shard by descending cost; the costliest shard first. No shard is empty.
  static func shards(of costs: [Double], target: Double) -> [[Int]] {
    guard !costs.isEmpty else { return [] }
    let total = costs.reduce(0, +)
    let count = Int(bounded: (total / target).rounded(.up), in: 1...costs.count)
    let order = costs.indices.sorted { (costs[$1], $0) < (costs[$0], $1) }
    var shards = [[Int]](repeating: [], count: count)
    var loads = LeastFirst(count: count)
    for unit in order { shards[loads.addToLeast(costs[unit])].append(unit) }
    let sums = shards.map { $0.reduce(0) { $0 + costs[$1] } }
    return shards.indices.sorted { (sums[$1], $0) < (sums[$0], $1) }.map { shards[$0] }.filter { !$0.isEmpty }
  }
}

/// Sums that grow one at a time, the least of them always at hand: a binary heap.
private struct LeastFirst {
  private var heap: [(sum: Double, index: Int)]

  init(count: Int) { heap = (0..<count).map { (0, $0) } }

  /// Adds to the least sum, of equal ones to the first, and tells which it was.
  mutating func addToLeast(_ value: Double) -> Int {
    let index = heap[0].index
    heap[0].sum += value
    var parent = 0
    while true {
      let children = [2 * parent + 1, 2 * parent + 2].filter { $0 < heap.count }
      guard let least = children.min(by: { heap[$0] < heap[$1] }), heap[least] < heap[parent] else { return index }
      heap.swapAt(least, parent)
      parent = least
    }
  }
}
