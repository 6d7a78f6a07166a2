/// Text from a file in a message for people.
public enum MessageText {
  /// The longest text that a message repeats, in characters.
  private static let greatestLength = 2000

  /// The text without what would steer a terminal (control characters, ESC and BEL among them) or turn its direction, each replaced by
  /// a question mark, and no longer than a message should be.
  public static func printable(_ text: String) -> String {
    var shown = String.UnicodeScalarView()
    for scalar in text.unicodeScalars.prefix(greatestLength) { shown.append(steers(scalar) ? "?" : scalar) }
    return String(shown) + (text.unicodeScalars.count > greatestLength ? "…" : "")
  }

  private static func steers(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0: true
    // Marks and overrides of the direction of writing, line and paragraph separators.
    case 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
