import Geometry
import Reports

/// A search for the parameters with the highest score, without derivatives.
///
/// Two stages. Random points, and the start among them, are scored on a part of the data; the better half goes on to twice as much, until
/// all of it is used (successive halving). The best point is then improved by the simplex method. Both go by the seed alone.
///
/// - Source: K. Jamieson, A. Talwalkar, Non-stochastic best arm identification and hyperparameter optimization, 2016;
///   J. Nelder, R. Mead, A simplex method for function minimization, 1965, doi:10.1093/comjnl/7.4.308.
public struct ParameterSearch: Sendable {
  /// How long and how it searches.
  public struct Settings: Sendable, Equatable {
    /// What fixes the random sets.
    public var seed: UInt64 = 0
    /// Points of the first stage; 0 leaves it out.
    public var candidates = 64
    /// The part of the data that the first rung uses.
    public var firstShare = 0.25
    /// Scores of the second stage; 0 leaves it out.
    public var simplexSteps = 120
    /// The simplex's first edge as a share of each parameter's range.
    public var simplexEdge = 0.12

    /// The search's default length.
    public init() {}
  }

  /// A point that was scored.
  public struct Trial: Sendable, Equatable {
    /// One value for each parameter, in its own unit.
    public var values: [Double]
    /// The score on all training sequences; more is better.
    public var score: Double
    /// The part of the data that the score stands on.
    public var share: Double
  }

  /// What the search found.
  public struct Outcome: Sendable, Equatable {
    /// The best point on all data.
    public var best: Trial
    /// The start on all data.
    public var start: Trial
    /// Every score in the order of the search.
    public var trials: [Trial]
  }

  /// The ranges that are searched.
  public var space: ParameterSpace
  /// How long and how it searches.
  public var settings: Settings

  /// A search of a space.
  public init(space: ParameterSpace, settings: Settings = Settings()) {
    self.space = space
    self.settings = settings
  }

  /// Runs the search.
  ///
  /// - Parameter score: The scores of several points on a part (0, 1] of the data; points come in batches so that they can be scored at
  ///   the same time. A score that is not a number counts as the lowest.
  public func run(score: (_ values: [[Double]], _ share: Double) throws -> [Double]) rethrows -> Outcome {
    var trials: [Trial] = []
    func evaluate(_ points: [[Double]], share: Double) throws -> [Double] {
      let values = points.map { space.values(at: $0) }
      let scores = try score(values, share).map { $0.isNaN ? -.infinity : $0 }
      for (values, score) in zip(values, scores) { trials.append(Trial(values: values, score: score, share: share)) }
      return scores
    }
    let start = space.start
    let startScore = try evaluate([start], share: 1)[0]
    var best = (point: start, score: startScore)
    if settings.candidates > 0 {
      let found = try halve(evaluate)
      if found.score > best.score { best = found }
    }
    if settings.simplexSteps > 0 {
      var simplex = NelderMead(start: best.point, edge: settings.simplexEdge)
      let found = try simplex.maximize(steps: settings.simplexSteps) { try evaluate($0, share: 1) }
      if found.score > best.score { best = found }
    }
    return Outcome(
      best: Trial(values: space.values(at: best.point), score: best.score, share: 1),
      start: Trial(values: space.values(at: start), score: startScore, share: 1), trials: trials)
  }

  private func halve(_ evaluate: ([[Double]], Double) throws -> [Double]) rethrows -> (point: [Double], score: Double) {
    var generator = SplitMix64(seed: settings.seed)
    var points = (0..<settings.candidates).map { _ in space.parameters.map { _ in generator.uniform() } }
    points[0] = space.start
    var share = min(1, max(0.01, settings.firstShare))
    while true {
      let scores = try evaluate(points, share)
      // At equal scores the earlier point goes first, so that the outcome does not depend on the sort.
      let order = points.indices.sorted { scores[$0] != scores[$1] ? scores[$0] > scores[$1] : $0 < $1 }
      if share >= 1 { return (points[order[0]], scores[order[0]]) }
      points = order.prefix(max(1, points.count / 2)).map { points[$0] }
      share = min(1, 2 * share)
    }
  }
}
