import Geometry

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

/// What a homography must fulfil to be reported (`camera.md` section 2).
struct MotionTest {
  var minimumInliers = 15
  /// Of all matches.
  var minimumShare = 0.10
  /// The area of the inliers' convex hull, as a share of the picture's.
  var minimumHull = 0.15
  /// The determinant of the upper left 2×2.
  var determinants = 0.2...5.0
  /// |h₃₁| and |h₃₂| per pixel of a picture 640 pixels wide.
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
    let perspective = maximumPerspective * 640 / width
    guard abs(h.h31) <= perspective, abs(h.h32) <= perspective else { return .horizon }
    guard determinants.contains(h.h11 * h.h22 - h.h12 * h.h21) else { return .scale }
    let mapped = corners.map(h.apply)
    let diagonal = Point(width, height).length
    guard zip(corners, mapped).allSatisfy({ ($1 - $0).length <= maximumMotion * diagonal }) else { return .tooFar }
    return ConvexHull.isConvex(mapped) ? nil : .notConvex
  }
}

/// Convexity of small sets of points.
enum ConvexHull {
  /// The hull's corners, clockwise on the screen (Andrew's monotone chain, 1979).
  static func corners(of points: [Point]) -> [Point] {
    let sorted = points.sorted { ($0.x, $0.y) < ($1.x, $1.y) }
    guard sorted.count > 2 else { return sorted }
    return half(sorted) + half(sorted.reversed())
  }

  /// One of the two chains without its last point.
  private static func half(_ points: [Point]) -> [Point] {
    var chain: [Point] = []
    for point in points {
      while chain.count > 1, (chain[chain.count - 1] - chain[chain.count - 2]).cross(point - chain[chain.count - 1]) <= 0 {
        chain.removeLast()
      }
      chain.append(point)
    }
    chain.removeLast()
    return chain
  }

  /// Whether the corners, in their order, turn clockwise on the screen everywhere.
  static func isConvex(_ corners: [Point]) -> Bool {
    corners.indices.allSatisfy { index in
      let (a, b, c) = (corners[index], corners[(index + 1) % corners.count], corners[(index + 2) % corners.count])
      return (b - a).cross(c - b) > 0
    }
  }
}
