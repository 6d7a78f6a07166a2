import Reports

/// A result's pooled errors on any choice of its sequences.
public struct TrajectorySequenceScores: ResampledScores {
  /// What a mean and a root mean square are made of.
  private struct Sums {
    var count = 0.0
    var sum = 0.0
    var sumOfSquares = 0.0
  }

  /// Root mean square and mean of each kind of error, then the segments' errors.
  public let names: [ScoreName]
  /// The number of sequences.
  public let count: Int
  /// For each kind of error, for each sequence.
  private let errors: [[Sums]]
  /// For each sequence, its segments with their translation and rotation errors; nil where no sequence has any.
  private let segments: [(count: Double, translation: Double, rotation: Double)]?

  /// The errors of a result's sequences.
  public init(_ result: TrajectoryResult) {
    count = result.sequences.count
    let kinds = result.pooled
    errors = kinds.map { kind in
      result.sequences.map { sequence in
        let statistics = sequence.evaluation.row(kind.kind, kind.relation)?.statistics
        return statistics.map { Sums(count: Double($0.count), sum: $0.mean * Double($0.count), sumOfSquares: $0.sumOfSquares) }
          ?? Sums()
      }
    }
    var names = kinds.flatMap { kind in
      ["\(kind.kind)_rmse", "\(kind.kind)_mean"].map { ScoreName($0, of: kind.relation.rawValue) }
    }
    if result.pooledSegments == nil {
      segments = nil
    } else {
      segments = result.sequences.map { sequence in
        let found = sequence.evaluation.segments
        let times = Double(found?.segments ?? 0)
        return (times, times * (found?.translationPercent ?? 0), times * (found?.rotationDegreesPerMetre ?? 0))
      }
      names += ["translation_percent", "rotation_deg_per_m"].map { ScoreName($0, of: "segments") }
    }
    self.names = names
  }

  /// None is: errors have units.
  public func isRatio(_ name: ScoreName) -> Bool { false }

  /// The errors of the chosen sequences as one list.
  public func scores(_ occurrences: [Int]) -> [Double] {
    var scores: [Double] = []
    for kind in errors {
      let drawn = zip(kind, occurrences).reduce(into: Sums()) { sums, part in
        let times = Double(part.1)
        sums.count += times * part.0.count
        sums.sum += times * part.0.sum
        sums.sumOfSquares += times * part.0.sumOfSquares
      }
      // Nothing over nothing is not a number: a draw without an error has no score.
      scores += [(drawn.sumOfSquares / drawn.count).squareRoot(), drawn.sum / drawn.count]
    }
    if let segments {
      let drawn = zip(segments, occurrences).reduce((0.0, 0.0, 0.0)) { sums, part in
        let times = Double(part.1)
        return (sums.0 + times * part.0.count, sums.1 + times * part.0.translation, sums.2 + times * part.0.rotation)
      }
      scores += [drawn.1 / drawn.0, drawn.2 / drawn.0]
    }
    return scores
  }
}

extension ResultComparison {
  /// Compares results of trajectories with the same truth, over sequences.
  ///
  /// - Throws: `EvaluationError.inconsistent` for results of different sequences.
  public init(
    trajectories results: [TrajectoryResult], bootstrap: PairedBootstrap = PairedBootstrap()
  ) throws(EvaluationError) {
    let sequences = results.first?.sequences.map(\.name)
    for other in results.dropFirst() where other.sequences.map(\.name) != sequences {
      throw .inconsistent(reason: "\(results[0].name) and \(other.name) were not evaluated on the same sequences")
    }
    self.init(results.map { ($0.name, TrajectorySequenceScores($0)) }, parts: "sequences", bootstrap: bootstrap)
  }
}
