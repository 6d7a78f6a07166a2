import Geometry
import Records
import Reports

/// Absolute, relative and segment errors of a result against the truth, ready to print.
public struct TrajectorySequenceEvaluation: Sendable {
  public struct Settings: Sendable, Equatable {
    public var comparison = TrajectoryComparison.Settings()
    public var relations: [PoseRelation] = [.translation, .angleDegrees]
    public var delta = PoseDelta(1, .frames)
    /// Choose the pairs of relative errors on the truth instead of the result.
    public var pairsFromTruth = false
    /// Also KITTI's errors over segments of these lengths, metres; empty for none.
    public var segmentLengths: [Double] = []

    public init() {}
  }

  /// The figures of one relation.
  public struct Row: Sendable {
    /// "APE" or "RPE".
    public var kind: String
    public var relation: PoseRelation
    public var statistics: ErrorStatistics
    /// Pose by pose or pair by pair.
    public var errors: [Double]
  }

  public var settings: Settings
  public var comparison: TrajectoryComparison
  public var rows: [Row] = []
  /// nil where they were not asked for, or where the truth's path is shorter than every length.
  public var segments: SegmentErrors?
  /// What is known of both files, a line each.
  public var facts: [String] = []

  public init(
    truth: LoadedTrajectory, result: LoadedTrajectory, settings: Settings = Settings()
  ) throws(TrajectoryProblem) {
    try self.init(truth: truth.trajectory, result: result.trajectory, settings: settings)
    facts = [truth.facts, result.facts]
  }

  public init(
    truth: Trajectory, result: Trajectory, settings: Settings = Settings()
  ) throws(TrajectoryProblem) {
    self.settings = settings
    comparison = try TrajectoryComparison(truth: truth, result: result, settings: settings.comparison)
    for relation in settings.relations where relation != .pointDistanceRatio {
      append("APE", relation, try comparison.absoluteErrors(relation))
    }
    for relation in settings.relations {
      append(
        "RPE", relation, try comparison.relativeErrors(relation, delta: settings.delta, pairsFromTruth: settings.pairsFromTruth))
    }
    if !settings.segmentLengths.isEmpty {
      segments = SegmentErrors(truth: comparison.truth, result: comparison.result, lengths: settings.segmentLengths)
    }
  }

  private mutating func append(_ kind: String, _ relation: PoseRelation, _ errors: [Double]) {
    guard let statistics = ErrorStatistics(errors) else { return }
    rows.append(Row(kind: kind, relation: relation, statistics: statistics, errors: errors))
  }
}
