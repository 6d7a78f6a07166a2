import Foundation
import Geometry

extension SpatialBox {
  /// The rectangle that the box covers on the ground, seen from above: x to the right, z ahead, metres.
  ///
  /// Its width is the box's length and lies along (cos r, −sin r), for `rotationY` turns from +x towards −z.
  public var ground: OrientedBox { OrientedBox(center: Point(x, z), width: length, height: width, angle: -rotationY) }

  /// This box moved, turned and resized to cover another rectangle on the ground; height and y stay.
  ///
  /// A rectangle does not tell its length from its width, nor front from back: of the four ways to name its sides the one is taken whose
  /// direction is nearest to this box's.
  public func covering(_ rectangle: OrientedBox) -> SpatialBox {
    let direction = -rectangle.angle
    let quarters = ((rotationY - direction) / (.pi / 2)).rounded()
    let isAcross = quarters.truncatingRemainder(dividingBy: 2) != 0
    var box = self
    (box.x, box.z) = (rectangle.center.x, rectangle.center.y)
    box.length = isAcross ? rectangle.height : rectangle.width
    box.width = isAcross ? rectangle.width : rectangle.height
    box.rotationY = Angle.wrappedHeading(direction + quarters * .pi / 2)
    box.alpha = box.observationAngle
    return box
  }

  /// What `alpha` is by the other numbers, in [−π, π).
  var observationAngle: Double { Angle.wrappedHeading(rotationY - atan2(x, z)) }

  /// The eight corners, metres in the camera's frame.
  public var corners: [Vector3] {
    ground.corners.flatMap { [Vector3($0.x, y, $0.y), Vector3($0.x, y - height, $0.y)] }
  }

  /// Whether it has a place in space, sides above zero and no absurd numbers: KITTI writes −1 and −1000 where it does not know.
  public var isKnown: Bool {
    let limit = SpatialBox.farthest
    return length > 0 && width > 0 && height > 0 && [x, y, z, length, width, height].allSatisfy { abs($0) < limit }
      && rotationY.isFinite && self != .unknown
  }

  /// Metres; nothing that a vehicle's sensors see is as far.
  private static let farthest = 1e6
}
