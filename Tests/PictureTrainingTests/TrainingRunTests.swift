import Foundation
import ModelFiles
import Models
import NetworkDetection
import NetworkGraph
import NetworkTraining
import TestSupport
import Testing

@testable import PictureTraining

@Suite("A training of a detector")
struct TrainingRunTests {
  private static let classes = MadePictures.classes
  private static func run(
    _ files: TrainingRun.Files, classes: [String] = classes, scale: DetectorModel.Scale = .nano, side: Int = 64,
    change: (inout TrainingRecipe) -> Void = { _ in }
  ) throws -> TrainingRun {
    let (made, held) = (MadePictures(side: 64, seeds: 0..<6), MadePictures(side: 64, seeds: 90..<92))
    var recipe = TrainingRecipe()
    (recipe.side, recipe.batch, recipe.epochs, recipe.scale) = (side, 2, 2, scale)
    change(&recipe)
    let data = DetectorData(classes: classes, training: made.pictures, validation: held.pictures)
    return TrainingRun(
      try DetectorTask(data, from: made, recipe: recipe), recipe: recipe, card: ModelCard(name: "made", licence: "CC0-1.0"),
      files: files)
  }

  /// Stopped in mid-epoch and gone on with, it writes the same bytes as without a pause: model, checkpoint, log and card.
  @Test(arguments: [false, true]) func goesOnToTheSameBytes(_ isUnusual: Bool) throws {
    func change(_ recipe: inout TrainingRecipe) {
      guard isUnusual else { return }
      (recipe.boxLoss, recipe.centreLoss, recipe.angleWeight, recipe.taskWeights) = (.piou, .compSum, 1, .recursive)
    }
    let folder = try ScratchFolder()
    let whole = TrainingRun.Files(folder.file("whole"))
    let parts = TrainingRun.Files(folder.file("parts"))
    #expect(try Self.run(whole, change: change).run(goesOn: false) != nil)
    var steps = 0
    let stopped = try Self.run(parts, change: change).run(goesOn: false) {
      steps += 1
      return steps == 4
    }
    #expect(stopped == nil && steps == 4)
    #expect(try Self.run(parts, change: change).run(goesOn: true) != nil)
    let log = String(decoding: try #require(FileManager.default.contents(atPath: whole.log)), as: UTF8.self)
    let card = String(decoding: try #require(FileManager.default.contents(atPath: whole.card)), as: UTF8.self)
    #expect(log.contains("\"weights\":{\"angles\":") == isUnusual)
    #expect(card.contains("box loss piou, centre loss comp-sum, angle weight 1.0, task weights recursive") == isUnusual)
    for (a, b) in zip(whole.all, parts.all) {
      #expect(FileManager.default.contents(atPath: a) == FileManager.default.contents(atPath: b))
    }
  }

  @Test func theModelIsRecognisedByItsLayout() throws {
    let folder = try ScratchFolder()
    let files = TrainingRun.Files(folder.file("model"))
    _ = try Self.run(files).run(goesOn: false)
    var graph = try GraphImporter.graph(path: files.model)
    let network = try DetectorNetwork(graph)
    // Numbers that nothing can be made of are no reason to go on without them.
    for (key, text) in [(ScoreCalibration.key, "nan 1"), (RuleCombination.key, "1 2 3")] {
      graph.metadata = [NetworkSight.key: NetworkSight.motion.rawValue, key: text]
      let fault = #expect(throws: NetworkError.self) { try DetectorNetwork(graph) }
      #expect(fault?.description.contains(key) == true)
    }
    #expect(network.layout == .gaussian(classes: 2) && network.classes == Self.classes)
    #expect(network.width == 64 && network.height == 64)
    #expect(network.graph.metadata["license"] == "CC0-1.0")
    // Another size of input is the same network.
    #expect(try DetectorNetwork(GraphImporter.graph(path: files.model), size: (96, 64)).layout == .gaussian(classes: 2))
    let lines = try #require(FileManager.default.contents(atPath: files.log)).split(separator: UInt8(ascii: "\n"))
    // The recipe, then three steps and a measurement in each of two epochs.
    #expect(lines.count == 9)
    // The page gives its ratios as the explanations below them say, and explains nothing that is not there.
    let page = String(decoding: try #require(FileManager.default.contents(atPath: files.report)), as: UTF8.self)
    #expect(page.contains("AP50, ratios in per cent") && page.contains("in per cent: the area under"))
    #expect(!page.contains("mean of the errors") && !page.contains("boxes or poses"))
  }

  @Test func anotherNetworksCheckpointIsRefusedAndKept() throws {
    let folder = try ScratchFolder()
    let files = TrainingRun.Files(folder.file("model"))
    _ = try Self.run(files).run(goesOn: false) { true }
    let before = FileManager.default.contents(atPath: files.checkpoint)
    #expect(throws: TrainingError.self) { try Self.run(files, scale: .small).run(goesOn: true) }
    #expect(throws: TrainingError.self) { try Self.run(files, classes: Self.classes + ["third"]).run(goesOn: true) }
    // As many classes under other names, or squares of another size, are another training too.
    #expect(throws: PictureTrainingError.self) { try Self.run(files, classes: ["a", "b"]).run(goesOn: true) }
    #expect(throws: PictureTrainingError.self) { try Self.run(files, side: 96).run(goesOn: true) }
    // So are another form of network, another loss, and squares that are composed otherwise.
    #expect(throws: TrainingError.self) { try Self.run(files, change: { $0.blocks = .vit }).run(goesOn: true) }
    #expect(throws: PictureTrainingError.self) { try Self.run(files, change: { $0.boxLoss = .kld }).run(goesOn: true) }
    #expect(throws: PictureTrainingError.self) { try Self.run(files, change: { $0.centreLoss = .compSum }).run(goesOn: true) }
    #expect(throws: PictureTrainingError.self) { try Self.run(files, change: { $0.angleWeight = 1 }).run(goesOn: true) }
    #expect(throws: (any Error).self) { try Self.run(files, change: { $0.taskWeights = .recursive }).run(goesOn: true) }
    #expect(throws: PictureTrainingError.self) { try Self.run(files, change: { $0.augmentation.mosaic = 0.5 }).run(goesOn: true) }
    #expect(FileManager.default.contents(atPath: files.checkpoint) == before)
  }

  /// Each form learns, is written, and says what it is; the file is a detector for pictures of other sizes too.
  @Test(arguments: [CoarseBlocks.vit, .kan, .mix]) func otherFormsAreTrainedAndTold(_ blocks: CoarseBlocks) throws {
    let folder = try ScratchFolder()
    let files = TrainingRun.Files(folder.file("model"))
    let scores = try Self.run(files) {
      ($0.blocks, $0.boxLoss, $0.augmentation.mosaic, $0.augmentation.paste) = (blocks, .gwd, 0.5, 0.5)
    }.run(goesOn: false)
    #expect(scores != nil)
    let graph = try GraphImporter.graph(path: files.model)
    #expect(graph.metadata["blocks"] == blocks.rawValue)
    #expect(graph.metadata["description"]?.contains("nano with \(blocks.rawValue) blocks") == true)
    let card = String(decoding: try #require(FileManager.default.contents(atPath: files.card)), as: UTF8.self)
    #expect(card.contains("nano with \(blocks.rawValue) blocks"))
    #expect(card.contains("box loss gwd, mosaics 0.5, pasted objects 0.5"))
    let network = try DetectorNetwork(graph, size: (96, 64))
    #expect(network.layout == .gaussian(classes: 2))
    let picture = MadePictures(side: 96, seeds: 0..<1)
    let image = try picture.pixels(of: picture.pictures[0]).image
    #expect(try NetworkDetector(network, threads: 1).detect(in: image, minimumScore: 0).allSatisfy { $0.score.isFinite })
  }

  /// Recipes of before there were other forms are those of the usual ones, to the byte.
  @Test func theUsualRecipeIsTheFormerOne() throws {
    var recipe = TrainingRecipe()
    let usual = try JSONEncoder().encode(recipe)
    #expect(!String(decoding: usual, as: UTF8.self).contains("forms"))
    (recipe.blocks, recipe.boxLoss) = (.kan, .kld)
    // What came later is not there where it is not asked for.
    let forms = String(decoding: try JSONEncoder().encode(recipe), as: UTF8.self)
    #expect(!forms.contains("centreLoss") && !forms.contains("angleWeight") && !forms.contains("taskWeights"))
    (recipe.centreLoss, recipe.angleWeight, recipe.taskWeights) = (.compSum, 2, .recursive)
    let read = try JSONDecoder().decode(TrainingRecipe.self, from: try JSONEncoder().encode(recipe))
    #expect(read == recipe && read.blocks == .kan && read.boxLoss == .kld)
    #expect(read.centreLoss == .compSum && read.angleWeight == 2 && read.taskWeights == .recursive)
    (recipe.blocks, recipe.boxLoss) = (.conv, .hellinger)
    (recipe.centreLoss, recipe.angleWeight, recipe.taskWeights) = (.focal, 0, .fixed)
    #expect(recipe == TrainingRecipe())
  }

  @Test func aPlaceThatCannotBeWrittenIsNamed() throws {
    let files = TrainingRun.Files("/nonexistent/model")
    #expect(throws: PictureTrainingError.self) { try Self.run(files).run(goesOn: false) }
  }
}
