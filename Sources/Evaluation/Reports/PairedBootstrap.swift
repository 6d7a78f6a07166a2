/// The percentile interval of a difference between two results on the same sequences, by drawing sequences with replacement.
///
/// - Source: B. Efron, R. Tibshirani, An introduction to the bootstrap, 1993, chapter 13. Paired: both results are scored on the same draw.
public struct PairedBootstrap: Sendable {
  public var seed: UInt64
  public var draws: Int

  public init(seed: UInt64 = 0, draws: Int = 2000) {
    self.seed = seed
    self.draws = draws
  }

  public struct Interval: Sendable, Equatable {
    /// The difference on the sequences as they are.
    public var difference: Double
    public var low: Double
    public var high: Double
    /// Whether 0 lies outside of the interval.
    public var isClear: Bool { low > 0 || high < 0 }
  }

  /// The interval that holds 95 % of the drawn differences.
  ///
  /// - Parameters:
  ///   - count: The number of sequences.
  ///   - difference: The difference of the scores on a choice of sequences, given by their positions (some may occur several times).
  /// - Returns: nil for fewer than two sequences, of which nothing can be drawn.
  public func interval(of count: Int, difference: (_ sequences: [Int]) -> Double) -> Interval? {
    guard count > 1, draws > 1 else { return nil }
    var generator = SeededGenerator(seed: seed)
    var choice = Array(repeating: 0, count: count)
    var differences: [Double] = []
    differences.reserveCapacity(draws)
    for _ in 0..<draws {
      for position in choice.indices { choice[position] = generator.below(count) }
      differences.append(difference(choice))
    }
    differences.sort()
    return Interval(
      difference: difference(Array(0..<count)), low: Self.quantile(differences, 0.025), high: Self.quantile(differences, 0.975))
  }

  private static func quantile(_ sorted: [Double], _ share: Double) -> Double {
    let place = share * Double(sorted.count - 1)
    let low = Int(place)
    let high = min(low + 1, sorted.count - 1)
    return sorted[low] + (place - Double(low)) * (sorted[high] - sorted[low])
  }
}
