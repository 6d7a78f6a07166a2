import Reports

/// The combined scores of all classes on any choice of the sequences of an evaluation.
public struct TrackSequenceScores: ResampledScores {
  /// The compared figures of each class.
  public let names: [ScoreName]
  /// The number of sequences.
  public let count: Int
  private let classes: [ComparedTrackScores]

  /// - Parameter evaluation: Every class is scored on all of its sequences.
  public init(_ evaluation: TrackResultEvaluation) {
    count = evaluation.sequences.count
    let subjects = evaluation.classes
    classes = subjects.map { subject in
      ComparedTrackScores(
        evaluation.sequences.map { sequence in
          sequence.classes.first { $0.className == subject }?.scores ?? TrackScores()
        })
    }
    names = zip(subjects, classes).flatMap { subject, sums in sums.names.map { ScoreName($0, of: subject) } }
  }

  /// All but counts of identity switches.
  public func isRatio(_ name: ScoreName) -> Bool { classes.contains { $0.ratios.contains(name.field) } }

  /// The classes' figures, each combined over the chosen sequences.
  public func scores(_ occurrences: [Int]) -> [Double] { classes.flatMap { $0.scores(occurrences) } }
}

extension ResultComparison {
  /// Compares evaluations of tracks with the same truth, over sequences.
  ///
  /// - Throws: `EvaluationError.inconsistent` for evaluations of different sequences.
  public init(tracks evaluations: [TrackResultEvaluation], bootstrap: PairedBootstrap = PairedBootstrap()) throws(EvaluationError) {
    let sequences = evaluations.first?.sequences.map(\.name)
    for other in evaluations.dropFirst() where other.sequences.map(\.name) != sequences {
      throw .inconsistent(reason: "\(evaluations[0].name) and \(other.name) were not evaluated on the same sequences")
    }
    self.init(evaluations.map { ($0.name, TrackSequenceScores($0)) }, parts: "sequences", bootstrap: bootstrap)
  }
}
