/// How the camera moved from the previous frame to the present one, as the image shows it.
public struct CameraMotion: Hashable, Sendable, Codable {
  /// What is known of a motion.
  public enum Status: String, Sendable, CaseIterable, Codable {
    /// The first frame: there is nothing to compare with.
    case first
    /// A homography was estimated and passed its tests.
    case ok
    /// The camera did not move: the homography is the identity.
    case isStatic = "static"
    /// No trustworthy estimate (too little texture, too few inliers); the homography is the identity or the last good guess.
    case degenerate
    /// The scene changed: the frames do not show the same place.
    case cut
  }

  /// How far the homography can be trusted.
  public var status: Status
  /// Maps the previous frame to the present one, in full-resolution pixels of the displayed picture.
  public var homography: Homography
  /// The number of matches that agree with the homography.
  public var inliers: Int

  /// A motion as it was found.
  public init(status: Status, homography: Homography, inliers: Int) {
    self.status = status
    self.homography = homography
    self.inliers = inliers
  }

  /// The motion of a camera that stands still.
  public static let still = CameraMotion(status: .isStatic, homography: .identity, inliers: 0)
  /// The motion before the first frame.
  public static let first = CameraMotion(status: .first, homography: .identity, inliers: 0)
}
