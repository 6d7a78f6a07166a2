/// Why a camera could not be calibrated, in one sentence.
public enum CalibrationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A board's name that means none.
  case noSuchBoard(text: String, reason: String)
  /// Too few views are left; the reasons of the others.
  case tooFewViews(used: Int, of: Int, reasons: [String])
  /// The views differ too little.
  case allAlike(detail: String)
  /// Pictures of several sizes.
  case otherSize(name: String, size: String, expected: String)
  /// The views do not determine the camera.
  case undetermined(detail: String)
  /// The paths of vehicles do not determine the camera.
  case traffic(detail: String)
  /// The camera's own motion does not determine it.
  case motion(detail: String)
  /// The inputs of two cameras do not belong together.
  case unpaired(detail: String)

  /// The sentence.
  public var description: String {
    switch self {
    case .noSuchBoard(let text, let reason): "\(text) is no board: \(reason)"
    case .tooFewViews(let used, let count, let reasons):
      "cannot calibrate: \(used) of \(count) pictures can be used and \(ViewSelection.leastViews) are needed"
        + (reasons.isEmpty ? "" : " (\(CalibrationError.listed(reasons)))")
    case .allAlike(let detail):
      "cannot calibrate: the views are all alike (\(detail)); turn and tilt the board, and show it all over the picture"
    case .otherSize(let name, let size, let expected):
      "cannot calibrate: \(name) has \(size) pixels and the pictures before it \(expected); calibrate each size by itself"
    case .undetermined(let detail): "cannot calibrate: \(detail); add views with the board tilted and near the borders"
    case .traffic(let detail): "cannot calibrate from traffic: \(detail)"
    case .motion(let detail): "cannot calibrate from motion: \(detail)"
    case .unpaired(let detail): "cannot calibrate two cameras: \(detail)"
    }
  }

  private static let listedReasons = 8

  private static func listed(_ reasons: [String]) -> String {
    let rest = reasons.count - listedReasons
    return reasons.prefix(listedReasons).joined(separator: "; ") + (rest > 0 ? "; and \(rest) more" : "")
  }
}
