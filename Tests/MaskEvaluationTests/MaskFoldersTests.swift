import Foundation
import Records
import Reports
import TestSupport
import Testing

@testable import MaskEvaluation

@Suite struct MaskFoldersTests {
  // MARK: The road scenes

  // Per pixel the most frequent label of the training set; the README's figures of `camvid`.
  @Test(.enabled(if: SharedData.isPresent, SharedData.message))
  func theLocationPriorHasTheFloorOfTheReadme() throws {
    func labels(_ split: String) throws -> [[UInt8]] {
      let folder = SharedData.path("camvid/\(split)/labels")
      return try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map {
        try LabelImageReader.read(path: "\(folder)/\($0)").labels
      }
    }
    let prior = MaskFoldersTests.locationPrior(try labels("train"), classCount: 11)
    var confusion = ClassConfusion(classCount: 11, voidLabels: [11])
    for truth in try labels("val") { confusion.add(truth: truth, result: prior) }
    #expect(abs(try #require(confusion.meanIoU) - 0.167) < 0.0005)
    #expect(abs(try #require(confusion.pixelAccuracy) - 0.590) < 0.0005)
    #expect(abs(try #require(confusion.meanAccuracy) - 0.274) < 0.0005)
    #expect(confusion.classesInTruth.count == 11)
  }

  /// For each pixel the label that is most frequent there, the smaller of equals.
  static func locationPrior(_ images: [[UInt8]], classCount: Int) -> [UInt8] {
    let pixels = images[0].count
    var counts = [Int32](repeating: 0, count: pixels * classCount)
    for image in images {
      for (pixel, label) in image.enumerated() where Int(label) < classCount { counts[pixel * classCount + Int(label)] += 1 }
    }
    return (0..<pixels).map { pixel in
      var best = 0
      for label in 1..<classCount where counts[pixel * classCount + label] > counts[pixel * classCount + best] { best = label }
      return UInt8(best)
    }
  }

  // MARK: DAVIS

  /// The files of a zip without compression, in their order.
  private func storedFiles(_ zip: [UInt8]) throws -> [[UInt8]] {
    func number(_ offset: Int, _ count: Int) -> Int { (0..<count).reduce(0) { $0 | Int(zip[offset + $1]) << (8 * $1) } }
    var files: [[UInt8]] = []
    var offset = 0
    while number(offset, 4) == 0x0403_4B50 {
      try #require(number(offset + 8, 2) == 0)
      let start = offset + 30 + number(offset + 26, 2) + number(offset + 28, 2)
      files.append(Array(zip[start..<(start + number(offset + 18, 4))]))
      offset = start + number(offset + 18, 4)
    }
    return files
  }

  // Each frame's truth against the next frame's as the result; figures by trackeval 1.3 (`peers_masks.py`).
  @Test(
    .enabled(if: SharedData.isPresent, SharedData.message),
    arguments: [
      ("blackswan", [0.9479287359820602, 1, -0.03373070167253189, 1, 1, 0]),
      ("soapbox", [0.8426021652586205, 1, 0.05318697427270502, 0.8989544059832777, 1, 0.1335719628216091]),
    ])
  func agreesWithTheTrackersToolkitOnVideo(name: String, figures: [Double]) throws {
    let zip = try Data(contentsOf: URL(fileURLWithPath: SharedData.path("davis/\(name).masks.zip")))
    let masks = try storedFiles([UInt8](zip)).map { try LabelImageReader.read(bytes: $0, name: name) }
    var sequence = MaskSequence(.unsupervised)
    for (index, truth) in masks.enumerated() {
      let result = masks[min(index + 1, masks.count - 1)]
      sequence.add(truth: truth.labels, result: result.labels, width: truth.width, height: truth.height)
    }
    let score = try #require(sequence.scores().first)
    let found = [
      score.region.mean, score.region.recall, score.region.decay, score.contour.mean, score.contour.recall,
      score.contour.decay,
    ]
    for (value, expected) in pairs(found, figures) { #expect(abs(value - expected) < 1e-12) }
  }

  private func pairs(_ a: [Double], _ b: [Double]) -> [(Double, Double)] { a.indices.map { (a[$0], b[$0]) } }

  // MARK: Folders

  @Test func missingSidesAndEmptyFoldersAreNamed() throws {
    let scratch = try ScratchFolder()
    try scratch.write("x", to: "truth/readme.txt")
    let folder = scratch.url.appendingPathComponent("truth").path
    #expect(throws: EvaluationError.missing(what: "the result /nowhere", lookedFor: [])) {
      try MaskFolders.files(truth: folder, result: "/nowhere")
    }
    #expect(throws: EvaluationError.missing(what: "a mask in the truth folder \(folder)", lookedFor: ["*.png", "SEQUENCE/*.png"])) {
      try MaskFolders.files(truth: folder, result: folder)
    }
    try scratch.write("x", to: "truth/1.png")
    let other = URL(fileURLWithPath: try scratch.write("x", to: "other/2.png")).deletingLastPathComponent().path
    #expect(
      throws: EvaluationError.missing(
        what: "a mask in the result folder \(other) that has the name of one in \(folder)", lookedFor: ["1.png"])
    ) { try MaskFolders.files(truth: folder, result: other) }
  }

  @Test func framesAreOrderedByNumberAndWhatDoesNotPairIsNamed() throws {
    let scratch = try ScratchFolder()
    for index in [10, 9, 2] { try scratch.write("x", to: "truth/a/\(index).png") }
    for name in ["a/9.png", "a/11.png", "b/1.png", "a/notes.txt"] { try scratch.write("x", to: "result/\(name)") }
    let files = try MaskFolders.files(
      truth: scratch.url.appendingPathComponent("truth").path, result: scratch.url.appendingPathComponent("result").path)
    #expect(files.sequences.map(\.name) == ["a"])
    #expect(files.sequences[0].frames.map(\.name) == ["2", "9", "10"])
    #expect(files.sequences[0].frames.map { $0.result != nil } == [false, true, false])
    #expect(files.missing == ["2.png", "10.png"])
    #expect(files.surplus == ["a/11.png", "b/1.png"])
    #expect(files.warnings.count == 1)
    #expect(
      throws: EvaluationError.missing(
        what: "\(files.result): the result of 2 of the truth's 3 pictures", lookedFor: ["2.png", "10.png"])
    ) { try MaskFolders.files(truth: files.truth, result: files.result, choice: SequenceChoice(isStrict: true)) }
    #expect(throws: EvaluationError.unknown(what: "sequence", name: "b", known: ["a"])) {
      try MaskFolders.files(truth: files.truth, result: files.result, choice: SequenceChoice(names: ["b"]))
    }
  }
}
