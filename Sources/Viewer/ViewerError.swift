/// Why tracks cannot be shown, one sentence each.
public enum ViewerError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The stream has nothing to show.
  case nothingToShow(path: String, reason: String)
  /// More rows than the page takes.
  case tooLarge(path: String, rows: Int)
  /// The server cannot listen.
  case cannotListen(port: Int, reason: String)
  /// The list of decisions of a review is not what it should be.
  case review(path: String, line: Int, reason: String)

  /// One sentence.
  public var description: String {
    switch self {
    case .nothingToShow(let path, let reason): "cannot show \(path): \(reason)"
    case .tooLarge(let path, let rows): "cannot show \(path): it has more than \(rows) rows; show a part of it"
    case .cannotListen(let port, let reason):
      "cannot serve the page on port \(port): \(reason); give another (--port), or 0 for any"
    case .review(let path, let line, let reason): "cannot use the review \(path), line \(line): \(reason)"
    }
  }
}
