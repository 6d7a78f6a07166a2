import Foundation
import Geometry
import Imaging
import NetworkTestSupport
import TestSupport
import Testing

@testable import PictureTraining

@Suite("A teacher stands in for labels")
struct TeacherTests {
  private let folder: DataFolder
  private let file: String

  init() throws {
    folder = try DataFolder()
    try folder.write(SpotNetwork.file(), "spots.onnx")
    file = folder.folder.file("found.jsonl")
  }

  /// Cells with the score of a spot in percent, and of a blob.
  private func picture(_ name: String, _ cells: [(column: Int, row: Int, blob: Int, spot: Int)]) throws {
    let pixels = SpotNetwork.pixels(
      cells.map { ($0.column, $0.row, UInt8($0.blob * 255 / 100), UInt8($0.spot * 255 / 100)) })
    try folder.write(ImageFile.png(Image(width: SpotNetwork.side, height: SpotNetwork.side, channels: 3, pixels: pixels)), name)
  }

  private func findings(
    score: Double = 0.4, goesOn: Bool = false, options: DetectorData.Options = DetectorData.Options(),
    isStopped: () -> Bool = { false }
  ) throws -> TeacherFindings? {
    let teacher = try Teacher(path: folder.folder.file("spots.onnx"), name: "spots.onnx", score: score, threads: 1)
    return try teacher.findings(
      in: folder.path, options: options, store: PictureStore(), file: file, goesOn: goesOn, isStopped: isStopped)
  }

  private func taught(_ change: (inout DetectorData.Options) -> Void = { _ in }) throws -> DetectorData {
    var options = DetectorData.Options()
    change(&options)
    options.teacher = try findings(options: options)
    return try DetectorData(folder: folder.path, options: options, store: PictureStore())
  }

  /// The box of a cell, by hand.
  private func box(_ column: Int, _ row: Int) -> OrientedBox {
    OrientedBox(center: Point(SpotNetwork.middle(column), SpotNetwork.middle(row)), width: 16, height: 8, angle: 0)
  }

  private func isNear(_ a: OrientedBox, _ b: OrientedBox) -> Bool {
    (a.center - b.center).length < 1e-3 && abs(a.width - b.width) < 1e-3 && abs(a.height - b.height) < 1e-3 && abs(a.angle) < 1e-3
  }

  /// From 0.4 on boxes are learned with their scores as weights, from 0.1 on they are neither learned nor background, below they are nothing.
  @Test func picturesNeedNoLabels() throws {
    for part in ["train", "val"] {
      try picture("images/\(part)/a.png", [(3, 5, 0, 80), (11, 5, 0, 20), (4, 12, 60, 0), (12, 12, 0, 6)])
      try picture("images/\(part)/b.png", [])
    }
    let data = try taught()
    #expect(data.classes == ["spot", "blob"] && data.reference == .teacher && data.notes.sentences.isEmpty)
    for pictures in [data.training, data.validation] {
      #expect(pictures.map(\.boxes.count) == [3, 0])
      let expected = [(box(3, 5), 0, false, 204.0 / 255), (box(4, 12), 1, false, 153.0 / 255), (box(11, 5), 0, true, 51.0 / 255)]
      for (found, wanted) in zip(pictures[0].boxes, expected) {
        #expect(isNear(found.box, wanted.0) && found.classIndex == wanted.1 && found.isIgnored == wanted.2)
        #expect(abs(found.weight - wanted.3) < 1e-5)
      }
    }
  }

  @Test func onlyClassesThatAreFoundOrAskedForAreLearned() throws {
    for part in ["train", "val"] { try picture("images/\(part)/a.png", [(3, 5, 0, 80), (11, 5, 20, 0)]) }
    #expect(try taught().classes == ["spot"])
    // Asked for, though it is never sure of one.
    let asked = try taught { $0.classes = ["blob", "spot"] }
    #expect(asked.classes == ["blob", "spot"] && asked.training[0].boxes.map(\.isIgnored) == [false, true])
    let ignored = try taught { $0.ignoredClasses = ["blob"] }
    #expect(ignored.classes == ["spot"] && ignored.training[0].boxes.map(\.isIgnored) == [false, true])
  }

  /// In a picture with labels the teacher adds only classes that the labels do not know; in one without it tells of all.
  @Test func labelsKeepTheLastWord() throws {
    for part in ["train", "val"] {
      for name in ["a", "b"] { try picture("images/\(part)/\(name).png", [(3, 5, 0, 80), (4, 12, 60, 0)]) }
      try folder.write("40 40 60 40 60 50 40 50 Spot 0\n", "labelTxt/\(part)/a.txt")
    }
    let data = try taught { $0.format = .dota }
    #expect(data.classes == ["Spot", "blob"] && data.reference == .both)
    let (labelled, bare) = (data.training[0].boxes, data.training[1].boxes)
    #expect(labelled.map(\.classIndex) == [0, 1] && labelled[0].box.center == Point(50, 45) && isNear(labelled[1].box, box(4, 12)))
    #expect(labelled[0].weight == 1 && !labelled[0].isIgnored)
    #expect(bare.map(\.classIndex) == [0, 1] && isNear(bare[0].box, box(3, 5)))
    // Labels that know all that is asked for leave nothing to the teacher.
    for part in ["train", "val"] { try folder.write("40 40 60 40 60 50 40 50 Spot 0\n", "labelTxt/\(part)/b.txt") }
    let whole = try taught {
      $0.format = .dota
      $0.classes = ["Spot"]
    }
    #expect(whole.reference == .labels && whole.training.map(\.boxes.count) == [1, 1])
  }

  /// What was found is read again, to the same bytes; a line that was cut off is found again.
  @Test func findingsAreKept() throws {
    for name in ["a", "b", "c"] { try picture("images/\(name).png", [(3, 5, 0, 80)]) }
    let first = try #require(try findings())
    let bytes = try #require(FileManager.default.contents(atPath: file))
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.split(separator: "\n").count == 4 && text.contains(#""class":"spot""#))
    #expect(first.counts == (3, 0))
    // Stopped after one picture.
    var asked = 0
    let stopped = try findings {
      asked += 1
      return asked == 2
    }
    #expect(stopped == nil)
    let again = try #require(try findings(goesOn: true))
    #expect(again.pictures == first.pictures && FileManager.default.contents(atPath: file) == bytes)
    try Data(bytes.dropLast(20)).write(to: URL(fileURLWithPath: file))
    #expect(try findings(goesOn: true)?.pictures == first.pictures && FileManager.default.contents(atPath: file) == bytes)
    // That it is read and not found again: a score of the file's own.
    try Data(text.replacing("\"score\":0.8,", with: "\"score\":0.7,").utf8).write(to: URL(fileURLWithPath: file))
    #expect(try findings(goesOn: true)?.pictures.values.allSatisfy { $0.map(\.score) == [0.7] } == true)
    #expect(throws: PictureTrainingError.self) { try findings(score: 0.5, goesOn: true) }
    // What is no box is found again, whoever wrote it.
    for (key, value) in [("w", "-5"), ("h", "0"), ("w", "1e300"), ("cx", "1e99"), ("score", "7"), ("score", "-1"), ("angle", "9")] {
      let parts = text.components(separatedBy: "\"\(key)\":")
      // The first line tells of the teacher: its numbers stay.
      let broken =
        parts.dropLast().joined(separator: "\"\(key)\":") + "\"\(key)\":\(value)"
        + parts[parts.count - 1].drop { !",}".contains($0) }
      try Data(broken.utf8).write(to: URL(fileURLWithPath: file))
      #expect(try findings(goesOn: true)?.pictures == first.pictures, "\(key) \(value)")
      #expect(FileManager.default.contents(atPath: file) == bytes, "\(key) \(value)")
    }
  }

  @Test(arguments: [
    (["layout": "segmentation"], "The network is a segmenter"), (["sextant.sight": "motion"], "it finds what moves"),
  ])
  func othersCannotTeach(metadata: [String: String], sentence: String) throws {
    try folder.write(SpotNetwork.file(metadata), "spots.onnx")
    let error = #expect(throws: PictureTrainingError.self) { try findings() }
    #expect(error?.description.contains(sentence) == true)
  }

  @Test func whatCannotBeLearnedIsToldOf() throws {
    for part in ["train", "val"] { try picture("images/\(part)/a.png", [(3, 5, 0, 30)]) }
    func sentence(_ change: (inout DetectorData.Options) -> Void = { _ in }) -> String {
      (#expect(throws: PictureTrainingError.self) { try taught(change) })?.description ?? ""
    }
    #expect(sentence().contains("spots.onnx finds no box of a class to learn with a score of 0.4 or more in the 1 pictures"))
    #expect(sentence { $0.classes = ["kite"] }.contains("have a class kite; the teacher has spot, blob."))
    #expect(sentence { $0.ignoredClasses = ["kite"] }.contains("a class kite"))
  }

  /// An uncertain object counts by its weight, and is no background at its centre.
  @Test func weightsAreThoseOfTheTargets() {
    let labels = [
      LabelledBox(box: OrientedBox(center: Point(18, 18), width: 16, height: 8, angle: 0), classIndex: 0, weight: 0.5),
      LabelledBox(box: OrientedBox(center: Point(46, 46), width: 16, height: 8, angle: 0), classIndex: 0),
    ]
    let targets = DetectorTargets(labels, side: 64, classes: 1)
    // 18 / 4 lies in the fifth cell, 46 / 4 in the twelfth; sixteen cells in a row.
    #expect(targets.centres[4 * 16 + 4] == 0.5 && targets.centres[11 * 16 + 11] == 1 && targets.centres.reduce(0, +) == 1.5)
    #expect(targets.background[4 * 16 + 4] == 0)
    let upper = targets.weights.prefix(8 * 16).reduce(0, +)
    #expect(abs(upper - 0.5) < 1e-5 && abs(targets.weights.reduce(0, +) - 1.5) < 1e-5)
  }

  /// A whole training: the card says against what it was measured, and what goes on needs the same teacher.
  @Test func theCardTellsOfTheTeacher() throws {
    for name in 10..<20 { try picture("images/\(name).png", [(name % 8 + 3, 5, 0, 80)]) }
    let data = try taught()
    #expect(data.isSplitHere && data.training.count == 9)
    var recipe = TrainingRecipe()
    (recipe.side, recipe.batch, recipe.epochs) = (64, 3, 1)
    let files = TrainingRun.Files(folder.folder.file("m"))
    let task = try DetectorTask(data, from: PictureStore(), recipe: recipe)
    _ = try TrainingRun(task, recipe: recipe, card: ModelCard(name: "m"), files: files).run(goesOn: false)
    let card = try folder.folder.text("m.md")
    #expect(card.contains("measured against the boxes of its teacher spots.onnx and not against labels"))
    #expect(card.contains("- Teacher: spots.onnx at 64x64, boxes from a score of 0.4, in the place of labels; SHA-256 "))
    #expect(try folder.folder.text("m.html").contains("measured against the boxes of its teacher"))
    let plain = DetectorData(classes: data.classes, training: data.training, validation: data.validation)
    let other = try DetectorTask(plain, from: PictureStore(), recipe: recipe)
    #expect(throws: PictureTrainingError.self) {
      try TrainingRun(other, recipe: recipe, card: ModelCard(name: "m"), files: files).run(goesOn: true)
    }
  }
}
