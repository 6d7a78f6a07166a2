internal import CCeres
import Geometry

/// The last poses and the places of the points that they see, changed together until all observations fit best (bundle adjustment by Ceres Solver;
/// B. Triggs et al., "Bundle adjustment – a modern synthesis", 2000).
struct WindowAdjustment {
  private static let iterations: Int32 = 8

  /// Residuals beyond this count linearly, in the plane z = 1.
  let scale: Double
  let rightFromLeft: RigidTransform?

  /// Changes the cameras (maps from the world) of the last frames and the positions of the points.
  ///
  /// The oldest pose stays, and so do poses before the window that see its points. Where one camera's oldest pose is the only one that stays, nothing holds
  /// the unit of length: then the distance of the last pose from it is made what it was.
  ///
  /// - Parameter start: The frame with which the window begins: poses before it stay.
  /// - Returns: The frames whose poses have changed; none where nothing could be adjusted.
  func adjust(_ cameras: inout [RigidTransform], _ points: inout [TrackedPoint], from start: Int) -> [Int] {
    let known = points.indices.filter { points[$0].position != nil && points[$0].observations.count > 1 }
    let frames = Set(known.flatMap { points[$0].observations.map(\.frame) }).sorted()
    let fixed = max(frames.count { $0 < start }, 1)
    guard frames.count > fixed, !known.isEmpty else { return [] }
    let before = Self.distance(cameras, frames)
    let place = Dictionary(uniqueKeysWithValues: zip(frames, 0...))
    var poses = frames.map { WindowAdjustment.native(cameras[$0]) }
    var positions: [Double] = []
    var observations: [sxce_observation] = []
    for (number, index) in known.enumerated() {
      guard let position = points[index].position else { continue }
      positions += [position.x, position.y, position.z]
      for seen in points[index].observations {
        guard let pose = place[seen.frame] else { continue }
        observations.append(WindowAdjustment.observation(pose, number, seen.left, isRight: false))
        if let right = seen.right { observations.append(WindowAdjustment.observation(pose, number, right, isRight: true)) }
      }
    }
    guard solve(&poses, fixed: fixed, &positions, observations) else { return [] }
    for (number, index) in known.enumerated() {
      points[index].position = Vector3(positions[3 * number], positions[3 * number + 1], positions[3 * number + 2])
    }
    for (frame, pose) in zip(frames, poses).dropFirst(fixed) { cameras[frame] = WindowAdjustment.transform(pose) }
    if rightFromLeft == nil, fixed == 1 { Self.scale(&cameras, &points, frames: frames, known: known, to: before) }
    return Array(frames.dropFirst(fixed))
  }

  /// How far the last of some frames was taken from the first.
  private static func distance(_ cameras: [RigidTransform], _ frames: [Int]) -> Double {
    guard let first = frames.first, let last = frames.last else { return 0 }
    return (cameras[last].inverse.translation - cameras[first].inverse.translation).length
  }

  /// Scales poses and places about the first pose.
  private static func scale(
    _ cameras: inout [RigidTransform], _ points: inout [TrackedPoint], frames: [Int], known: [Int], to length: Double
  ) {
    let now = distance(cameras, frames)
    guard let first = frames.first, now > 0, length > 0, case let scale = length / now, scale.isFinite else { return }
    let origin = cameras[first].inverse.translation
    func place(_ point: Vector3) -> Vector3 { origin + (point - origin) * scale }
    for frame in frames.dropFirst() {
      let rotation = cameras[frame].rotation
      cameras[frame].translation = -(rotation * place(cameras[frame].inverse.translation))
    }
    for index in known { points[index].position = points[index].position.map(place) }
  }

  /// - Returns: Whether there is a solution, all of it finite.
  private func solve(
    _ poses: inout [sxce_pose], fixed: Int, _ positions: inout [Double], _ observations: [sxce_observation]
  ) -> Bool {
    var message = sxce_message()
    let settings = sxce_settings(scale: scale, iterations: Self.iterations)
    let status: Int32
    if let rightFromLeft {
      var right = WindowAdjustment.native(rightFromLeft)
      status = sxce_adjust(
        &poses, poses.count, fixed, &positions, positions.count / 3, observations, observations.count, &right, settings, &message)
    } else {
      status = sxce_adjust(
        &poses, poses.count, fixed, &positions, positions.count / 3, observations, observations.count, nil, settings, &message)
    }
    return status == Int32(SXCE_OK) && positions.allSatisfy(\.isFinite)
      && poses.allSatisfy { WindowAdjustment.transform($0).isFinite }
  }

  private static func observation(_ pose: Int, _ point: Int, _ ray: Vector3, isRight: Bool) -> sxce_observation {
    sxce_observation(pose: Int32(clamping: pose), point: Int32(clamping: point), is_right: isRight ? 1 : 0, x: ray.x, y: ray.y)
  }

  private static func native(_ transform: RigidTransform) -> sxce_pose {
    let q = transform.quaternion
    let t = transform.translation
    return sxce_pose(quaternion: (q.w, q.x, q.y, q.z), translation: (t.x, t.y, t.z))
  }

  private static func transform(_ pose: sxce_pose) -> RigidTransform {
    let (q, t) = (pose.quaternion, pose.translation)
    return RigidTransform(
      quaternion: Quaternion(x: q.1, y: q.2, z: q.3, w: q.0), translation: Vector3(t.0, t.1, t.2))
  }
}
