public import Geometry
import Imaging

/// Two cameras that are fixed to each other, from pairs of views of one board.
public struct StereoCalibration: Sendable {
  /// The left camera by its own views.
  public var left: CameraCalibration
  /// The right one by its.
  public var right: CameraCalibration
  /// Maps points of the left camera's frame to the right one's, in metres.
  public var rightFromLeft: RigidTransform
  /// The root mean square of the reprojection errors of both, in pixels.
  public var error: Double
  /// The pairs that tell the place.
  public var pairCount: Int
  /// What a person should know.
  public var warnings: [String] = []

  /// The distance of the cameras in metres.
  public var baseline: Double { rightFromLeft.translation.length }

  /// Below this share of a square the cameras stand in one place.
  private static let leastBaseline = 0.05

  /// Places the right camera by the views that both have; each camera keeps what its own views told.
  ///
  /// - Throws: `CalibrationError`, or `ImagingError` from the library.
  public init(left: CameraCalibration, right: CameraCalibration, board: CalibrationBoard) throws {
    (self.left, self.right) = (left, right)
    let pairs = StereoCalibration.pairs(left.views, right.views)
    guard pairs.count >= ViewSelection.leastViews else {
      throw CalibrationError.unpaired(
        detail:
          "the board is seen by both in \(pairs.count) pairs and \(ViewSelection.leastViews) are needed; name the pictures in the same order"
      )
    }
    pairCount = pairs.count
    let points = try board.points()
    let place = try CameraSolver.solvePair(
      left: pairs.map { $0.0.correspondences(points) }, right: pairs.map { $0.1.correspondences(points) },
      leftCamera: left.camera, rightCamera: right.camera)
    (rightFromLeft, error) = place
    guard baseline > StereoCalibration.leastBaseline * board.square else {
      throw CalibrationError.unpaired(detail: "they stand in one place; are left and right the same pictures?")
    }
    let t = rightFromLeft.translation
    if t.x > 0, abs(t.x) > abs(t.y), abs(t.x) > abs(t.z) {
      warnings.append("the right camera stands to the left of the left one; are the inputs swapped?")
    }
    if error > 3 * max(left.error, right.error) {
      warnings.append(
        "the pairs fit each other worse (\((error * 100).rounded() / 100) pixels) than each camera's own views; were all taken at the same moment, and the board never turned over?"
      )
    }
  }

  /// Views of one index, with the points that both have.
  private static func pairs(_ left: [BoardView], _ right: [BoardView]) -> [(BoardView, BoardView)] {
    let others = Dictionary(right.map { ($0.index, $0) }, uniquingKeysWith: { first, _ in first })
    return left.compactMap { view in
      guard let other = others[view.index] else { return nil }
      let common = Set(view.sighting.numbers).intersection(other.sighting.numbers)
      guard common.count >= ViewSelection.leastPoints else { return nil }
      return (view.keeping(common), other.keeping(common))
    }
  }
}

extension BoardView {
  fileprivate func keeping(_ numbers: Set<Int>) -> BoardView {
    var view = self
    let kept = sighting.numbers.indices.filter { numbers.contains(sighting.numbers[$0]) }
    view.sighting = BoardSighting(numbers: kept.map { sighting.numbers[$0] }, points: kept.map { sighting.points[$0] })
    return view
  }
}
