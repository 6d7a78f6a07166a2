import Reports

/// Why trajectories cannot be compared, each as one sentence.
public enum TrajectoryProblem: Error, Sendable, Equatable, CustomStringConvertible {
  /// A trajectory has no pose.
  case empty(side: String)
  /// Trajectories without times have different numbers of poses.
  case differentCounts(truth: Int, result: Int)
  /// One side has times and the other only line numbers.
  case onlyOneSideTimed(timedSide: String)
  /// No pair of stamps is close enough.
  case noMatchingStamps(maximumDifference: Double, truth: ClosedRange<Double>, result: ClosedRange<Double>)
  /// The positions leave the rotation of the alignment open.
  case degenerateAlignment(pairs: Int)
  /// The first poses to align on are fewer than three.
  case tooFewPosesToAlign(Int)
  /// No pair of poses has the distance asked for.
  case noPairs(delta: Double, unit: PoseDelta.Unit, poses: Int)
  /// All pairs by angle are more than can be held.
  case tooManyPairs(limit: Int)
  /// The delta is not positive, not finite, or not a whole number of frames.
  case badDelta(Double, unit: PoseDelta.Unit)
  /// A relation that only relative errors have.
  case relationNeedsPairs(PoseRelation)
  /// Rotations are asked for of positions.
  case relationsNeedRotations([PoseRelation])
  /// The first poses cannot be laid onto each other where one of them has no rotation.
  case alignmentNeedsRotations

  /// Whether other options would help, rather than other files.
  public var isAboutOptions: Bool {
    switch self {
    case .badDelta, .relationNeedsPairs, .tooFewPosesToAlign, .tooManyPairs, .relationsNeedRotations, .alignmentNeedsRotations: true
    case .empty, .differentCounts, .onlyOneSideTimed, .noMatchingStamps, .degenerateAlignment, .noPairs: false
    }
  }

  /// One sentence without a full stop.
  public var description: String {
    switch self {
    case .empty(let side):
      "cannot compare trajectories: the \(side) has no poses; give a file with at least one"
    case .differentCounts(let truth, let result):
      "cannot compare trajectories line by line: the truth has \(truth) poses and the result \(result); "
        + "give files of equal length, or formats with times (TUM, EuRoC)"
    case .onlyOneSideTimed(let side):
      "cannot compare trajectories: only the \(side) has times; give "
        + "\(side == "truth" ? EvaluationSetting.resultTimes : .truthTimes) too"
    case .noMatchingStamps(let maximum, let truth, let result):
      "cannot match stamps: no stamps lie within \(maximum) s of each other (truth \(truth.lowerBound) to "
        + "\(truth.upperBound) s, result \(result.lowerBound) to \(result.upperBound) s); check the clocks, "
        + "or change \(EvaluationSetting.timeOffset) or \(EvaluationSetting.maximumDifference)"
    case .degenerateAlignment(let pairs):
      "cannot align trajectories: the \(pairs) associated positions lie on one line or point, so the rotation is open; "
        + "choose origin or none as \(EvaluationSetting.alignment)"
    case .tooFewPosesToAlign(let count):
      "cannot align trajectories on the first poses: \(count) is too few; use at least 3"
    case .noPairs(let delta, let unit, let poses):
      "cannot choose pairs for relative errors: no two of the \(poses) poses lie \(delta) \(unit.rawValue) apart; make \(EvaluationSetting.delta) smaller"
    case .tooManyPairs(let limit):
      "cannot choose pairs for relative errors: more than \(limit) pairs lie the angle apart; leave out \(EvaluationSetting.allPairs) or thin the trajectory"
    case .badDelta(let delta, let unit):
      "cannot choose pairs for relative errors: a delta of \(delta) \(unit.rawValue) is not possible; "
        + (unit == .frames
          ? "use a whole number of frames, 1 or more"
          : "use a positive number" + (unit == .metres ? "" : " of at most half a turn"))
    case .relationsNeedRotations(let relations):
      "cannot compare trajectories: one side has positions without rotations, so \(relations.map(\.rawValue).joined(separator: ", ")) "
        + "cannot be measured; ask for translation_part or point_distance"
    case .alignmentNeedsRotations:
      "cannot align trajectories by their first poses: one side has positions without rotations; align by all positions instead"
    case .relationNeedsPairs(let relation):
      "absolute errors: the relation \(relation.rawValue) compares distances between two poses; use it with relative errors"
    }
  }
}
