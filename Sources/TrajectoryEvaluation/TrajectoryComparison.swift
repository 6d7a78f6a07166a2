import Geometry

/// A result's poses beside the truth's: which belong together, moved onto each other by an alignment.
public struct TrajectoryComparison: Sendable {
  /// How poses are associated and aligned.
  public struct Settings: Sendable, Equatable {
    /// How the result is moved onto the truth.
    public var alignment = TrajectoryAlignment.none
    /// The number of first associated poses that the alignment is fitted on; nil for all.
    public var alignedPoses: Int?
    /// Largest difference of stamps that belong together, seconds.
    public var maximumDifference = 0.01
    /// Added to the result's stamps, seconds.
    public var timeOffset = 0.0

    /// Stamps within 10 ms belong together, and nothing is aligned, as evo does unless told.
    public init() {}
  }

  /// The associated poses of the truth.
  public var truth: [RigidTransform]
  /// The associated poses of the result, aligned.
  public var result: [RigidTransform]
  /// The truth's stamps of the associated poses; nil where poses are matched by line.
  public var times: [Double]?
  /// What the alignment applied.
  public var transform: SimilarityTransform
  /// Poses of each side before the association.
  public var counts: (truth: Int, result: Int)

  /// Associates by time where both sides have times, else line by line, then aligns.
  public init(truth: Trajectory, result: Trajectory, settings: Settings = Settings()) throws(TrajectoryProblem) {
    guard !truth.poses.isEmpty else { throw .empty(side: "truth") }
    guard !result.poses.isEmpty else { throw .empty(side: "result") }
    let (trueSide, otherSide) = try TrajectoryComparison.associate(truth, result, settings)
    let aligned = try settings.alignment.apply(
      to: otherSide.poses, truth: trueSide.poses, firstPoses: settings.alignedPoses)
    self.truth = trueSide.poses
    self.result = aligned.poses
    times = trueSide.times
    transform = aligned.transform
    counts = (truth.poses.count, result.poses.count)
  }

  private static func associate(
    _ truth: Trajectory, _ result: Trajectory, _ settings: Settings
  ) throws(TrajectoryProblem) -> (Trajectory, Trajectory) {
    switch (truth.times, result.times) {
    case (nil, nil):
      guard truth.poses.count == result.poses.count else {
        throw .differentCounts(truth: truth.poses.count, result: result.poses.count)
      }
      return (truth, result)
    case (.some, nil): throw .onlyOneSideTimed(timedSide: "truth")
    case (nil, .some): throw .onlyOneSideTimed(timedSide: "result")
    case (.some(let trueTimes), .some(let otherTimes)):
      let pairs = StampMatching.pairs(
        truth: trueTimes, result: otherTimes, maximumDifference: settings.maximumDifference,
        offset: settings.timeOffset)
      guard !pairs.isEmpty else {
        throw .noMatchingStamps(
          maximumDifference: settings.maximumDifference, truth: range(of: trueTimes), result: range(of: otherTimes))
      }
      return (truth.selecting(pairs.map(\.truth)), result.selecting(pairs.map(\.result)))
    }
  }

  private static func range(of times: [Double]) -> ClosedRange<Double> {
    var low = Double.infinity
    var high = -Double.infinity
    for time in times {
      low = min(low, time)
      high = max(high, time)
    }
    return low <= high ? low...high : 0...0
  }

  /// The absolute errors, pose by pose.
  public func absoluteErrors(_ relation: PoseRelation) throws(TrajectoryProblem) -> [Double] {
    try PoseError.absolute(truth: truth, result: result, relation: relation)
  }

  /// The relative errors; pairs are chosen on the result unless `pairsFromTruth`.
  public func relativeErrors(
    _ relation: PoseRelation, delta: PoseDelta, pairsFromTruth: Bool = false
  ) throws(TrajectoryProblem) -> [Double] {
    let pairs = try delta.pairs(of: pairsFromTruth ? truth : result)
    return PoseError.relative(truth: truth, result: result, pairs: pairs, relation: relation)
  }
}
