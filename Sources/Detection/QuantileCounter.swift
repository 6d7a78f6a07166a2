/// Counts of values in [0, limit), from which quantiles are read: one pass, no sorting.
struct QuantileCounter {
  private var counts: [Int32]
  private let binsPerUnit: Float
  private(set) var total = 0

  init(limit: Float, bins: Int) {
    counts = [Int32](repeating: 0, count: bins)
    binsPerUnit = Float(bins) / limit
  }

  /// Values beyond the limit count at the limit; negative ones and NaN at 0.
  @inline(__always)
  mutating func add(_ value: Float) {
    let position = value * binsPerUnit
    // Bounded: by the last bin, and what is no number is in the first.
    let bin = position >= 0 ? Int(min(position, Float(counts.count - 1))) : 0
    counts[bin] += 1
    total += 1
  }

  mutating func removeAll() {
    for i in counts.indices { counts[i] = 0 }
    total = 0
  }

  /// The middle of the bin that holds the quantile; 0 without values.
  func quantile(_ share: Double) -> Double {
    let wanted = Double(total) * share
    var seen = 0.0
    for (bin, count) in counts.enumerated() {
      seen += Double(count)
      if count > 0, seen >= wanted { return (Double(bin) + 0.5) / Double(binsPerUnit) }
    }
    return 0
  }
}
