/// Why a curve cannot be made or fitted.
public enum SplineError: Error, Sendable, Equatable, CustomStringConvertible {
  case invalidGrid(lower: Double, upper: Double, intervals: Int)
  case coefficientCount(found: Int, expected: Int)
  case notFinite(what: String)
  case tooFewPoints(found: Int, needed: Int)
  case degenerateFit(what: String)

  /// One sentence: what failed, on what, and what to do.
  public var description: String {
    switch self {
    case .invalidGrid(let lower, let upper, let intervals):
      "cannot make a grid of \(intervals) intervals on [\(lower), \(upper)]: it needs finite ends in rising order and 1 to \(SplineGrid.maximumIntervals) intervals"
    case .coefficientCount(let found, let expected):
      "cannot make a curve of \(found) coefficients: its grid needs \(expected)"
    case .notFinite(let what): "cannot use \(what): a number is not finite; remove or mend it"
    case .tooFewPoints(let found, let needed): "cannot fit a curve to \(found) points: it needs \(needed)"
    case .degenerateFit(let what): "cannot fit \(what): the points do not determine it; give more of them or a larger ridge"
    }
  }
}
