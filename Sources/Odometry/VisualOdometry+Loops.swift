import Geometry
import Imaging

/// A place that the camera saw again.
public struct LoopClosure: Sendable, Equatable {
  /// The frame that sees it again.
  public var frame: Int
  /// The frame that saw it first.
  public var earlierFrame: Int
  /// The features that agree.
  public var supportCount: Int
}

extension VisualOdometry {
  /// The deviations of a step from key frame to key frame: of its turn, in pixels, and of its length and the unit's change, as shares of what the step sees.
  ///
  /// Only their ratio to those of a loop's link tells, and a loop is measured by single features where a step stands on hundreds of points: chosen alike, as
  /// the steps of a whole round are many.
  private static let turnDeviation = 0.5, placeDeviation = 0.02, scaleDeviation = 0.005

  /// The places that were seen again so far.
  public var loops: [LoopClosure] {
    search?.matches.map { LoopClosure(frame: $0.later, earlierFrame: $0.earlier, supportCount: $0.supportCount) } ?? []
  }

  func lookForLoop(_ image: Image, _ frame: Int) throws {
    guard let search, let camera = cameras.last else { return }
    let shifts = points.compactMap { point in
      point.observations.dropLast().last.map { (point.last.left - $0.left).length / (pixel * Double(image.width)) }
    }.sorted()
    try search.add(
      image, frame: frame, shift: shifts.isEmpty ? 0 : shifts[shifts.count / 2],
      points: points.compactMap { point in point.position.map { (point.pixel, camera * $0) } })
  }

  /// Brings the poses and the scene to where the loops tell: a pose graph over the key frames of each part with a loop. The frames between follow.
  ///
  /// To be called once, behind the last frame.
  public func closeLoops() {
    guard let search, !search.matches.isEmpty else { return }
    let old = cameras
    var correction = [PoseGraph.Similarity](repeating: PoseGraph.Similarity(pose: .identity), count: cameras.count)
    var carried = PoseGraph.Similarity(pose: .identity)
    for (number, start) in loopStarts.enumerated() {
      let end = number + 1 < loopStarts.count ? loopStarts[number + 1] : cameras.count
      let keys = keyFrames.filter { start..<end ~= $0 }
      let changes = corrections(keys, search.matches.filter { start..<end ~= $0.earlier && start..<end ~= $0.later }, old)
      var key = 0
      for frame in start..<end {
        while key + 1 < keys.count, keys[key + 1] <= frame { key += 1 }
        correction[frame] = carried
        guard let changes else { continue }
        let next = min(key + 1, keys.count - 1)
        let share = next == key ? 0 : Double(frame - keys[key]) / Double(keys[next] - keys[key])
        correction[frame] = carried.after(changes[key].blended(with: changes[next], share: share))
      }
      if end > start { carried = PoseGraph.Similarity(pose: correction[end - 1].pose, scale: 1) }
    }
    for frame in cameras.indices {
      let place = correction[frame] * old[frame].inverse.translation
      let pose = RigidTransform(rotation: correction[frame].pose.rotation * old[frame].rotation.transposed, translation: place)
      cameras[frame] = pose.inverse
      poses[frame].worldFromCamera = pose
    }
    moveScene { correction[$0.firstFrame] * $0.position }
  }

  /// What the loops do to the world at each key frame; nil where there are none.
  private func corrections(_ keys: [Int], _ loops: [LoopSearch.Match], _ old: [RigidTransform]) -> [PoseGraph.Similarity]? {
    guard !loops.isEmpty, keys.count > 2 else { return nil }
    let place = Dictionary(uniqueKeysWithValues: zip(keys, 0...))
    // About how far the scene is, in the unit of the path: steps are as uncertain as their pictures.
    let steps = zip(keys, keys.dropFirst()).map { old[$0.0] * old[$0.1].inverse }
    let typical = steps.map(\.translation.length).sorted()[steps.count / 2]
    func link(_ first: Int, _ second: Int, _ measured: PoseGraph.Similarity) -> PoseGraph.Link {
      PoseGraph.Link(
        first: first, second: second, measured: measured, rotationDeviation: Self.turnDeviation * pixel,
        placeDeviation: max(1e-9, Self.placeDeviation * max(typical, measured.pose.translation.length)),
        scaleDeviation: Self.scaleDeviation)
    }
    var links = steps.enumerated().map { link($0.offset, $0.offset + 1, PoseGraph.Similarity(pose: $0.element)) }
    for loop in loops {
      guard let first = place[loop.earlier], let second = place[loop.later] else { continue }
      links.append(link(first, second, loop.measured))
    }
    let nodes = keys.map { PoseGraph.Similarity(pose: old[$0].inverse) }
    guard let solved = PoseGraph(nodes: nodes, links: links).solved(keepsScale: rig.right != nil) else { return nil }
    return zip(nodes, solved).map { before, after in
      let turn = after.pose.rotation * before.pose.rotation.transposed
      return PoseGraph.Similarity(
        pose: RigidTransform(
          rotation: turn, translation: after.pose.translation - turn * before.pose.translation * after.scale),
        scale: after.scale)
    }
  }
}

extension PoseGraph.Similarity {
  /// The map that applies `first` first.
  fileprivate func after(_ first: PoseGraph.Similarity) -> PoseGraph.Similarity {
    PoseGraph.Similarity(
      pose: RigidTransform(rotation: pose.rotation * first.pose.rotation, translation: self * first.pose.translation),
      scale: scale * first.scale)
  }

  /// The map a share of the way to another one; both are near to each other.
  fileprivate func blended(with other: PoseGraph.Similarity, share: Double) -> PoseGraph.Similarity {
    guard share > 0 else { return self }
    let turn = Quaternion(rotation: (pose.rotation.transposed * other.pose.rotation).nearestRotation).rotationVector * share
    return PoseGraph.Similarity(
      pose: RigidTransform(
        rotation: pose.rotation * Quaternion(rotationVector: turn).rotation,
        translation: pose.translation + (other.pose.translation - pose.translation) * share),
      scale: scale + (other.scale - scale) * share)
  }
}
