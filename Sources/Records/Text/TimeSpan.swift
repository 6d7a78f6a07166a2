/// Spans of time as people write them: `90min`, `3h`, `1.5d`, `30s`.
public enum TimeSpan {
  private static let units: [(suffix: String, seconds: Double)] = [("min", 60), ("h", 3600), ("d", 86400), ("s", 1)]

  /// Seconds, at least 0 and finite; nil for a text that is no such span.
  public static func seconds(_ text: String) -> Double? {
    guard let unit = units.first(where: { text.hasSuffix($0.suffix) }), let number = Double(text.dropLast(unit.suffix.count)) else {
      return nil
    }
    let seconds = number * unit.seconds
    return seconds >= 0 && seconds.isFinite ? seconds : nil
  }
}
