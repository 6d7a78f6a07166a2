import Foundation
import Geometry
import Records
import Reports
import Testing

@testable import TrajectoryEvaluation

@Suite struct TrajectoryResultTests {
  /// A winding drive of steps of about a metre, and the same with noise on every pose.
  private func evaluation(seed: UInt64, poses: Int, noise: Double) throws -> TrajectorySequenceEvaluation {
    var generator = SplitMix64(seed: seed)
    func jitter(_ size: Double) -> Double { size * (generator.uniform() - 0.5) }
    var truth: [RigidTransform] = []
    var result: [RigidTransform] = []
    var (place, heading) = (Vector3(0, 0, 0), 0.0)
    for _ in 0..<poses {
      heading += jitter(0.2)
      place = place + Vector3(cos(heading), 0, sin(heading))
      truth.append(RigidTransform(rotation: turn(heading), translation: place))
      let moved = place + Vector3(jitter(noise), jitter(noise), jitter(noise))
      result.append(RigidTransform(rotation: turn(heading + jitter(noise / 10)), translation: moved))
    }
    var settings = TrajectorySequenceEvaluation.Settings()
    settings.segmentLengths = [20, 40]
    return try TrajectorySequenceEvaluation(truth: Trajectory(poses: truth), result: Trajectory(poses: result), settings: settings)
  }

  /// A turn about the y axis.
  private func turn(_ angle: Double) -> Matrix3 {
    Matrix3(rows: Vector3(cos(angle), 0, sin(angle)), Vector3(0, 1, 0), Vector3(-sin(angle), 0, cos(angle)))
  }

  private func result(_ name: String, noise: Double) throws -> TrajectoryResult {
    let sequences = try [90, 30, 140, 60].enumerated().map { index, poses in
      TrajectoryResult.Sequence(name: "s\(index)", evaluation: try evaluation(seed: UInt64(index), poses: poses, noise: noise))
    }
    return TrajectoryResult(name: name, sequences: sequences)
  }

  @Test func everyColumnHasAMeaning() throws {
    let labels = ["sequence", "error", "relation", "unit"]
    for name in try result("a", noise: 1).tables.flatMap(\.columns).map(\.name) where !labels.contains(name) {
      #expect(MetricGlossary.definition(of: name) != nil, "\(name)")
    }
  }

  @Test func poolsErrorsAndNotMeans() throws {
    let result = try result("a", noise: 1)
    for pooled in result.pooled {
      let errors = result.sequences.flatMap { sequence in
        sequence.evaluation.rows.filter { $0.kind == pooled.kind && $0.relation == pooled.relation }.flatMap(\.errors)
      }
      let squares = errors.reduce(0) { $0 + $1 * $1 }
      #expect(pooled.statistics.count == errors.count)
      #expect(abs(pooled.statistics.rootMeanSquare - (squares / Double(errors.count)).squareRoot()) < 1e-12)
      #expect(pooled.statistics.median == (errors.sorted()[(errors.count - 1) / 2] + errors.sorted()[errors.count / 2]) / 2)
    }
    let segments = try #require(result.pooledSegments)
    let own = result.sequences.compactMap(\.evaluation.segments)
    let total = own.reduce(0) { $0 + $1.segments }
    let mean = own.reduce(0) { $0 + $1.translationPercent * Double($1.segments) } / Double(total)
    #expect(segments.segments == total && abs(segments.translationPercent - mean) < 1e-12)
    #expect(segments.lengths.map(\.metres) == [20, 40])
    #expect(segments.lengths[0].segments == own.reduce(0) { $0 + ($1.lengths.first { $0.metres == 20 }?.segments ?? 0) })
  }

  /// A draw's scores must be the pooled figures of the sequences written out as often as they were drawn.
  @Test(arguments: [[1, 1, 1, 1], [0, 2, 2, 0], [3, 0, 0, 1], [0, 4, 0, 0]]) func aDrawScoresAsTheSequencesWrittenOut(
    occurrences: [Int]
  ) throws {
    let result = try result("a", noise: 1)
    let scores = TrajectorySequenceScores(result)
    let drawn = Dictionary(uniqueKeysWithValues: zip(scores.names, scores.scores(occurrences)))
    let repeated = TrajectoryResult(
      name: "b", sequences: zip(result.sequences, occurrences).flatMap { Array(repeating: $0, count: $1) })
    for pooled in repeated.pooled {
      let (rms, mean) = (pooled.statistics.rootMeanSquare, pooled.statistics.mean)
      #expect(abs(try #require(drawn[ScoreName("\(pooled.kind)_rmse", of: pooled.relation.rawValue)]) - rms) < 1e-10)
      #expect(abs(try #require(drawn[ScoreName("\(pooled.kind)_mean", of: pooled.relation.rawValue)]) - mean) < 1e-10)
    }
    let translation = try #require(drawn[ScoreName("translation_percent", of: "segments")])
    let expected = repeated.pooledSegments?.translationPercent ?? .nan
    #expect(abs(translation - expected) < 1e-10 || (translation.isNaN && expected.isNaN))
  }

  @Test func refusesResultsOnDifferentSequences() throws {
    let all = try result("all", noise: 1)
    let few = TrajectoryResult(name: "few", sequences: Array(all.sequences.dropLast()))
    #expect(throws: EvaluationError.self) { try ResultComparison(trajectories: [all, few]) }
  }

  @Test func theWorseResultIsClearlyWorse() throws {
    let comparison = try ResultComparison(trajectories: [try result("good", noise: 0.2), try result("bad", noise: 2)])
    let row = try #require(comparison.rows.first { $0.name == ScoreName("APE_rmse", of: "translation_part") })
    let interval = try #require(row.intervals[0])
    #expect(interval.isClear && interval.low > 0)
    #expect(abs(interval.difference - (row.scores[1] - row.scores[0])) < 1e-12)
  }
}

@Suite struct PairedFilesTests {
  @Test func aFileThatOneSequenceLacksIsToldOrRefused() throws {
    let truth = try folder(["a.txt", "b.txt", "c.txt"])
    let result = try folder(["a.txt", "c.txt"])
    let found = try PairedFiles.pairs(truth: truth, result: result)
    #expect(found.pairs.map(\.name) == ["a", "c"])
    #expect(found.warnings == ["\(result) has no file of sequence b; the sequence is left out"])
    #expect(
      throws: EvaluationError.missing(
        what: "the result of sequence b in \(result)",
        lookedFor: ["b.txt", "b.csv", "b.ndjson", "b.jsonl", "each also with .gz or .zst"])
    ) { try PairedFiles.pairs(truth: truth, result: result, choice: SequenceChoice(isStrict: true)) }
  }

  @Test func chosenSequencesAreReadAndOthersNotLookedFor() throws {
    let truth = try folder(["a.txt", "b.txt", "c.txt"])
    let result = try folder(["a.txt", "c.txt"])
    let found = try PairedFiles.pairs(truth: truth, result: result, choice: SequenceChoice(names: ["c"], isStrict: true))
    #expect(found.pairs.map(\.name) == ["c"] && found.warnings.isEmpty)
    #expect(throws: EvaluationError.unknown(what: "sequence", name: "d", known: ["a", "b", "c"])) {
      try PairedFiles.pairs(truth: truth, result: result, choice: SequenceChoice(names: ["a", "d"]))
    }
  }

  private func folder(_ files: [String]) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("pairs-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for file in files { try Data("0\n".utf8).write(to: folder.appendingPathComponent(file)) }
    return folder.path
  }

  @Test func pairsEqualNamesWhateverTheirEnding() throws {
    let truth = try folder(["a.txt", "b.csv.gz", "README.md"])
    let result = try folder(["b.txt", "a.txt.gz", "c.txt"])
    let found = try PairedFiles.pairs(truth: truth, result: result)
    #expect(found.pairs.map(\.name) == ["a", "b"])
    #expect(found.pairs.map(\.result) == [result + "/a.txt.gz", result + "/b.txt"])
    #expect(found.warnings == ["\(result)/c.txt belongs to no sequence of the truth; left out"])
  }

  @Test func namesWhatIsMissing() throws {
    let truth = try folder(["a.txt"])
    let result = try folder(["b.txt"])
    let empty = try folder([])
    #expect(throws: EvaluationError.self) { try PairedFiles.pairs(truth: truth, result: result) }
    #expect(throws: EvaluationError.self) { try PairedFiles.pairs(truth: empty, result: result) }
    #expect(throws: EvaluationError.self) { try PairedFiles.pairs(truth: truth, result: result + "/b.txt") }
    #expect(throws: EvaluationError.self) { try PairedFiles.pairs(truth: truth + "/none", result: result) }
  }
}
