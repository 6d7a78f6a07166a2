import Geometry

/// The motion between two analysed frames, in their pixels.
struct FrameMotion {
  var homography: Homography
  var inliers: Int
  /// Whether the frames show no motion beyond the measurement's noise.
  var isStatic = false
  /// How many cells of the picture hold points that agree, see `RobustFit.coverage`.
  var coverage = 0
}
