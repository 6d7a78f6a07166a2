/// A bad line of a file, or the first of several with one cause.
public struct LineProblem: Sendable, Hashable, CustomStringConvertible {
  /// From 1.
  public var line: Int
  /// What is wrong, beginning in lower case and without a full stop.
  public var reason: String

  /// How many lines have this cause, this one included.
  public var count: Int

  /// - Parameters:
  ///   - line: From 1.
  ///   - reason: What is wrong, beginning in lower case and without a full stop.
  ///   - count: How many lines have this cause, this one included.
  public init(line: Int, reason: String, count: Int = 1) {
    self.line = line
    self.reason = reason
    self.count = count
  }

  /// The line, what is wrong with it, and how many more have the same fault.
  public var description: String {
    "line \(line): \(reason)" + (count == 1 ? "" : " (the same in \(count - 1) more line\(count == 2 ? "" : "s"))")
  }
}
