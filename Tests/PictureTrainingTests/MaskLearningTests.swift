import Foundation
import Geometry
import ModelFiles
import Models
import NetworkDetection
import NetworkGraph
import NetworkTraining
import TestSupport
import Testing

@testable import PictureTraining

/// Detectors that learn masks.
@Suite("A detector learns masks")
struct MaskLearningTests {
  private static func task(
    _ training: MadeEllipses, _ held: MadeEllipses, _ change: (inout TrainingRecipe) -> Void = { _ in }
  ) throws -> (task: DetectorTask, recipe: TrainingRecipe) {
    var recipe = TrainingRecipe()
    (recipe.side, recipe.prototypes) = (training.side, 8)
    change(&recipe)
    let data = DetectorData(classes: MadeEllipses.classes, training: training.pictures, validation: held.pictures)
    return (try DetectorTask(data, from: training, recipe: recipe), recipe)
  }

  /// Ellipses of upright boxes, on pictures that it did not learn from: the masks overlap the truth by a tenth more than the true boxes do.
  @Test func masksAreNearerToTheTruthThanTheTrueBoxes() throws {
    let held = MadeEllipses(side: 96, seeds: 10_000..<10_030)
    let (task, _) = try Self.task(MadeEllipses(side: 96, seeds: 0..<400), held) {
      ($0.augmentation.turn, $0.augmentation.noise) = (0.1, 0)
    }
    let steps = 240
    let settings = TrainingSettings(
      schedule: Schedule(rate: 4e-3, warmUp: 20, total: steps), decay: 0.01, normLimit: 10,
      average: WeightAverage(decay: 0.98, rise: 20), batch: 8, seed: 1)
    let trainer = try Trainer(try task.network(seed: 1), settings, task.examples)
    try trainer.run(until: steps)
    let found = try #require(try task.measure(trainer.state.tensors, threads: 1).masks)
    let objects = held.pictures.flatMap(\.boxes)
    let overlaps = objects.compactMap { label in
      label.mask.flatMap { mask in
        RunLengthMask(width: 96, height: 96, polygons: [label.box.corners])?.iou(with: mask)
      }
    }
    let boxes = overlaps.reduce(0, +) / Double(overlaps.count)
    #expect(found.iou > boxes + 0.1, "\(found.iou) where the true boxes have \(boxes)")
    #expect(boxes < 0.7 && found.count > objects.count / 2)
  }

  /// A whole training, stopped and gone on with: model, log and card tell of masks, and the file is a detector that gives them.
  @Test func aTrainingTellsOfMasks() throws {
    let folder = try ScratchFolder()
    func run(_ name: String, _ change: (inout TrainingRecipe) -> Void = { _ in }) throws -> TrainingRun {
      let (task, recipe) = try Self.task(
        MadeEllipses(side: 64, seeds: 0..<6, count: 1), MadeEllipses(side: 64, seeds: 90..<92, count: 1)
      ) {
        ($0.batch, $0.epochs) = (2, 2)
        change(&$0)
      }
      return TrainingRun(task, recipe: recipe, card: ModelCard(name: "made"), files: TrainingRun.Files(folder.file(name)))
    }
    _ = try run("whole").run(goesOn: false)
    var steps = 0
    _ = try run("parts").run(goesOn: false) {
      steps += 1
      return steps == 4
    }
    #expect(throws: PictureTrainingError.self) { try run("parts") { $0.prototypes = 0 }.run(goesOn: true) }
    #expect(throws: TrainingError.self) { try run("parts") { $0.prototypes = 4 }.run(goesOn: true) }
    _ = try run("parts").run(goesOn: true)
    let files = TrainingRun.Files(folder.file("whole"))
    for (a, b) in zip(files.all, TrainingRun.Files(folder.file("parts")).all) {
      #expect(FileManager.default.contents(atPath: a) == FileManager.default.contents(atPath: b))
    }
    let network = try DetectorNetwork(GraphImporter.graph(path: files.model), size: (96, 64))
    #expect(network.layout == .gaussian(classes: 1, masks: 8) && network.tellsMasks)
    let card = try folder.text("whole.md")
    #expect(card.contains("A detector of oriented boxes and masks") && card.contains("masks of 8 prototypes"))
    let made = MadeEllipses(side: 96, seeds: 0..<1)
    let image = try made.pixels(of: made.pictures[0]).image
    let detector = try NetworkDetector(network, threads: 1)
    for found in try detector.detect(in: image, minimumScore: 0, masksOf: (96, 96)) {
      #expect(found.mask.map { $0.width == 96 && $0.height == 96 && $0.area > 0 } ?? true)
    }
    #expect(try detector.detect(in: image, minimumScore: 0).allSatisfy { $0.mask == nil })
  }

  @Test func agreementIsTheMeanOverTheObjectsThatAreFound() throws {
    func mask(_ columns: Range<Int>) throws -> RunLengthMask {
      let mask = RunLengthMask(width: 40, height: 10, columns: columns, rows: 0..<10) { _, _ in true }
      return try #require(mask)
    }
    func box(_ x: Double) -> OrientedBox { OrientedBox(center: Point(x, 5), width: 10, height: 10, angle: 0) }
    let truth = [
      LabelledBox(box: box(5), classIndex: 0, mask: try mask(0..<10)),
      LabelledBox(box: box(15), classIndex: 0, mask: try mask(10..<20)),
      LabelledBox(box: box(25), classIndex: 1, mask: try mask(20..<30)), LabelledBox(box: box(35), classIndex: 0),
    ]
    var found = [5, 6, 15, 25, 35].map { NetworkBox(box: box($0), score: 0.5, classIndex: 0) }
    for (place, columns) in [(0, 0..<5), (1, 0..<10), (4, 30..<40)] { found[place].mask = try mask(columns) }
    var agreement = MaskAgreement()
    #expect(agreement.score == nil)
    agreement.add(found, truth: truth)
    // The first object half, the second without a mask; the third is of another class, the fourth has no mask to compare with.
    #expect(agreement.score == TrainingScores.Masks(iou: 0.25, count: 2))
    #expect(agreement.score?.sentence.contains("0.250") == true)
  }
}
