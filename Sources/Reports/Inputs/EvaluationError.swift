/// What can go wrong with an evaluation, each told in one sentence.
public enum EvaluationError: Error, Sendable, Equatable {
  /// Something that the evaluation needs is not there: what it is, and where it was looked for.
  case missing(what: String, lookedFor: [String])
  /// An input is readable but cannot be evaluated.
  case unusable(path: String, reason: String)
  /// Inputs, or an input and an option, do not fit together.
  case inconsistent(reason: String)
  /// An option's value that cannot be.
  case invalidOption(name: String, reason: String)
  /// Something was asked for by a name that nothing has: what it is, the name, and the names that there are.
  case unknown(what: String, name: String, known: [String])
}

extension EvaluationError: CustomStringConvertible {
  /// One sentence without a full stop.
  public var description: String {
    switch self {
    case .missing(let what, let places):
      "cannot find \(what)" + (places.isEmpty ? "" : "; looked for " + places.joined(separator: ", "))
    case .unusable(let path, let reason): "cannot evaluate \(path): \(reason)"
    case .inconsistent(let reason): "cannot evaluate: \(reason)"
    case .invalidOption(let name, let reason): "cannot use \(name): \(reason)"
    case .unknown(let what, let name, let known): "there is no \(what) '\(name)'" + Self.list(known)
    }
  }

  /// The names that there are, of a long list the first ones.
  private static func list(_ known: [String]) -> String {
    let shown = 40
    return known.isEmpty
      ? ""
      : "; there are " + known.prefix(shown).joined(separator: ", ")
        + (known.count > shown ? " and \(known.count - shown) more" : "")
  }
}
