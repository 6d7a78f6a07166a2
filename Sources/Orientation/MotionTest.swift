import Geometry

/// What a homography must fulfil to be reported; docs/camera-motion.md, "What is believed", has the reasons and where the limits come from.
struct MotionTest {
  /// Pairs that agree.
  var minimumInliers = 15
  /// Of all matches.
  var minimumShare = 0.10
  /// The area of the inliers' convex hull, as a share of the picture's.
  var minimumHull = 0.15
  /// The determinant of the upper left 2×2.
  var determinants = 0.2...5.0
  /// |h₃₁| and |h₃₂| per pixel of a picture as wide as `AnalysisSize.maximumWidth`.
  var maximumPerspective = 2e-3
  /// The greatest motion of a corner as a share of the diagonal.
  var maximumMotion = 0.25

  /// Between frames: wider than the customary quarter, as every motion here is confirmed by the pictures' brightness or by many features.
  /// A video of two frames per second moves that far.
  static let betweenFrames = MotionTest(maximumMotion: 0.35)

  /// The same for a similarity, whose few parameters bear extrapolation better.
  var forSimilarity: MotionTest {
    var test = self
    test.minimumHull = 0.02
    return test
  }

  /// The first condition that is not met; nil where all are.
  ///
  /// - Parameters:
  ///   - points: The inliers' places in the first picture, in its pixels.
  ///   - matches: The number of all matches.
  ///   - width: Of the picture, in the pixels of the homography.
  func rejection(
    of h: Homography, points: [Point], matches: Int, width: Double, height: Double
  ) -> MotionRejection? {
    if let rejection = rejection(of: h, width: width, height: height) { return rejection }
    if points.count < minimumInliers { return .tooFewInliers }
    if Double(points.count) < minimumShare * Double(matches) { return .tooSmallShare }
    return isSpread(points, width: width, height: height) ? nil : .tooConcentrated
  }

  /// Whether the points' convex hull covers enough of the picture.
  func isSpread(_ points: [Point], width: Double, height: Double) -> Bool {
    ConvexPolygon.area(ConvexHull.corners(of: points)) >= minimumHull * width * height
  }

  /// The part of the test that needs no pairs.
  func rejection(of h: Homography, width: Double, height: Double) -> MotionRejection? {
    guard h.isFinite, h.h33 != 0 else { return .noModel }
    let corners = [Point(0, 0), Point(width, 0), Point(width, height), Point(0, height)]
    let denominators = corners.map { h.denominator(at: $0) }
    guard denominators.allSatisfy({ $0 > 0 }) || denominators.allSatisfy({ $0 < 0 }) else { return .horizon }
    let perspective = maximumPerspective * Double(AnalysisSize.maximumWidth) / width
    guard abs(h.h31) <= perspective, abs(h.h32) <= perspective else { return .horizon }
    guard determinants.contains(h.h11 * h.h22 - h.h12 * h.h21) else { return .scale }
    let mapped = corners.map(h.apply)
    let diagonal = Point(width, height).length
    guard zip(corners, mapped).allSatisfy({ ($1 - $0).length <= maximumMotion * diagonal }) else { return .tooFar }
    return ConvexHull.isConvex(mapped) ? nil : .notConvex
  }
}
