import Geometry
import Imaging

/// What an estimator of the camera's motion knows of the frames so far, to go on with another time.
public struct CameraMotionMemory: Sendable, Codable {
  /// The picture that the next one is compared with; its features and scales are found again, which gives the same.
  var reference: Image?
  /// For each feature of the reference 1 where an object covers it.
  var ignored: [UInt8]
  var last: Image?
  var referenceToLast: Homography
  var velocity: Homography
  var change: SceneChange
  var heldFrames: Int
}
