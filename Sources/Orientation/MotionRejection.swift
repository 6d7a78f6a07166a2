/// Why a homography is not believed.
public enum MotionRejection: String, Sendable, CaseIterable {
  /// Not finite, or no model at all.
  case noModel
  /// Too few pairs agree.
  case tooFewInliers
  /// The pairs that agree are too small a share of all.
  case tooSmallShare
  /// The pairs that agree lie in one small part of the picture.
  case tooConcentrated
  /// The scale is out of range, or the picture would be mirrored.
  case scale
  /// The line that goes to infinity crosses the picture, or nearly does.
  case horizon
  /// A corner of the picture moves too far.
  case tooFar
  /// The picture's corners do not form a convex quadrilateral any more.
  case notConvex
  /// The pictures do not look alike under the map.
  case appearance
}
