import Foundation

/// How often numbers of each magnitude were seen: bins of equal width from zero up.
public struct MagnitudeHistogram: Sendable {
  /// Bins of a histogram that is filled from samples; as ONNX Runtime and TensorRT have it.
  public static let binCount = 2048
  /// Levels that a magnitude has in eight bits with a sign.
  public static let levelCount = 128
  /// What stands for no probability where a logarithm is taken.
  private static let floor = 1e-12

  /// Numbers in each bin.
  public private(set) var counts: [Int]
  /// Numbers of the first bin that are zero.
  public private(set) var zeroCount = 0
  /// The width of a bin.
  public let width: Float

  /// - Parameter width: The width of a bin, above zero.
  public init(counts: [Int], width: Float) { (self.counts, self.width) = (counts, width) }

  /// A histogram of magnitudes up to `largest`.
  public init(largest: Float) {
    self.init(counts: [Int](repeating: 0, count: MagnitudeHistogram.binCount), width: largest / Float(MagnitudeHistogram.binCount))
  }

  /// Counts numbers; those that are not finite are left out.
  public mutating func add(_ numbers: [Float]) {
    guard width > 0 else { return }
    let (scale, last) = (1 / width, counts.count - 1)
    counts.withUnsafeMutableBufferPointer { counts in
      for number in numbers where number.isFinite {
        // Bounded: cut off at the last bin before it becomes a whole number.
        counts[Int(min(abs(number) * scale, Float(last)))] += 1
      }
    }
    zeroCount += numbers.reduce(0) { $0 + ($1 == 0 ? 1 : 0) }
  }

  /// The upper edge of the first bin up to which `percent` of the numbers lie; the end of the last bin for an empty histogram.
  public func percentile(_ percent: Double) -> Float {
    let total = counts.reduce(0, +)
    var sum = 0
    for (bin, count) in counts.enumerated() {
      sum += count
      if total > 0, Double(sum) >= percent / 100 * Double(total) { return Float(bin + 1) * width }
    }
    return Float(counts.count) * width
  }

  /// The limit at which the numbers below it, on levels, are nearest to all of them: the least divergence (Migacz, "8-bit inference with
  /// TensorRT", 2017), half a bin above the last one kept. Zeros do not count: every limit tells them exactly, and where they are most of the
  /// numbers their share would hide what a small limit does to the others.
  public func entropy(levels: Int = levelCount) -> Float {
    guard counts.count > levels else { return Float(counts.count) * width }
    var others = self
    others.counts[0] -= zeroCount
    var best = (bins: counts.count, divergence: Double.infinity)
    for bins in levels...counts.count {
      let found = others.divergence(bins: bins, levels: levels)
      if found < best.divergence { best = (bins, found) }
    }
    return min((Float(best.bins) + 0.5) * width, Float(counts.count) * width)
  }

  /// The divergence, in nats, of the first `bins` on levels from the same bins with the numbers beyond them in the last one.
  public func divergence(bins: Int, levels: Int) -> Double {
    let kept = counts[..<bins]
    let inside = kept.reduce(0, +)
    let total = counts.reduce(0, +)
    guard inside > 0, bins >= levels else { return .infinity }
    var divergence = 0.0
    for level in 0..<levels {
      let range = level * bins / levels..<(level + 1) * bins / levels
      let full = range.reduce(0) { $0 + (counts[$1] > 0 ? 1 : 0) }
      let mean = full == 0 ? 0 : Double(range.reduce(0) { $0 + counts[$1] }) / Double(full)
      for bin in range {
        let seen = Double(counts[bin] + (bin == bins - 1 ? total - inside : 0)) / Double(total)
        guard seen > 0 else { continue }
        let told = counts[bin] > 0 ? mean / Double(inside) : 0
        divergence += seen * log(seen / max(told, MagnitudeHistogram.floor))
      }
    }
    return divergence
  }
}
