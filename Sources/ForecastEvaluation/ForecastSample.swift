import Geometry

/// One predicted position: where, and how sure.
public struct PredictedPosition: Sendable, Hashable {
  /// The expected place, in the unit of the truth.
  public var position: Point
  /// The covariance of the position; nil where the forecast has none.
  public var covariance: SymmetricMatrix2?

  /// A forecast place with its covariance in squared units; nil where none is stated.
  public init(_ position: Point, covariance: SymmetricMatrix2? = nil) {
    self.position = position
    self.covariance = covariance
  }
}

/// A forecast of one object beside what it did: one or more hypotheses over the same steps.
public struct ForecastSample: Sendable, Equatable {
  /// Each with one position a step of the truth.
  public var hypotheses: [[PredictedPosition]]
  /// Where the agent truly was at each step, metres on the ground or pixels of the frame that made the forecast.
  public var truth: [Point]
  /// How far ahead each position of the truth is: steps from 1, or seconds in a stream.
  public var horizons: [Double]
  /// The object's number in the truth, and the frame of the last observation.
  public var agent: Int
  /// The frame that made the forecast.
  public var frame: Int
  /// Where the object was before, to the last observation; may be left out.
  public var observed: [Point]

  /// - Parameters:
  ///   - hypotheses: At least one; each has as many positions as the truth, and that is at least one.
  ///   - horizons: One a position; nil for steps from 1.
  public init(
    hypotheses: [[PredictedPosition]], truth: [Point], horizons: [Double]? = nil, agent: Int = 0, frame: Int = 0,
    observed: [Point] = []
  ) {
    precondition(
      !hypotheses.isEmpty && !truth.isEmpty && hypotheses.allSatisfy { $0.count == truth.count }
        && (horizons.map { $0.count == truth.count } ?? true),
      "hypotheses over the truth's steps")
    self.hypotheses = hypotheses
    self.truth = truth
    self.horizons = horizons ?? (1...truth.count).map(Double.init)
    self.agent = agent
    self.frame = frame
    self.observed = observed
  }

  /// The errors of a hypothesis, one a step.
  public func errors(of hypothesis: Int = 0) -> [Double] {
    zip(hypotheses[hypothesis], truth).map { ($0.position - $1).length }
  }

  /// The squared Mahalanobis distances of the first hypothesis' positions that have a covariance.
  public var squaredMahalanobis: [Double] {
    zip(hypotheses[0], truth).compactMap { predicted, truth in
      predicted.covariance?.inverse.map { $0.quadraticForm(truth - predicted.position) }
    }
  }

  /// Of the first hypotheses the one with the smallest final error, and that error.
  ///
  /// - Parameter limit: How many count; nil for all.
  public func bestFinal(limit: Int?) -> (hypothesis: Int, error: Double) {
    var best = (hypothesis: 0, error: Double.infinity)
    for index in hypotheses.indices.prefix(max(1, limit ?? .max)) {
      let error = (hypotheses[index][truth.count - 1].position - truth[truth.count - 1]).length
      if error < best.error { best = (index, error) }
    }
    return best
  }
}
