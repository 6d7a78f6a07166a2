/// Why no depth could be found, in one sentence.
public enum DepthError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The pictures of a pair differ in size.
  case sizesDiffer(left: String, right: String)
  /// The search takes more memory than is allowed.
  case tooLarge(detail: String)
  /// The cameras do not tell a stereo pair.
  case noPair(detail: String)
  /// One input has pictures that the other has no partners for.
  case unpaired(detail: String)

  /// The sentence.
  public var description: String {
    switch self {
    case .sizesDiffer(let left, let right): "cannot match the pictures: the left one has \(left) pixels and the right one \(right)"
    case .tooLarge(let detail): "cannot match the pictures: \(detail); reduce them or the largest disparity"
    case .noPair(let detail): "cannot measure depth with these cameras: \(detail)"
    case .unpaired(let detail): "cannot match the inputs: \(detail)"
    }
  }
}
