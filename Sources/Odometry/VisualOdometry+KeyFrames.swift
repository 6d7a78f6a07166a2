import Geometry
import Imaging

// Key frames: only in these all points are followed, places measured, poses adjusted and corners looked for. The frames between get their poses from some of
// the points, followed from the key frame's picture, and go where their key frames go.
extension VisualOdometry {
  /// A frame is one once the middle point has gone this share of the width since the last one: 16 pixels of 640. Chosen, with the first number below, on the
  /// made-up flights of Benchmarks/camera-path and on ViSP's castle, among .025, .04, .05 and .08: with larger ones straight flights turned
  /// by more than without key frames.
  private static let shiftShare = 0.025
  /// The key frames whose poses an adjustment may change.
  private static let windowCount = 8
  /// So many points tell the pose of a frame between.
  private static let glanceCount = 250
  /// With a lesser share of them found and in their places a frame is a key frame: the scene goes out of sight.
  private static let leastShare = 0.75
  /// Into so many steps one camera's start is parted by the frames that stay key frames.
  private static let startSteps = 5

  /// Whether a frame sees what the last key frame saw, from about there; then it gets its pose and is done.
  ///
  /// - Parameter expected: Where the camera is, by a few points.
  func passes(_ expected: RigidTransform) throws -> Bool {
    let known = points.indices.filter { points[$0].position != nil }
    let ends = known.map { project($0, expected) }
    let shifts = zip(known, ends).compactMap { index, end in end.map { ($0 - points[index].pixel).length } }.sorted()
    guard !shifts.isEmpty, shifts[shifts.count / 2] < Self.shiftShare * Double(rig.left.width) else { return false }
    let some = stride(from: 0, to: known.count, by: max(1, known.count / Self.glanceCount)).filter { ends[$0] != nil }
    let found = try follower.advance(
      some.map { points[known[$0]].pixel }, some.map { ends[$0].map(PointFollower.Foresight.close) ?? .unknown })
    let sights = zip(some, found).compactMap { number, place -> PoseRefinement.Sight? in
      guard let position = points[known[number]].position, let ray = place.flatMap({ rig.left.ray($0) }) else { return nil }
      return PoseRefinement.Sight(point: position, left: ray)
    }
    guard let pose = try fit(sights, from: expected), Double(pose.fits.count) >= Self.leastShare * Double(some.count) else {
      return false
    }
    append(pose.camera, .tracked, support: pose.fits.count, deviations: pose.deviations)
    return true
  }

  /// Makes the last key frames and the places agree; the frames between follow.
  ///
  /// - Parameter start: The frame from which one camera's first motion was found; nil once it is known.
  func adjustWindow(from start: Int?) {
    guard let first = start ?? keyFrames.suffix(Self.windowCount).first else { return }
    let before = Array(cameras[first...])
    _ = adjustment.adjust(&cameras, &points, from: first)
    // What an adjustment does to the world as a key frame sees it.
    let keys = keyFrames.filter { $0 >= first }
    let changes = keys.map { before[$0 - first].inverse * cameras[$0] }
    func isChanged(_ frame: Int) -> Bool { cameras[frame] != before[frame - first] }
    for (number, frame) in keys.enumerated() {
      if isChanged(frame) { poses[frame].worldFromCamera = cameras[frame].inverse }
      guard number + 1 < keys.count, isChanged(frame) || isChanged(keys[number + 1]) else { continue }
      for between in frame + 1..<keys[number + 1] {
        let share = Double(between - frame) / Double(keys[number + 1] - frame)
        cameras[between] = before[between - first] * changes[number].blended(with: changes[number + 1], share: share)
        poses[between].worldFromCamera = cameras[between].inverse
      }
    }
    if let start { thin(from: start) }
  }

  /// Leaves some of the frames of one camera's start as key frames.
  private func thin(from start: Int) {
    guard let last = keyFrames.last, last - start > Self.startSteps else { return }
    let kept = Set((0...Self.startSteps).map { start + (last - start) * $0 / Self.startSteps })
    keyFrames.removeAll { $0 > start && !kept.contains($0) }
    for index in points.indices { points[index].forget { !kept.contains($0) && $0 >= start } }
  }
}

extension RigidTransform {
  /// The transform a share of the way to another one; both are near to each other.
  fileprivate func blended(with other: RigidTransform, share: Double) -> RigidTransform {
    let turn = relative(to: other).quaternion.rotationVector * share
    return RigidTransform(
      rotation: rotation * Quaternion(rotationVector: turn).rotation,
      translation: translation + (other.translation - translation) * share)
  }
}
