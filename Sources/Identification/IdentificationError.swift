/// Why a model cannot be identified or run, each told in one sentence.
public enum IdentificationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A range of rows is empty, outside the record or too short for what is asked.
  case rows(what: String, range: Range<Int>, count: Int, needed: Int)
  /// A signal does not change, so that nothing can be learned from it.
  case constant(signal: String)
  /// A signal has numbers whose squares leave the range of a Double.
  case tooLarge(signal: String)
  /// A setting is out of range, or does not go with the others.
  case setting(Setting, String)
  /// A simulation left every bound.
  case diverged(what: String, row: Int)
  /// The model found is not stable.
  case unstable(radius: Double)
  /// The equations of the start have no solution.
  case degenerate(String)
  /// A model file is not what it should be.
  case malformedModel(String)

  /// What a caller can give otherwise.
  public enum Setting: Sendable, Equatable {
    case signals, states, form, clock, intervals, smoothness
  }

  /// One sentence: what failed, on what, and what to do.
  public var description: String {
    switch self {
    case .rows(let what, let range, let count, let needed):
      "cannot use rows \(range.lowerBound):\(range.upperBound) for \(what): the record has \(count) rows and \(what) needs at least \(needed) of them"
    case .constant(let signal):
      "cannot identify from \(signal): it is constant over the training rows; give rows in which it changes"
    case .tooLarge(let signal):
      "cannot identify from \(signal): it has numbers of more than 1e140, whose squares cannot be held; divide it by their size"
    case .setting(_, let text): "cannot identify: \(text)"
    case .diverged(let what, let row):
      "cannot use the model: its free run over \(what) leaves all bounds at row \(row); use fewer states, fewer intervals or more smoothness"
    case .unstable(let radius):
      "cannot use the model: its linear part is unstable (largest pole of magnitude \(radius)); use fewer states or other training rows"
    case .degenerate(let what):
      "cannot identify \(what): the rows do not determine it; use fewer states or rows in which the input changes more"
    case .malformedModel(let reason): "cannot use the model: \(reason)"
    }
  }
}
