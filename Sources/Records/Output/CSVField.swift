/// Fields of comma-separated text (RFC 4180).
public enum CSVField {
  /// The text, in quotes where it holds a comma, a quote or a line end.
  public static func quoted(_ text: String) -> String {
    let needsQuotes = text.utf8.contains { [0x2C, 0x22, 0x0A, 0x0D].contains($0) }
    guard needsQuotes else { return text }
    return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }

  /// The fields of a line without its end, out of their quotes; nil where a quote is not closed, or something stands behind one that is.
  public static func fields(of line: Substring) -> [String]? {
    var fields: [String] = []
    var rest = line
    while true {
      guard let field = next(&rest) else { return nil }
      fields.append(field)
      guard rest.popFirst() != nil else { return fields }
    }
  }

  /// A field at the beginning of the rest, up to the comma or the end.
  private static func next(_ rest: inout Substring) -> String? {
    guard rest.first == "\"" else {
      let field = rest.prefix { $0 != "," }
      rest = rest[field.endIndex...]
      return String(field)
    }
    rest.removeFirst()
    var text = ""
    while let character = rest.popFirst() {
      guard character == "\"" else {
        text.append(character)
        continue
      }
      guard rest.first == "\"" else { return rest.isEmpty || rest.first == "," ? text : nil }
      text.append(rest.removeFirst())
    }
    return nil
  }
}
