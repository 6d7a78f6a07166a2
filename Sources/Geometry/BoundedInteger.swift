extension Int {
  /// The whole part of a number, kept inside a range: its lower end for what lies below or is no number, its upper end for what lies above.
  ///
  /// `Int(_:)` ends the program where its number is infinite, no number, or beyond 64 bits; a number that comes from an input may be any
  /// of these.
  ///
  /// - Parameters:
  ///   - value: Rounded towards zero, as `Int(_:)` does.
  ///   - range: Its ends should be exact as doubles, that is below 2⁵³ in magnitude.
  @inlinable
  public init(bounded value: Double, in range: ClosedRange<Int>) {
    guard value > Double(range.lowerBound) else {
      self = range.lowerBound
      return
    }
    // Bounded by both comparisons; a value below the upper end as a double may still round to it.
    self = value < Double(range.upperBound) ? Swift.min(Int(value), range.upperBound) : range.upperBound
  }
}
