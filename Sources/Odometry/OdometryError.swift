/// Why a path cannot be found, in one sentence.
public enum OdometryError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Two cameras whose places are not known, or in one place.
  case noPlace
  /// In none of the frames after the first was the scene found again.
  case nothingFollowed(frames: Int, reason: String)
  /// A camera of known height that sees no ground where it moves.
  case noGround(frames: [Range<Int>])

  /// The sentence.
  public var description: String {
    switch self {
    case .noPlace:
      "cannot use both cameras: where the right one stands is not told, or it stands in the left one's place; calibrate with --right"
    case .nothingFollowed(let frames, let reason):
      "cannot find a path: in none of the \(frames) frames after the first was the scene found again; \(reason)"
    case .noGround(let frames):
      "cannot tell metres from the camera's height: among the points of frames "
        + frames.prefix(5).map { "\($0.lowerBound) to \($0.upperBound - 1)" }.joined(separator: ", ")
        + " no plane lies below the camera; is the camera level, and is the ground in sight?"
    }
  }
}
