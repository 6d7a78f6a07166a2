public import NetworkGraph

/// What was seen of a value's numbers.
public struct ValueRange: Sendable {
  /// The least and the greatest finite number; zero where none is beyond it.
  public private(set) var low: Float = 0
  public private(set) var high: Float = 0
  private var histogram: MagnitudeHistogram?

  /// Nothing seen yet.
  public init() {}

  /// The range of two values that share their bytes; the magnitudes are counted anew.
  public func joined(_ other: ValueRange) -> ValueRange {
    var result = ValueRange()
    (result.low, result.high) = (min(low, other.low), max(high, other.high))
    return result
  }

  /// Widens the bounds to hold numbers.
  public mutating func widen(_ numbers: [Float]) {
    for number in numbers where number.isFinite { (low, high) = (min(low, number), max(high, number)) }
  }

  /// Counts magnitudes, which the bounds must hold already.
  public mutating func count(_ numbers: [Float]) {
    if histogram == nil { histogram = MagnitudeHistogram(largest: max(-low, high)) }
    histogram?.add(numbers)
  }

  /// The grid of bytes by a rule; nil where nothing but zero was seen.
  public func grid(_ rule: RangeRule) -> ByteGrid? {
    var limit = max(-low, high)
    switch rule {
    case .all: break
    case .percentile(let percent): limit = histogram?.percentile(percent) ?? limit
    case .entropy: limit = histogram?.entropy() ?? limit
    }
    return ByteGrid(low: max(low, -limit), high: min(high, limit))
  }
}
