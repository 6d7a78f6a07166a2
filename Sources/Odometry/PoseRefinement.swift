import Geometry

/// A camera's pose from many points, each weighted by how well it fits (Huber's loss; Levenberg's and Marquardt's steps over six numbers).
struct PoseRefinement {
  /// A point and where the cameras see it, in their planes z = 1.
  struct Sight {
    var point: Vector3
    var left: Vector3
    var right: Vector3?
  }

  /// Residuals beyond this count linearly, in the plane z = 1.
  let scale: Double
  let rightFromLeft: RigidTransform?

  private static let iterations = 15
  /// A step shorter than this, in radians and the unit of length, ends the iterations.
  private static let leastStep = 1e-9

  /// The refined pose with the standard deviations of its rotation and place in the camera's frame.
  ///
  /// - Returns: nil where the points do not determine one.
  func refined(_ start: RigidTransform, _ sights: [Sight]) -> (cameraFromWorld: RigidTransform, deviations: [Double])? {
    var pose = start
    var system = NormalSystem(pose, sights, self)
    var damping = 1e-6
    for _ in 0..<Self.iterations {
      guard let step = system.step(damping: damping) else { return nil }
      let next = PoseRefinement.moved(pose, by: step)
      let trial = NormalSystem(next, sights, self)
      if trial.loss <= system.loss {
        (pose, system, damping) = (next, trial, max(1e-9, damping / 10))
        if step.allSatisfy({ abs($0) < Self.leastStep }) { break }
      } else {
        damping *= 10
        if damping > 1e6 { break }
      }
    }
    guard pose.isFinite, let deviations = system.deviations() else { return nil }
    return (pose, deviations)
  }

  /// The distance of a sight from where a pose expects it, in the plane z = 1, the worse of both cameras; infinite behind one.
  func distance(_ pose: RigidTransform, _ sight: Sight) -> Double {
    let seen = pose * sight.point
    var worst = Self.miss(seen, sight.left)
    if let rightFromLeft, let right = sight.right { worst = max(worst, Self.miss(rightFromLeft * seen, right)) }
    return worst
  }

  private static func miss(_ seen: Vector3, _ place: Vector3) -> Double {
    guard seen.z > 1e-6 else { return .infinity }
    return Point(seen.x / seen.z - place.x, seen.y / seen.z - place.y).length
  }

  /// The pose turned by a rotation vector and shifted, both in the camera's frame; the rotation is kept one.
  private static func moved(_ pose: RigidTransform, by step: [Double]) -> RigidTransform {
    let turn = Quaternion(rotationVector: Vector3(step[0], step[1], step[2]))
    let quaternion = (turn * pose.quaternion).normalized ?? pose.quaternion
    return RigidTransform(
      rotation: quaternion.rotation, translation: turn.rotation * pose.translation + Vector3(step[3], step[4], step[5]))
  }
}

/// The weighted normal equations of a pose at one point.
private struct NormalSystem {
  /// The six rows of the matrix; the last two lanes are 0.
  private var normal = [SIMD8<Double>](repeating: .zero, count: 6)
  private var right = SIMD8<Double>.zero
  private var squares = 0.0
  private var rows = 0
  /// Huber's loss of all residuals.
  private(set) var loss = 0.0

  init(_ pose: RigidTransform, _ sights: [PoseRefinement.Sight], _ refinement: PoseRefinement) {
    for sight in sights {
      let seen = pose * sight.point
      add(seen, seen, sight.left, nil, refinement.scale)
      guard let place = refinement.rightFromLeft, let right = sight.right else { continue }
      add(seen, place * seen, right, place.rotation, refinement.scale)
    }
  }

  /// Adds one camera's two rows.
  ///
  /// - Parameters:
  ///   - inLeft: The point in the left camera's frame, which the pose moves.
  ///   - seen: The same in the frame of the camera that sees it.
  ///   - turn: The rotation between the two; nil for none.
  private mutating func add(_ inLeft: Vector3, _ seen: Vector3, _ place: Vector3, _ turn: Matrix3?, _ scale: Double) {
    guard seen.z > 1e-6 else {
      // A point behind the camera must not pull: it counts as far off.
      loss += 1e6 * scale * scale
      return
    }
    let (x, y) = (seen.x / seen.z, seen.y / seen.z)
    let residual = Point(place.x - x, place.y - y)
    let length = residual.length
    let weight = length <= scale ? 1 : scale / length
    loss += length <= scale ? length * length / 2 : scale * (length - scale / 2)
    add(inLeft, Vector3(1 / seen.z, 0, -x / seen.z), turn, residual.x, weight)
    add(inLeft, Vector3(0, 1 / seen.z, -y / seen.z), turn, residual.y, weight)
  }

  /// Adds one row with its gradient in the frame of the camera that sees the point.
  @inline(__always)
  private mutating func add(_ inLeft: Vector3, _ gradient: Vector3, _ turn: Matrix3?, _ residual: Double, _ weight: Double) {
    let shift = turn.map { $0.transposed * gradient } ?? gradient
    // d(R p)/dω = −[R p]×, so the row is (p × g, g).
    let spin = inLeft.cross(shift)
    let row = SIMD8(spin.x, spin.y, spin.z, shift.x, shift.y, shift.z, 0, 0)
    let weighted = row * weight
    for i in 0..<6 { normal[i] += weighted * row[i] }
    right += weighted * residual
    squares += weight * residual * residual
    rows += 1
  }

  private var matrix: [Double] { normal.flatMap { row in (0..<6).map { row[$0] } } }

  func step(damping: Double) -> [Double]? {
    var damped = matrix
    for i in 0..<6 { damped[i * 6 + i] *= 1 + damping }
    return CholeskyFactor(damped, size: 6) { 1e-12 * $0 }?.solve((0..<6).map { right[$0] })
  }

  func deviations() -> [Double]? {
    guard rows > 6, let factor = CholeskyFactor(matrix, size: 6, leastPivot: { 1e-12 * $0 }) else { return nil }
    let variance = squares / Double(rows - 6)
    return (0..<6).map { index in
      var unit = [Double](repeating: 0, count: 6)
      unit[index] = 1
      return (variance * factor.solve(unit)[index]).squareRoot()
    }
  }
}
