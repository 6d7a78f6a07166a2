import Geometry

/// How a result is moved onto the truth before it is measured.
public enum TrajectoryAlignment: String, Sendable, CaseIterable {
  case none
  /// Rotation and translation, by Umeyama's closed form.
  case rigid = "se3"
  /// Rotation, translation and scale.
  case similarity = "sim3"
  /// The scale alone; nothing is moved or turned.
  case scale
  /// The first pose is put onto the truth's first pose.
  case origin
}

/// A similarity p ↦ c R p + t.
public struct SimilarityTransform: Sendable, Equatable {
  /// Turns the result's axes into the truth's.
  public var rotation: Matrix3
  /// Metres, added after turning and scaling.
  public var translation: Vector3
  /// The factor of the result's lengths.
  public var scale: Double

  /// A similarity of space: x ↦ scale · rotation · x + translation.
  public init(rotation: Matrix3, translation: Vector3, scale: Double) {
    self.rotation = rotation
    self.translation = translation
    self.scale = scale
  }

  /// The similarity that brings points nearest to their targets in the mean square, with scale 1 unless `withScale`.
  ///
  /// - Throws: `TrajectoryProblem.degenerateAlignment` where fewer than two singular values of the covariance exceed the epsilon.
  /// - Source: S. Umeyama, "Least-squares estimation of transformation parameters between two point patterns", 1991.
  public init(taking points: [Vector3], to targets: [Vector3], withScale: Bool) throws(TrajectoryProblem) {
    let n = Double(points.count)
    guard points.count == targets.count, points.count > 0 else { throw .degenerateAlignment(pairs: points.count) }
    let pointMean = points.reduce(.zero, +) / n
    let targetMean = targets.reduce(.zero, +) / n
    var covariance = Matrix3.zero
    var variance = 0.0
    for (point, target) in zip(points, targets) {
      covariance = covariance + Matrix3(outer: target - targetMean, point - pointMean)
      variance += (point - pointMean).squaredLength
    }
    covariance = covariance * (1 / n)
    let parts = SingularValues3(covariance)
    guard parts.values.y > .ulpOfOne else { throw .degenerateAlignment(pairs: points.count) }
    // The guard against a reflection: paths are often nearly plane.
    let sign: Double = parts.left.determinant * parts.right.determinant < 0 ? -1 : 1
    let signs = Matrix3(diagonal: Vector3(1, 1, sign))
    rotation = parts.left * signs * parts.right.transposed
    scale = withScale ? (parts.values.x + parts.values.y + sign * parts.values.z) / (variance / n) : 1
    translation = targetMean - rotation * pointMean * scale
  }
}

/// A result as moved onto the truth.
public struct AlignedTrajectory: Sendable {
  /// The result's poses after alignment, in the truth's frame.
  public var poses: [RigidTransform]
  /// What was applied; for `scale` only its scale, for `none` the identity.
  public var transform: SimilarityTransform
}

extension TrajectoryAlignment {
  /// Moves the result's poses; `firstPoses` limits the fit to that many poses from the start (nil: all).
  public func apply(
    to result: [RigidTransform], truth: [RigidTransform], firstPoses: Int? = nil
  ) throws(TrajectoryProblem) -> AlignedTrajectory {
    switch self {
    case .none:
      return AlignedTrajectory(
        poses: result, transform: SimilarityTransform(rotation: .identity, translation: .zero, scale: 1))
    case .origin:
      guard let first = result.first else { throw .empty(side: "result") }
      guard let origin = truth.first else { throw .empty(side: "truth") }
      return moved(result, by: origin * first.inverse, scale: 1)
    case .rigid, .similarity, .scale:
      if let firstPoses, firstPoses < 3 { throw .tooFewPosesToAlign(firstPoses) }
      let used = firstPoses ?? truth.count
      let fit = try SimilarityTransform(
        taking: result.prefix(used).map(\.translation), to: truth.prefix(used).map(\.translation),
        withScale: self != .rigid)
      let motion = RigidTransform(rotation: fit.rotation, translation: fit.translation)
      return self == .scale
        ? moved(result, by: .identity, scale: fit.scale) : moved(result, by: motion, scale: fit.scale)
    }
  }

  /// Positions are scaled first, then the poses are moved; rotations know nothing of the scale.
  private func moved(_ poses: [RigidTransform], by motion: RigidTransform, scale: Double) -> AlignedTrajectory {
    AlignedTrajectory(
      poses: poses.map { motion * RigidTransform(rotation: $0.rotation, translation: $0.translation * scale) },
      transform: SimilarityTransform(rotation: motion.rotation, translation: motion.translation, scale: scale))
  }
}
