import Foundation
import Records
import TestSupport
import Testing

@testable import TrackEvaluation

/// Parity with TrackEval 1.3.0 on real sequences, by the oracles stored beside the data.
@Suite(.enabled(if: SharedData.isPresent, SharedData.message)) struct TrackParityTests {
  /// Every field of the oracle's metrics against ours, to 1e-9 of the value.
  private func expect(_ scores: TrackScores, equals oracle: Any?, _ place: String) throws {
    let metrics = try #require(oracle as? [String: [String: Any]], "\(place)")
    let values = Dictionary(uniqueKeysWithValues: scores.fields.map { ($0.name, $0.value) })
    var compared = 0
    for fields in metrics.values {
      for (name, expected) in fields {
        let value = try #require(values[name], "\(place) \(name)")
        let pairs: [(Double, Double)]
        switch value {
        case .integer(let value): pairs = [(Double(value), try #require(expected as? Double))]
        case .real(let value), .ratio(let value): pairs = [(value, try #require(expected as? Double))]
        case .curve(let values): pairs = Array(zip(values, try #require(expected as? [Double])))
        case .counts(let values): pairs = Array(zip(values.map(Double.init), try #require(expected as? [Double])))
        }
        for (value, expected) in pairs {
          #expect(abs(value - expected) <= 1e-9 * max(1, abs(expected)), "\(place) \(name): \(value), not \(expected)")
          compared += 1
        }
      }
    }
    #expect(compared > 240, "\(place): the oracle has the HOTA curves, CLEAR and Identity")
  }

  private func oracle(_ path: String) throws -> [String: Any] {
    let data = try Data(contentsOf: URL(fileURLWithPath: SharedData.path(path)))
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  @Test func agreesOnBothTUDSequencesAndCombined() throws {
    let root = SharedData.path("mot")
    let oracle = try oracle("mot/oracle-tud.json")
    let names = ["TUD-Campus", "TUD-Stadtmitte"]
    let sequences = try names.map {
      try TrackEvaluator.evaluate(
        TrackSequenceFiles(name: $0, truth: "\(root)/\($0)/gt/gt.txt", result: "\(root)/\($0)/result/test.txt"),
        TrackEvaluationOptions())
    }
    let evaluation = TrackResultEvaluation(name: "test", sequences: sequences)
    for sequence in sequences {
      #expect(sequence.preprocessing == .mot15)
      try expect(sequence.classes[0].scores, equals: oracle[sequence.name], sequence.name)
    }
    try expect(evaluation.combined(nil), equals: oracle["COMBINED_SEQ"], "combined")
  }

  /// The stored CIWT results, decompressed by the reader; the oracle itself is stored as rows of 22 values.
  @Test func agreesOnCIWTForCarsAndPedestrians() throws {
    let root = SharedData.path("kitti-tracking")
    let evaluation = try TrackResultEvaluation.run(
      name: "CIWT", truth: root + "/label_02", result: root + "/ciwt", TrackEvaluationOptions())
    #expect(evaluation.sequences.count == 13)
    #expect(evaluation.classes == ["car", "pedestrian"])
    let lines = try String(contentsOfFile: root + "/oracle.csv", encoding: .utf8).split(separator: "\n")
    let names = try #require(lines.first).split(separator: ",").dropFirst(3).map(Self.fieldName)
    var rows = 0
    for line in lines where line.hasPrefix("CIWT,") {
      let columns = line.split(separator: ",")
      let scores =
        columns[2] == "COMBINED"
        ? evaluation.combined(String(columns[1]))
        : try #require(evaluation.parts(of: String(columns[1])).first { $0.sequence == columns[2] }).evaluation.scores
      for (name, text) in zip(names, columns.dropFirst(3)) {
        let expected = try #require(Double(text))
        let value = try #require(scores.value(of: name))
        #expect(
          abs(value - expected) <= 1e-9 * max(1, abs(expected)), "\(columns[1]) \(columns[2]) \(name): \(value), not \(expected)")
      }
      rows += 1
    }
    #expect(rows == 28)
  }

  /// The oracle's short names as fields.
  private static func fieldName(_ name: Substring) -> String {
    ["TP", "FP", "FN"].contains(name) ? "CLR_\(name)" : String(name)
  }

  /// The table in the README of `mot`: results made of the truth and of the detections, with and without preprocessing.
  @Test(arguments: [
    ("all", TrackPreprocessing.mot, [0.698912915, 0.488479263, 1, 1, -0.047169811, 1, 424, 444, 0, 0, 0.656346749]),
    ("all", .none, [0.668773044, 0.447257384, 1, 1, -0.235849057, 1, 424, 524, 0, 0, 0.618075802]),
    ("rank", .mot, [0.455410687, 0.472651127, 0.445852434, 0.908043246, 0.334905660, 0.898221454, 222, 2, 202, 78, 0.438271605]),
    ("rank", .none, [0.436360255, 0.454371102, 0.427032452, 0.898795671, 0.259433962, 0.898221454, 222, 34, 202, 78, 0.417647059]),
  ]) func givesTheTableOfMOT17Preprocessing(kind: String, rule: TrackPreprocessing, expected: [Double]) throws {
    let scratch = try ScratchFolder()
    var sequences: [TrackSequenceEvaluation] = []
    for (name, frames) in [("MOT17-02-FRCNN", 4), ("MOT17-04-FRCNN", 8)] {
      let folder = SharedData.path("mot/" + name)
      let lines = kind == "all" ? try Self.everyTruthRow(folder) : try Self.detectionsByRank(folder, frames: frames)
      let files = TrackSequenceFiles(
        name: name, truth: folder + "/gt/gt.txt", result: try scratch.write(lines, to: name + ".txt"))
      var options = TrackEvaluationOptions()
      options.preprocessing = rule
      options.takesClassesAsOne = true
      sequences.append(try TrackEvaluator.evaluate(files, options))
    }
    let evaluation = TrackResultEvaluation(name: kind, sequences: sequences)
    let scores = evaluation.combined(evaluation.classes[0])
    let names = ["HOTA", "DetA", "AssA", "LocA", "MOTA", "MOTP", "CLR_TP", "CLR_FP", "CLR_FN", "IDSW", "IDF1"]
    for (name, value) in zip(names, expected) {
      #expect(abs(try #require(scores.value(of: name)) - value) < 1e-9, "\(kind) \(rule) \(name)")
    }
  }

  private static func everyTruthRow(_ folder: String) throws -> String {
    let truth = try String(contentsOfFile: folder + "/gt/gt.txt", encoding: .utf8).split(separator: "\n")
    return truth.map { line in
      line.split(separator: ",").prefix(6).joined(separator: ",") + ",1,-1,-1,-1\n"
    }.joined()
  }

  private static func detectionsByRank(_ folder: String, frames: Int) throws -> String {
    let table = try BoxTableReader.read(path: folder + "/det/det.txt.gz")
    var lines = ""
    for frame in 0..<frames {
      let rows = table.frames.indices.filter { Int(table.frames[$0]) == frame }
      let ranked = rows.enumerated().sorted {
        let (a, b) = (table.axisBoxes[$0.element].area, table.axisBoxes[$1.element].area)
        return a != b ? a > b : $0.offset < $1.offset
      }
      for (rank, row) in ranked.enumerated() {
        let box = table.axisBoxes[row.element]
        lines += "\(frame + 1),\(rank + 1),\(box.left),\(box.top),\(box.width),\(box.height),1,-1,-1,-1\n"
      }
    }
    return lines
  }

  @Test func tellsThatTheTruthOfMOT17EndsEarly() throws {
    let folder = SharedData.path("mot")
    let scratch = try ScratchFolder()
    try scratch.write("1,1,10,10,20,20,1,-1,-1,-1\n", to: "MOT17-02-FRCNN.txt")
    let layout = try TrackLayout.sequences(truth: folder + "/MOT17-02-FRCNN", result: scratch.url.path)
    #expect(layout.sequences.map(\.statedFrames) == [600])
    let evaluation = try TrackEvaluator.evaluate(layout.sequences[0], TrackEvaluationOptions())
    #expect(evaluation.warnings.contains { $0.contains("stated to have 600 frames, but the truth ends at frame 4 (4 frames)") })
    #expect(evaluation.frames == 600)
  }

  /// Every published oriented box found again: only then does no score fall below 1, whatever the order of corners and sides.
  @Test(arguments: [
    "dota8-mot/P1470__1024__3296___1648/gt_obb.txt", "dota8-mot/P1571__1024__2976___0/gt_obb.txt",
    "hit-uav-sequences/hit_60_30_b/gt.txt", "hit-uav-sequences/hit_60_50/gt.txt",
  ]) func givesAPerfectOrientedResultOne(path: String) throws {
    let file = SharedData.path(path)
    var options = TrackEvaluationOptions()
    options.takesClassesAsOne = true
    let evaluation = try TrackEvaluator.evaluate(TrackSequenceFiles(name: "a", truth: file, result: file), options)
    #expect(evaluation.similarity == .rotatedIoU)
    let part = try #require(evaluation.classes.first)
    for name in ["HOTA", "DetA", "AssA", "MOTA", "IDF1"] {
      #expect(abs(try #require(part.scores.value(of: name)) - 1) < 1e-9, "\(name)")
    }
    #expect(part.oriented.axisErrors.allSatisfy { $0 < 1e-9 })
    #expect(part.events.allSatisfy { $0.kind == .fragmentation }, "gaps of the truth itself interrupt its tracks")
  }

  /// The README of `hit-uav-sequences` counts the rows with conf 1.
  @Test(arguments: [("hit_60_30_a", 755), ("hit_60_30_b", 973), ("hit_60_50", 608), ("hit_60_60_b", 144), ("hit_60_70", 255)])
  func leavesOutRowsThatDoNotCount(name: String, count: Int) throws {
    let file = SharedData.path("hit-uav-sequences/\(name)/gt.txt")
    var options = TrackEvaluationOptions()
    options.takesClassesAsOne = true
    let evaluation = try TrackEvaluator.evaluate(TrackSequenceFiles(name: name, truth: file, result: file), options)
    #expect(evaluation.classes[0].scores.truthBoxes == count)
    #expect(evaluation.classes[0].scores.resultBoxes == count)
  }
}
