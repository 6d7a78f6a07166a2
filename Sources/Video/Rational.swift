/// A ratio of whole numbers: a time base (seconds per tick), a frame rate, a pixel's aspect.
public struct Rational: Hashable, Sendable, Codable, CustomStringConvertible {
  /// The upper number.
  public var numerator: Int
  /// Positive, or 0 where the ratio is unknown.
  public var denominator: Int

  /// A fraction as it is, not reduced.
  public init(_ numerator: Int, _ denominator: Int) {
    self.numerator = numerator
    self.denominator = denominator
  }

  /// The ratio as a number; 0 where it is unknown.
  public var value: Double { denominator == 0 ? 0 : Double(numerator) / Double(denominator) }

  /// Whether both parts are positive.
  public var isPositive: Bool { numerator > 0 && denominator > 0 }

  /// Numerator and denominator exchanged.
  public var inverse: Rational { Rational(denominator, numerator) }

  /// `numerator/denominator`.
  public var description: String { "\(numerator)/\(denominator)" }

  /// What so many ticks of this time base last, in seconds.
  public func seconds(_ ticks: Int64) -> Double {
    denominator == 0 ? 0 : Double(ticks) * Double(numerator) / Double(denominator)
  }

  /// The ticks of this time base that come nearest to a time in seconds, clamped to what 64 bits can hold.
  public func ticks(_ seconds: Double) -> Int64 {
    guard numerator != 0 else { return 0 }
    let exact = (seconds * Double(denominator) / Double(numerator)).rounded()
    // Bounded: within 64 bits.
    return Int64(min(max(exact, -9.2e18), 9.2e18))
  }
}
