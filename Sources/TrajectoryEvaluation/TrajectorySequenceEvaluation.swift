import Geometry
import Records
import Reports

/// Absolute, relative and segment errors of a result against the truth, ready to print.
public struct TrajectorySequenceEvaluation: Sendable {
  /// What is measured and how.
  public struct Settings: Sendable, Equatable {
    /// How poses are matched and aligned.
    public var comparison = TrajectoryComparison.Settings()
    /// What of the pose errors is measured, a row each.
    public var relations: [PoseRelation] = [.translation, .angleDegrees]
    /// The distance of the two poses of a relative error.
    public var delta = PoseDelta(1, .frames)
    /// Choose the pairs of relative errors on the truth instead of the result.
    public var pairsFromTruth = false
    /// Also KITTI's errors over segments of these lengths, metres; empty for none.
    public var segmentLengths: [Double] = []

    /// Absolute and relative errors of translation and rotation from frame to frame, as evo unless told.
    public init() {}
  }

  /// The figures of one relation.
  public struct Row: Sendable {
    /// "APE" or "RPE".
    public var kind: String
    /// What of the pose errors was measured.
    public var relation: PoseRelation
    /// Over all errors of the row.
    public var statistics: ErrorStatistics
    /// Pose by pose or pair by pair.
    public var errors: [Double]
  }

  /// How the figures came about.
  public var settings: Settings
  /// The matched poses after alignment.
  public var comparison: TrajectoryComparison
  /// Absolute errors first, then relative ones, in the order of the relations.
  public var rows: [Row] = []
  /// nil where they were not asked for, or where the truth's path is shorter than every length.
  public var segments: SegmentErrors?
  /// What is known of both files, a line each.
  public var facts: [String] = []

  /// Measures two trajectories.
  public init(
    truth: LoadedTrajectory, result: LoadedTrajectory, settings: Settings = Settings()
  ) throws(TrajectoryProblem) {
    let areTurned = truth.hasRotations && result.hasRotations
    if !areTurned, settings.comparison.alignment == .origin { throw .alignmentNeedsRotations }
    var settings = settings
    if !areTurned { settings.segmentLengths = [] }
    try self.init(truth: truth.trajectory, result: result.trajectory, settings: settings, areTurned: areTurned)
    facts = [truth.facts, result.facts]
  }

  /// Measures two files' trajectories.
  public init(
    truth: Trajectory, result: Trajectory, settings: Settings = Settings()
  ) throws(TrajectoryProblem) {
    try self.init(truth: truth, result: result, settings: settings, areTurned: true)
  }

  /// - Parameter areTurned: Whether both sides have rotations. Without, only what positions alone tell is measured: distances of positions
  ///   and, between pairs, differences of distances, for a relative translation is seen from a turned pose.
  private init(
    truth: Trajectory, result: Trajectory, settings: Settings, areTurned: Bool
  ) throws(TrajectoryProblem) {
    self.settings = settings
    comparison = try TrajectoryComparison(truth: truth, result: result, settings: settings.comparison)
    var (absolute, relative) = (settings.relations, settings.relations)
    if !areTurned {
      absolute = absolute.filter { $0 == .translation || $0 == .pointDistance }
      relative = relative.map { $0 == .translation ? .pointDistance : $0 }.filter {
        $0 == .pointDistance || $0 == .pointDistanceRatio
      }
      guard !absolute.isEmpty || !relative.isEmpty else { throw .relationsNeedRotations(settings.relations) }
    }
    for relation in absolute where relation != .pointDistanceRatio {
      append("APE", relation, try comparison.absoluteErrors(relation))
    }
    for relation in relative {
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
