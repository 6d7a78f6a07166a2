import Geometry

/// How exactly the poses of one camera's start tell how far the ground is, in units of the way between them.
///
/// The ground's distance is a function of the points' places, which hang on the poses: above ground a shift and a turn look nearly alike, and what a pose
/// is off by is common to all points. Its variance is that of the adjustment of all poses and places together, gᵀ H⁻¹ M H⁻¹ g (P. Huber, 1967): H the normal
/// equations, g the gradient, M the sum over points of the square of all that the observations of one point pull, for these follow each other's errors.
/// The first pose stays, and the length of the way.
struct UnitUncertainty {
  /// The key frames from a start on that count: an adjustment's window.
  static let keyFrames = 8
  /// With this weight the way's length stays (in the logarithm; a pixel's is some thousandth).
  private static let pin = 1e12

  private let cameras: [RigidTransform]
  private let scale: Double
  private var normal: [Double]
  private var right: [Double]
  private var pulls: [Pull] = []
  private var size: Int { 6 * (cameras.count - 1) }

  /// What the observations of one point pull, and how its place hangs on the poses.
  private struct Pull {
    var inverse: Matrix3
    var gradient: Vector3
    var onPlace = Vector3.zero
    var sights: [(pose: Int, onPose: SIMD8<Double>, mixed: [Vector3])] = []
  }

  /// - Parameters:
  ///   - points: With what the frames saw of them.
  ///   - cameras: Maps from the world by frame.
  ///   - frames: The key frames that count, ascending, two at least.
  ///   - scale: Residuals beyond this count linearly, in the plane z = 1.
  ///   - pixel: A point's error of following, in the plane z = 1.
  /// - Returns: The standard deviation of the distance as a share; nil where no ground is seen or the poses are not determined.
  static func ofGround(
    _ points: [TrackedPoint], _ cameras: [RigidTransform], _ frames: [Int], scale: Double, pixel: Double
  ) -> Double? {
    let place = Dictionary(uniqueKeysWithValues: zip(frames, 0...))
    let known = points.compactMap { point -> (position: Vector3, seen: [(pose: Int, ray: Vector3)])? in
      let seen = point.observations.compactMap { seen in place[seen.frame].map { (pose: $0, ray: seen.left) } }
      guard let position = point.position, seen.count >= 3 else { return nil }
      return (position, seen)
    }
    let poses = frames.map { cameras[$0] }
    let sights = known.map { point in
      let rays = point.seen.map { PointTriangulation.Ray(cameraFromWorld: poses[$0.pose], place: $0.ray) }
      return GroundPlane.Sight(point: poses[0] * point.position, deviation: pixel / PointTriangulation.greatestAngle(rays))
    }
    guard let ground = GroundPlane.below(sights), var system = UnitUncertainty(poses, scale) else { return nil }
    let gradients = ground.gradients(sights)
    for (point, gradient) in zip(known, gradients) {
      system.add(point.position, point.seen, poses[0].rotation.transposed * gradient)
    }
    return system.deviation
  }

  private init?(_ cameras: [RigidTransform], _ scale: Double) {
    guard cameras.count > 1, let last = cameras.last else { return nil }
    (self.cameras, self.scale) = (cameras, scale)
    let size = 6 * (cameras.count - 1)
    normal = [Double](repeating: 0, count: size * size)
    right = [Double](repeating: 0, count: size)
    let way = last.inverse.translation - cameras[0].inverse.translation
    guard way.length > 0 else { return nil }
    // A shift v in the last camera's frame moves its place by −Rᵀ v.
    let along = last.rotation * way / -way.squaredLength
    let row = [along.x, along.y, along.z]
    for i in 0..<3 { for j in 0..<3 { normal[(size - 3 + i) * size + size - 3 + j] = Self.pin * row[i] * row[j] } }
  }

  /// Adds a point with the gradient of the ground's distance by its place.
  private mutating func add(_ position: Vector3, _ seen: [(pose: Int, ray: Vector3)], _ gradient: Vector3) {
    var places = Matrix3.zero
    var pull = Pull(inverse: .zero, gradient: gradient)
    for (pose, ray) in seen {
      let there = cameras[pose] * position
      guard there.z > 1e-6 else { continue }
      let (x, y) = (there.x / there.z, there.y / there.z)
      let miss = Point(ray.x - x, ray.y - y)
      let weight = miss.length <= scale ? 1 : scale / miss.length
      var sight = (pose: pose - 1, onPose: SIMD8<Double>.zero, mixed: [Vector3](repeating: .zero, count: 6))
      for (slope, residual) in [
        (Vector3(1 / there.z, 0, -x / there.z), miss.x), (Vector3(0, 1 / there.z, -y / there.z), miss.y),
      ] {
        let spin = there.cross(slope)
        let row = SIMD8(spin.x, spin.y, spin.z, slope.x, slope.y, slope.z, 0, 0)
        let byPlace = cameras[pose].rotation.transposed * slope
        places = places + Matrix3(outer: byPlace, byPlace) * weight
        pull.onPlace += byPlace * (weight * residual)
        sight.onPose += row * (weight * residual)
        for i in 0..<6 { sight.mixed[i] += byPlace * (weight * row[i]) }
        guard pose > 0 else { continue }
        for i in 0..<6 { for j in 0..<6 { normal[(6 * sight.pose + i) * size + 6 * sight.pose + j] += weight * row[i] * row[j] } }
      }
      if pose > 0 { pull.sights.append(sight) }
    }
    guard let inverse = Self.inverse(places) else { return }
    pull.inverse = inverse
    eliminate(pull)
    pulls.append(pull)
  }

  /// Takes a point's place out of the equations (Schur's complement).
  private mutating func eliminate(_ pull: Pull) {
    for first in pull.sights {
      let rows = first.mixed.map { pull.inverse * $0 }
      for i in 0..<6 { right[6 * first.pose + i] -= rows[i].dot(pull.gradient) }
      for second in pull.sights {
        for i in 0..<6 {
          for j in 0..<6 { normal[(6 * first.pose + i) * size + 6 * second.pose + j] -= rows[i].dot(second.mixed[j]) }
        }
      }
    }
  }

  private static func inverse(_ matrix: Matrix3) -> Matrix3? {
    CholeskyFactor(matrix.rowMajor, size: 3, leastPivot: { 1e-12 * $0 }).map { factor in
      let columns = [[1.0, 0, 0], [0, 1, 0], [0, 0, 1]].map { factor.solve($0) }.map { Vector3($0[0], $0[1], $0[2]) }
      return Matrix3(columns: columns[0], columns[1], columns[2])
    }
  }

  private var deviation: Double? {
    guard 2 * pulls.count > size, let factor = CholeskyFactor(normal, size: size, leastPivot: { 1e-13 * $0 }) else { return nil }
    let shifts = factor.solve(right)
    let variance = pulls.reduce(0.0) { sum, pull in
      var (by, pulled) = (pull.gradient, 0.0)
      for sight in pull.sights {
        for i in 0..<6 {
          by = by - sight.mixed[i] * shifts[6 * sight.pose + i]
          pulled += shifts[6 * sight.pose + i] * sight.onPose[i]
        }
      }
      pulled += (pull.inverse * by).dot(pull.onPlace)
      return sum + pulled * pulled
    }
    return variance.isFinite ? variance.squareRoot() : nil
  }
}
