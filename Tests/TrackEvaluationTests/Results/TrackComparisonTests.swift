import Reports
import Testing

@testable import TrackEvaluation

@Suite struct TrackComparisonTests {
  private func evaluation(_ name: String, seeds: [Int]) -> TrackResultEvaluation {
    let sequences = seeds.enumerated().map { index, seed in
      TrackSequenceEvaluation(
        name: "s\(index)", frames: 30, firstFrame: 1,
        classes: [
          TrackClassEvaluation(
            className: nil, scores: RandomSequence(seed: seed).scores(), oriented: OrientedTrackScores(), events: [], timelines: [])
        ], similarity: .iou, preprocessing: .none, warnings: [])
    }
    return TrackResultEvaluation(name: name, sequences: sequences)
  }

  /// A choice of sequences, told by how often each occurs in it, scores as the list of these sequences does.
  @Test func aChoiceScoresAsItsSequencesCombined() throws {
    let scores = (0..<40).map { RandomSequence(seed: $0).scores() }
    let compared = ComparedTrackScores(scores)
    for choice in [Array(0..<40), [0, 0, 3, 9, 9, 9, 17], [5]] {
      var occurrences = Array(repeating: 0, count: 40)
      for index in choice { occurrences[index] += 1 }
      let combined = TrackScores.combined(choice.map { scores[$0] })
      for (field, value) in zip(compared.names, compared.scores(occurrences)) {
        #expect(abs(try #require(combined.value(of: field)) - value) < 1e-10, "\(field)")
      }
    }
  }

  /// Readers of comparisons know this order, which is that of the columns in the tables.
  @Test func figuresStandInTheOrderOfTheColumns() {
    let compared = ComparedTrackScores([RandomSequence(seed: 3).scores()])
    #expect(compared.names == ["HOTA", "DetA", "AssA", "LocA", "MOTA", "IDF1", "IDSW"])
    #expect(compared.scores([1]).count == compared.names.count)
  }

  @Test func familiesThatNoSequenceHasAreNotCompared() {
    var scores = RandomSequence(seed: 4).scores()
    scores.clear = nil
    let compared = ComparedTrackScores([scores, TrackScores()])
    #expect(compared.names == ["HOTA", "DetA", "AssA", "LocA", "IDF1"])
    #expect(compared.scores([0, 1]).prefix(4) == [0, 0, 0, 1])
  }

  @Test func comparesEachWithTheFirst() throws {
    let comparison = try ResultComparison(tracks: [evaluation("a", seeds: Array(10..<22)), evaluation("b", seeds: Array(30..<42))])
    let row = try #require(comparison.rows.first { $0.name.field == "HOTA" })
    let interval = try #require(row.intervals[0])
    #expect(abs(interval.difference - (row.scores[1] - row.scores[0])) < 1e-10)
    #expect(interval.low <= interval.difference && interval.difference <= interval.high)
    #expect(comparison.table.columns.count == 7)
  }

  @Test func refusesResultsOnDifferentSequences() {
    #expect(throws: EvaluationError.self) {
      try ResultComparison(tracks: [evaluation("a", seeds: [1, 2, 3]), evaluation("b", seeds: [1, 2])])
    }
  }

  @Test func averagesOverClassesAsTheReferenceDoes() throws {
    let a = RandomSequence(seed: 21).scores()
    let b = RandomSequence(seed: 22).scores()
    let fields = TrackScores.classAverage([a, b])
    for name in ["HOTA", "MOTA", "IDF1"] {
      let mean = (try #require(a.value(of: name)) + (try #require(b.value(of: name)))) / 2
      #expect(abs(try #require(fields.first { $0.name == name }).scalar - mean) < 1e-12)
    }
    let switches = try #require(a.clear).identitySwitches + (try #require(b.clear).identitySwitches)
    #expect(fields.first { $0.name == "IDSW" }?.value == .integer(switches))
    let empty = TrackScores()
    #expect(TrackScores.classAverage([a, empty], ignoringEmpty: true).first?.scalar == a.fields.first?.scalar)
  }
}
