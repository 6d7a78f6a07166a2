import Foundation
import TestSupport
import Testing

@testable import TrackEvaluation

@Suite struct TrackMetricsTests {
  /// A case made by hand, scored by TrackEval 1.3.0.
  private func handMade(onEvent: ((TrackEvent) -> Void)? = nil) -> TrackScores {
    TrackMetrics.evaluate(
      truth: TrackIdentities(frames: [[0, 1], [0, 1], [0], [], [0, 1]]),
      result: TrackIdentities(frames: [[0, 1], [0, 1], [], [1], [1, 0]]),
      similarities: [
        SparseSimilarity(rows: 2, columns: 2, dense: [0.9, 0.1, 0.2, 0.6]),
        SparseSimilarity(rows: 2, columns: 2, dense: [0.7, 0, 0, 0.45]),
        SparseSimilarity(rows: 1, columns: 0, dense: []), SparseSimilarity(rows: 0, columns: 1, dense: []),
        SparseSimilarity(rows: 2, columns: 2, dense: [0.8, 0.3, 0, 0.5]),
      ], onEvent: onEvent)
  }

  @Test func givesTheHandMadeCase() throws {
    let scores = handMade()
    let expected: [(String, Double)] = [
      ("HOTA", 0.348215279302), ("DetA", 0.480957346747), ("AssA", 0.263283208020), ("DetRe", 0.593984962406),
      ("DetPr", 0.593984962406), ("AssRe", 0.388596491228), ("AssPr", 0.422660818713), ("LocA", 0.748684210526),
      ("MOTA", 1.0 / 7), ("MOTP", 0.7), ("sMOTA", -1.0 / 14),
    ]
    for (name, value) in expected { #expect(abs(try #require(scores.value(of: name)) - value) < 1e-11, "\(name)") }
    #expect(scores.hota?.truePositives == [6, 6, 6, 6, 6, 6, 6, 6, 6, 5, 4, 4, 3, 3, 2, 2, 1, 1, 0])
    let clear = try #require(scores.clear)
    #expect((clear.truePositives, clear.falseNegatives, clear.falsePositives) == (5, 2, 2))
    #expect((clear.identitySwitches, clear.fragmentations) == (2, 1))
    #expect((clear.mostlyTracked, clear.partlyTracked, clear.mostlyLost) == (0, 2, 0))
    #expect(scores.identity == IdentityScores(truePositives: 3, falseNegatives: 4, falsePositives: 4))
  }

  @Test func listsSwitchesAndFragmentations() {
    var events: [TrackEvent] = []
    _ = handMade { events.append($0) }
    #expect(
      events == [
        TrackEvent(kind: .identitySwitch, frame: 4, truthID: 0, previousResultID: 0, resultID: 1),
        TrackEvent(kind: .identitySwitch, frame: 4, truthID: 1, previousResultID: 1, resultID: 0),
        TrackEvent(kind: .fragmentation, frame: 4, truthID: 1, previousResultID: 1, resultID: 0),
      ])
  }

  /// Scores of TrackEval 1.3.0 on 600 generated sequences (`Benchmarks/evaluation/random_sequences.py`).
  @Test func agreesWithTrackEvalOnRandomSequences() throws {
    let names = [
      "HOTA", "DetA", "AssA", "DetRe", "DetPr", "AssRe", "AssPr", "LocA", "OWTA", "MOTA", "MOTP", "MODA", "MTR", "PTR",
      "MLR", "sMOTA", "CLR_F1", "FP_per_frame", "MOTAL", "MOTP_sum", "IDF1", "IDR", "IDP", "CLR_TP", "CLR_FN", "CLR_FP",
      "IDSW", "MT", "PT", "ML", "Frag", "CLR_Frames", "IDTP", "IDFN", "IDFP",
    ]
    let lines = try String(contentsOf: StoredFixture.url("random-sequences.txt"), encoding: .utf8).split(separator: "\n").filter {
      !$0.hasPrefix("#")
    }
    #expect(lines.count >= 500)
    for line in lines {
      let columns = line.split(separator: " ")
      let seed = try #require(Int(columns[0]))
      let scores = RandomSequence(seed: seed).scores()
      let values = Dictionary(uniqueKeysWithValues: scores.fields.map { ($0.name, $0.scalar) })
      for (name, text) in zip(names, columns[1...]) {
        let expected = try #require(Double(text))
        let value = try #require(values[name])
        #expect(abs(value - expected) <= 1e-9 * max(1, abs(expected)), "seed \(seed), \(name): \(value), not \(expected)")
      }
      let truePositives = columns[(1 + names.count)...].compactMap { Int($0) }
      #expect(scores.hota?.truePositives == truePositives, "seed \(seed)")
    }
  }
}
