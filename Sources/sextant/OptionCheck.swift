/// Checks of option values, one message form for all.
enum OptionCheck {
  /// The value, where it lies in the range.
  ///
  /// - Throws: `CommandError.usage` where it does not.
  static func value<Value: Comparable & CustomStringConvertible>(
    _ value: Value, of option: String, in range: ClosedRange<Value>, unit: String
  ) throws -> Value {
    // A NaN compares false with both ends and so is refused too.
    guard value >= range.lowerBound, value <= range.upperBound else {
      let suffix = unit.isEmpty ? "" : " \(unit)"
      throw CommandError.usage("\(option) \(value) is out of range: give \(range.lowerBound) to \(range.upperBound)\(suffix)")
    }
    return value
  }
}
