import Foundation
import Geometry

/// A camera over a road in the four numbers that vanishing points tell: focal length, tilt, roll, and where the roads go.
struct TrafficView {
  /// The logarithm of the focal length in pixels.
  var logFocal: Double
  /// Radians; below 0 the camera looks down.
  var tilt: Double
  var roll: Double
  /// The direction of one road on the ground, from straight ahead to the right; the other one crosses it at a right angle.
  var road: Double

  static let count = 4

  init(logFocal: Double, tilt: Double, roll: Double, road: Double) {
    (self.logFocal, self.tilt, self.roll, self.road) = (logFocal, tilt, roll, road)
  }

  var values: [Double] { [logFocal, tilt, roll, road] }

  init(values v: [Double]) { self.init(logFocal: v[0], tilt: v[1], roll: v[2], road: v[3]) }

  var focal: Double { exp(logFocal) }

  /// Maps the ground's frame (straight ahead, right, down) to the camera's (right, down, forward): tilt about the right axis, then roll.
  var cameraFromGround: Matrix3 {
    let (cp, sp, cr, sr) = (cos(tilt), sin(tilt), cos(roll), sin(roll))
    return Matrix3(
      rows: Vector3(sp * sr, cr, cp * sr), Vector3(sp * cr, -sr, cp * cr), Vector3(cp, 0, -sp))
  }

  /// The direction of a road on the ground.
  func ground(_ group: Int) -> Vector3 {
    let angle = road + Double(group) * .pi / 2
    return Vector3(cos(angle), sin(angle), 0)
  }

  /// The direction towards a road's vanishing point from a pixel, relative to the picture's middle; not normalised.
  ///
  /// The vanishing point of a direction d is K R d (Hartley and Zisserman 2003, section 8.6); with its third coordinate kept there is no division
  /// where it is far away.
  func towards(_ group: Int, from pixel: Point) -> Point {
    let d = cameraFromGround * ground(group)
    return Point(focal * d.x - pixel.x * d.z, focal * d.y - pixel.y * d.z)
  }

  /// The angle from the direction towards a road's vanishing point to a line's, in [−π/2, π/2].
  func angle(_ group: Int, _ line: TrafficPath.Line) -> Double {
    let towards = towards(group, from: line.middle)
    let (across, along) = (towards.cross(line.direction), towards.dot(line.direction))
    return along < 0 ? atan2(-across, -along) : atan2(across, along)
  }
}
