/// The bad lines of a file by their cause: each cause is told once, with the first line that has it and how many do.
public struct LineProblems {
  /// How many causes an error tells unless it is asked for more or fewer.
  public static let usualLimit = 3
  /// Bad lines beyond these are counted without a look at their cause, so that a large file of another kind is through soon.
  private static let examinedLines = 10_000

  private let limit: Int
  private var lines: [LineProblem] = []
  private var placeOfCause: [String: Int] = [:]
  private var total = 0

  init(limit: Int = usualLimit) { self.limit = max(1, limit) }

  mutating func add(line: Int, _ reason: @autoclosure () -> String) {
    total += 1
    guard total <= LineProblems.examinedLines else { return }
    let reason = reason()
    let cause = LineProblems.cause(of: reason)
    if let place = placeOfCause[cause] {
      lines[place].count += 1
    } else if lines.count < limit {
      placeOfCause[cause] = lines.count
      lines.append(LineProblem(line: line, reason: reason))
    }
  }

  /// - Throws: `RecordsError.malformedLines` where a line was bad.
  func throwIfAny(path: String) throws(RecordsError) {
    if total > 0 { throw .malformedLines(path: path, lines: lines, total: total) }
  }

  /// The reason without what is only this line's: what it quotes, and its numbers but for those of columns.
  private static func cause(of reason: String) -> String {
    let unquoted = reason.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset % 2 == 0 }.map(\.element)
    let words = unquoted.joined().split(separator: " ")
    return zip([""] + words, words)
      .map { before, word in before == "column" ? String(word) : word.filter { !$0.isNumber } }.joined(separator: " ")
  }
}
