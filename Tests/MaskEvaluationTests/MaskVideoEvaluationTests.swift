import Reports
import TestSupport
import Testing

@testable import MaskEvaluation

@Suite struct MaskVideoEvaluationTests {
  private func series(_ random: inout TestRandom, _ count: Int) -> MaskScoreSeries {
    MaskScoreSeries((0..<count).map { _ in random.unit() })
  }

  private func sequences(_ count: Int, seed: UInt64) -> [MaskVideoEvaluation.Sequence] {
    var random = TestRandom(seed: seed)
    return (0..<count).map { index in
      let frames = 3 + random.index(below: 9)
      let objects = (0..<random.index(below: 4)).map { object in
        MaskObjectScore(object: object + 1, region: series(&random, frames), contour: series(&random, frames))
      }
      return MaskVideoEvaluation.Sequence(name: "s\(index)", frames: (0..<frames).map { "\($0)" }, objects: objects)
    }
  }

  @Test func everyColumnHasAMeaning() {
    let evaluation = MaskVideoEvaluation(sequences(8, seed: 1), settings: .init(.unsupervised))
    for table in [MaskTables.objects(evaluation), MaskTables.sequences(evaluation)] {
      for name in table.columns.map(\.name) where name != "sequence" && name != "object" {
        #expect(MetricGlossary.definition(of: name) != nil, "\(name)")
      }
    }
  }

  /// A draw's scores must be the means over the objects of the sequences written out as often as they were drawn.
  @Test func aDrawScoresAsTheSequencesWrittenOut() {
    var random = TestRandom(seed: 2)
    for seed in 0..<20 as Range<UInt64> {
      let sequences = sequences(8, seed: seed)
      let scores = MaskSequenceScores(MaskVideoEvaluation(sequences, settings: .init(.unsupervised)))
      for _ in 0..<5 {
        let drawn = (0..<8).map { _ in random.index(below: 8) }
        var occurrences = Array(repeating: 0, count: 8)
        for index in drawn { occurrences[index] += 1 }
        let objects = drawn.flatMap { sequences[$0].objects }
        func mean(_ value: (MaskObjectScore) -> Double) -> Double { objects.map(value).reduce(0, +) / Double(objects.count) }
        let expected = [
          mean { ($0.region.mean + $0.contour.mean) / 2 }, mean(\.region.mean), mean(\.region.recall), mean(\.region.decay),
          mean(\.contour.mean), mean(\.contour.recall), mean(\.contour.decay),
        ]
        for (name, pair) in zip(scores.names, zip(scores.scores(occurrences), expected)) {
          #expect(abs(pair.0 - pair.1) < 1e-12 || (pair.0.isNaN && objects.isEmpty), "\(name.field)")
        }
      }
    }
  }

  @Test func tablesAreByObjectAndBySequence() throws {
    let evaluation = MaskVideoEvaluation(
      [
        .init(
          name: "a", frames: ["1"],
          objects: [
            MaskObjectScore(object: 1, region: MaskScoreSeries([1]), contour: MaskScoreSeries([0.5])),
            MaskObjectScore(object: 2, region: MaskScoreSeries([0]), contour: MaskScoreSeries([0.5])),
          ]),
        .init(
          name: "b", frames: ["1"],
          objects: [MaskObjectScore(object: 1, region: MaskScoreSeries([1]), contour: MaskScoreSeries([1]))]),
      ], settings: .init(.unsupervised))
    #expect(evaluation.hasSeveralObjects)
    let lines = MaskTables.sequences(evaluation).rendered(as: .csv).split(separator: "\n")
    #expect(lines[1].hasPrefix("a,2,1,0.5,0.5,0.5,") && lines[2].hasPrefix("b,1,1,1.0,"))
    // Three objects weigh the same, not two sequences.
    #expect(lines[3].hasPrefix("all objects,3,2,0.66666"))
    #expect(MaskTables.objects(evaluation).rows.count == 4)
  }

  @Test func pagesShowTheObjectsOfTheLowestScoresAndTheProtocol() {
    let many = MaskVideoEvaluation(
      (0..<60).map { index in
        .init(
          name: "s\(index)", frames: ["4", "5"],
          objects: [
            MaskObjectScore(
              object: 1, region: MaskScoreSeries([Double(index) / 60, 0.1]), contour: MaskScoreSeries([0.2, 0.3]))
          ])
      }, settings: .init(.semiSupervised))
    let page = MaskVideoReport(ReportedResults([("ours", many), ("theirs", many)], truth: "t", warnings: [])).html
    #expect(page.contains("s3, object 1") && !page.contains("s50, object 1") && page.contains("40 of 60 objects"))
    #expect(page.contains("the first and the last frame of a sequence are left out"))
  }

  @Test func objectsThatOnlyTheResultHasAreKnown() {
    var sequence = MaskSequence(.semiSupervised)
    for (truth, result) in [([1, 0], [1, 9]), ([1, 0], [1, 7]), ([1, 255], [1, 8]), ([1, 0], [1, 6])] as [([UInt8], [UInt8])] {
      sequence.add(truth: truth, result: result, width: 2, height: 1)
    }
    // The ends do not count, and nothing counts on void pixels.
    #expect(sequence.labelsOnlyInResult == [7] && sequence.countedFrames == [1, 2])
  }
}
