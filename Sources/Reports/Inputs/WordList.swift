/// Names in a sentence.
package enum WordList {
  /// More names than these are only counted.
  private static let mostNames = 10

  /// `a`, `a and b`, `a, b and c`; of more than ten names the first ten and how many more there are.
  package static func text(_ names: some Collection<String>) -> String {
    var parts = Array(names.prefix(mostNames))
    if names.count > mostNames { parts.append("\(names.count - mostNames) more") }
    guard parts.count > 1, let last = parts.popLast() else { return parts.first ?? "" }
    return parts.joined(separator: ", ") + " and " + last
  }
}
