import Foundation
public import Geometry
public import Imaging

/// Two cameras turned so that matches lie in one row.
///
/// Each camera takes half of the rotation between them, then both turn so that the line between them is the x axis (Bouguet's way, as in OpenCV's
/// stereoRectify). Both get one focal length and centre: the smaller of the focal lengths, so that nothing is enlarged.
public struct StereoRectification: Sendable {
  /// The camera that both pictures seem to be taken by.
  public let camera: CameraModel
  /// The distance of the cameras in metres.
  public let baseline: Double
  /// Maps directions of the turned left camera to the left one's.
  public let leftFromRectified: Matrix3
  private let maps: (left: PixelMap, right: PixelMap)?

  /// Cameras closer than this many metres measure nothing.
  private static let leastBaseline = 1e-4

  /// - Parameters:
  ///   - width: Of the pictures that come, in pixels.
  ///   - height: Of the pictures that come, in pixels.
  /// - Throws: `DepthError.noPair` where the file does not tell both cameras and their places, or the right one stands on the left.
  public init(_ rig: CameraRig, width: Int, height: Int) throws {
    guard let right = rig.right, let place = rig.rightFromLeft else {
      throw DepthError.noPair(detail: "the file does not tell both cameras and where they stand; calibrate with --right")
    }
    let left = rig.left.scaled(width: width, height: height)
    let other = right.scaled(width: width, height: height)
    baseline = place.translation.length
    guard baseline > Self.leastBaseline else { throw DepthError.noPair(detail: "both stand in one place") }
    guard place.translation.x < 0 else {
      throw DepthError.noPair(detail: "the right one stands to the left of the left one; exchange the inputs or the cameras")
    }
    let turns = Self.turns(place)
    leftFromRectified = turns.left
    let focal = min(left.focalX, left.focalY, other.focalX, other.focalY)
    let isRectified = Self.isRectified(left, other, place)
    camera =
      isRectified
      ? left
      : CameraModel(
        width: width, height: height, focalX: focal, focalY: focal,
        center: Self.center(left, other, turns, focal: focal, width: width, height: height))
    maps =
      isRectified
      ? nil
      : (
        try PixelMap(from: left, to: camera, rotation: turns.left), try PixelMap(from: other, to: camera, rotation: turns.right)
      )
  }

  /// Maps directions of the turned cameras to each one's own.
  private static func turns(_ place: RigidTransform) -> (left: Matrix3, right: Matrix3) {
    let vector = place.quaternion.rotationVector
    let half = Quaternion(rotationVector: vector * 0.5).rotation
    // Seen from halfway the right camera lies along −t turned back by the other half.
    let direction = half.transposed * place.translation
    let x = direction * (-1 / direction.length)
    let across = Vector3(0, 0, 1).cross(x)
    let y = across / across.length
    let halfFromRectified = Matrix3(columns: x, y, x.cross(y))
    return (half.transposed * halfFromRectified, half * halfFromRectified)
  }

  /// The centre that shows the middle of both pictures in the middle.
  private static func center(
    _ left: CameraModel, _ right: CameraModel, _ turns: (left: Matrix3, right: Matrix3), focal: Double, width: Int, height: Int
  ) -> Point {
    let middle = Point(Double(width) / 2, Double(height) / 2)
    let places = [(left, turns.left), (right, turns.right)].compactMap { camera, turn -> Point? in
      guard let ray = camera.ray(middle), case let seen = turn.transposed * ray, seen.z > 0 else { return nil }
      return Point(seen.x / seen.z, seen.y / seen.z) * focal
    }
    guard places.count == 2 else { return middle }
    return middle - (places[0] + places[1]) / 2
  }

  private static func isRectified(_ left: CameraModel, _ right: CameraModel, _ place: RigidTransform) -> Bool {
    let isStraight = left.distortion.coefficients.allSatisfy { $0 == 0 } && right.distortion.coefficients.allSatisfy { $0 == 0 }
    let isParallel =
      place.rotationAngle < 1e-9 && abs(place.translation.y) + abs(place.translation.z) < 1e-9 * place.translation.length
    return isStraight && isParallel && left.undistorted == right.undistorted && left.focalX == left.focalY
  }

  /// Both pictures as the turned cameras see them.
  ///
  /// - Throws: `ImagingError` where a picture has another size.
  public func rectified(left: Image, right: Image) throws(ImagingError) -> (left: Image, right: Image) {
    guard let maps else { return (left, right) }
    return (try left.remapped(by: maps.left), try right.remapped(by: maps.right))
  }

  /// The depth along the optical axis in metres, from a disparity in pixels; infinite for 0.
  public func depth(_ disparity: Float) -> Float { Float(camera.focalX * baseline) / disparity }

  /// The point that a pixel shows, in the turned left camera's frame, in metres; nil without a positive disparity.
  public func point(x: Int, y: Int, disparity: Float) -> Vector3? {
    guard disparity > 0, let ray = camera.ray(Point(Double(x) + 0.5, Double(y) + 0.5)) else { return nil }
    return ray * Double(depth(disparity))
  }
}
