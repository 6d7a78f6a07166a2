import Geometry

/// What of a pose error is measured (`docs/evaluation.md`, Trajectories; the names are evo's).
public enum PoseRelation: String, Sendable, CaseIterable {
  /// Length of the translation, metres.
  case translation = "translation_part"
  /// ‖R − I‖ in the Frobenius norm.
  case rotation = "rotation_part"
  /// ‖E − I₄‖ in the Frobenius norm.
  case full = "full_transformation"
  /// Angle of the rotation, degrees.
  case angleDegrees = "rotation_angle_deg"
  /// Angle of the rotation, radians.
  case angleRadians = "rotation_angle_rad"
  /// Absolute: distance of the positions. Relative: difference of the distances, metres.
  case pointDistance = "point_distance"
  /// Difference of the distances over the truth's distance, per cent; relative errors only.
  case pointDistanceRatio = "point_distance_error_ratio"

  /// The unit of the error, empty for none.
  public var unit: String {
    switch self {
    case .translation, .pointDistance: "m"
    case .rotation, .full: ""
    case .angleDegrees: "deg"
    case .angleRadians: "rad"
    case .pointDistanceRatio: "%"
    }
  }

  /// The measure of an error pose; nil for the relations that compare distances.
  func measure(_ error: RigidTransform) -> Double? {
    switch self {
    case .translation: error.translation.length
    case .rotation: (error.rotation - .identity).frobeniusNorm
    case .full:
      ((error.rotation - .identity).frobeniusNorm.squared + error.translation.squaredLength).squareRoot()
    case .angleDegrees: error.rotationAngle * 180 / .pi
    case .angleRadians: error.rotationAngle
    case .pointDistance, .pointDistanceRatio: nil
    }
  }
}

extension Double {
  fileprivate var squared: Double { self * self }
}

/// Absolute and relative pose errors of a result against the truth, pose by pose.
///
/// Both sides hold the associated poses in the same order. Source: the definitions of evo 1.38.
public enum PoseError {
  /// The absolute error of every pose.
  ///
  /// - Throws: `TrajectoryProblem.relationNeedsPairs` for the ratio of distances.
  public static func absolute(
    truth: [RigidTransform], result: [RigidTransform], relation: PoseRelation
  ) throws(TrajectoryProblem) -> [Double] {
    switch relation {
    case .pointDistanceRatio: throw .relationNeedsPairs(relation)
    case .translation, .pointDistance:
      return zip(truth, result).map { ($1.translation - $0.translation).length }
    case .rotation, .full, .angleDegrees, .angleRadians:
      return zip(truth, result).compactMap { relation.measure($1.relative(to: $0)) }
    }
  }

  /// The relative error of every pair of indices; pairs at which the truth stands still have no ratio and are dropped from it.
  public static func relative(
    truth: [RigidTransform], result: [RigidTransform], pairs: [(Int, Int)], relation: PoseRelation
  ) -> [Double] {
    switch relation {
    case .pointDistance, .pointDistanceRatio:
      return pairs.compactMap { i, j in
        let distance = (truth[i].translation - truth[j].translation).length
        let difference = abs(distance - (result[i].translation - result[j].translation).length)
        guard relation == .pointDistanceRatio else { return difference }
        return distance > 0 ? difference / distance * 100 : nil
      }
    case .translation, .rotation, .full, .angleDegrees, .angleRadians:
      return pairs.compactMap { i, j in
        let trueStep = truth[i].relative(to: truth[j])
        return relation.measure(trueStep.relative(to: result[i].relative(to: result[j])))
      }
    }
  }
}
