/// Fields of comma-separated text (RFC 4180).
public enum CSVField {
  /// The text, in quotes where it holds a comma, a quote or a line end.
  public static func quoted(_ text: String) -> String {
    let needsQuotes = text.utf8.contains { [0x2C, 0x22, 0x0A, 0x0D].contains($0) }
    guard needsQuotes else { return text }
    return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }
}
