import Geometry

/// The percentile intervals of differences between two results on the same parts (sequences, images), by drawing parts with replacement.
///
/// - Source: B. Efron, R. Tibshirani, An introduction to the bootstrap, 1993, chapter 13. Paired: both results are scored on the same draw.
public struct PairedBootstrap: Sendable {
  /// What fixes the draws.
  public var seed: UInt64
  /// How often parts are drawn.
  public var draws: Int

  /// Draws with the convention's count of 2000 for 95 % intervals.
  public init(seed: UInt64 = 0, draws: Int = 2000) {
    self.seed = seed
    self.draws = draws
  }

  /// The interval of one score's difference.
  public struct Interval: Sendable, Equatable {
    /// The difference on the parts as they are.
    public var difference: Double
    /// The 2.5 % quantile of the drawn differences.
    public var low: Double
    /// The 97.5 % quantile of the drawn differences.
    public var high: Double
    /// Whether 0 lies outside of the interval.
    public var isClear: Bool { low > 0 || high < 0 }
  }

  /// The intervals that hold 95 % of the drawn differences, one for each score.
  ///
  /// - Parameters:
  ///   - count: The number of parts.
  ///   - differences: The differences of the scores on a choice of parts, given by how often each occurs in it. Differences that are not
  ///     numbers (a class that the draw does not hold) are left out.
  /// - Returns: nil for fewer than two parts, of which nothing can be drawn, and for a score that too few draws defined.
  public func intervals(of count: Int, differences: (_ occurrences: [Int]) -> [Double]) -> [Interval?]? {
    guard count > 1, draws > 1 else { return nil }
    var generator = SplitMix64(seed: seed)
    let whole = differences(Array(repeating: 1, count: count))
    var drawn = Array(repeating: [Double](), count: whole.count)
    var occurrences = Array(repeating: 0, count: count)
    for _ in 0..<draws {
      for index in 0..<count { occurrences[index] = 0 }
      for _ in 0..<count { occurrences[generator.remainder(below: count)] += 1 }
      for (index, value) in differences(occurrences).enumerated() where value.isFinite { drawn[index].append(value) }
    }
    return zip(whole, drawn).map { difference, values in
      guard difference.isFinite, values.count >= draws / 2 else { return nil }
      let sorted = values.sorted()
      return Interval(difference: difference, low: Self.quantile(sorted, 0.025), high: Self.quantile(sorted, 0.975))
    }
  }

  /// The value below which a share of ascending values lies, between its neighbours.
  package static func quantile(_ sorted: [Double], _ share: Double) -> Double {
    let place = share * Double(sorted.count - 1)
    let low = Int(bounded: place, in: 0...sorted.count - 1)
    let high = min(low + 1, sorted.count - 1)
    return sorted[low] + (place - Double(low)) * (sorted[high] - sorted[low])
  }
}

extension SplitMix64 {
  /// A whole number in 0 ..< bound by the remainder, whose bias is below bound / 2⁶⁴: intervals stay those of earlier versions.
  fileprivate mutating func remainder(below bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
