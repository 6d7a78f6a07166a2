import Geometry
import Imaging

/// How a camera moved between two pictures, and how far matches are from it.
struct MotionModel {
  enum Kind: Equatable {
    /// The camera stays in its place.
    case turn
    case general
  }

  let kind: Kind
  /// Maps directions of the first camera's frame to the second's.
  private(set) var rotation: Matrix3
  /// Of length 1, in the second camera's frame; of a turn it is not used.
  private(set) var direction: Vector3

  /// The numbers that a step changes: turns about three axes, and the direction along two.
  var count: Int { kind == .turn ? 3 : 5 }
  /// The distances of a match.
  var residualCount: Int { kind == .turn ? 2 : 1 }

  /// For the start matches must fit so well, in pixels; a wrong focal length bends the rays.
  private static let startDistance = 3.0

  /// The motion that fits a pair at a focal length: of a turn Wahba's problem, else the essential matrix of most matches.
  ///
  /// - Parameter pair: Relative to the picture's middle.
  init(_ kind: Kind, _ pair: MotionPair, focal: Double) throws {
    self.kind = kind
    let (first, second) = (pair.first.map { Self.ray($0, focal) }, pair.second.map { Self.ray($0, focal) })
    let sum = zip(first, second).reduce(Matrix3.zero) { sum, rays in
      sum + Matrix3(outer: rays.1 / rays.1.length, rays.0 / rays.0.length)
    }
    (rotation, direction) = (sum.nearestRotation, Vector3(1, 0, 0))
    guard kind == .general else { return }
    let settings = PoseSolver.Settings(threshold: Self.startDistance / focal, confidence: 0.99, iterations: 200)
    guard let motion = try PoseSolver.motion(from: first, to: second, settings: settings) else { return }
    rotation = motion.secondFromFirst.rotation
    let length = motion.secondFromFirst.translation.length
    if length > 0 { direction = motion.secondFromFirst.translation / length }
  }

  /// The motion changed by a step: turned by a rotation vector, the direction shifted along two axes across it.
  func moved(by step: [Double]) -> MotionModel {
    var next = self
    next.rotation = Quaternion(rotationVector: Vector3(step[0], step[1], step[2])).rotation * rotation
    guard kind == .general else { return next }
    let side = direction.cross(abs(direction.x) < 0.7 ? Vector3(1, 0, 0) : Vector3(0, 1, 0))
    let across = side / side.length
    let shifted = direction + across * step[3] + direction.cross(across) * step[4]
    next.direction = shifted / shifted.length
    return next
  }

  private static func ray(_ place: Point, _ focal: Double) -> Vector3 { Vector3(place.x / focal, place.y / focal, 1) }

  /// The distances in pixels of a match from the motion: of a turn those in x and y from the turned point, over √2, as both points are uncertain;
  /// else the distance from the epipolar lines to first order (Sampson's: Hartley and Zisserman 2003, equation 11.9). Either has a point's own noise.
  func residuals(_ first: Point, _ second: Point, focal: Double) -> (Double, Double) {
    let (a, b) = (Self.ray(first, focal), Self.ray(second, focal))
    let turned = rotation * a
    guard kind == .general else {
      guard turned.z > 1e-6 else { return (focal, focal) }
      let scale = focal / 2.0.squareRoot()
      return ((turned.x / turned.z - b.x) * scale, (turned.y / turned.z - b.y) * scale)
    }
    let line = direction.cross(turned)
    // Eᵀ b = Rᵀ (b × t).
    let back = rotation.transposed * b.cross(direction)
    let length = (line.x * line.x + line.y * line.y + back.x * back.x + back.y * back.y).squareRoot()
    return (length > 1e-12 ? b.dot(line) / length * focal : 0, 0)
  }
}
