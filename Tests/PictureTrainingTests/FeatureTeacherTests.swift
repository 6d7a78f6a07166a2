import Foundation
import Imaging
import ModelFiles
import Models
import NetworkDetection
import NetworkGraph
import NetworkTestSupport
import NetworkTraining
import TestSupport
import Testing

@testable import PictureTraining

@Suite("A teacher's features")
struct FeatureTeacherTests {
  private let folder: DataFolder

  init() throws {
    folder = try DataFolder()
    try folder.write(FeaturedNetwork.file(), "means.onnx")
  }

  private func features(
    _ choice: FeatureChoice = .auto, file: String = "means.onnx", side: Int = 64, threads: Int = 1
  ) throws -> FeatureTeacher {
    try Teacher(path: folder.folder.file(file), name: file, score: 0.4, threads: threads).features(choice, side: side)
  }

  /// Of stride 16 with most channels, the last, on the way to the boxes, made by a computation: by hand, the doubled means.
  @Test func theChoiceFollowsItsRule() throws {
    let facts = try features().facts
    #expect(facts.value == FeaturedNetwork.best && facts.channels == 3 && facts.stride == 16 && facts.teacher == "means.onnx")
    #expect(facts.digest.count == 64 && facts.type == .f32)
  }

  @Test(arguments: [("fine", 5, 8), ("make fine", 5, 8), ("joined", 6, 16), ("cells", 12, 4), ("aside", 5, 16)])
  func valuesAndNodesAreNamed(name: String, channels: Int, stride: Int) throws {
    let found = try features(.named(name))
    #expect(found.target == FeatureTarget(channels: channels, stride: stride))
    #expect(found.facts.value == name.replacing("make ", with: ""))
  }

  @Test(arguments: [
    ("nowhere", "has no value 'nowhere'"), ("flat", "it is 1x48 of float32"), ("halves", "it is 1x3x32x32 of float32"),
    ("two", "it does not depend on the picture"), ("images", "it is 1x3x64x64"), ("mean 16", "has no value 'mean 16'"),
  ])
  func othersCannotBeLearned(name: String, sentence: String) throws {
    let error = #expect(throws: PictureTrainingError.self) { try features(.named(name)) }
    #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "")")
  }

  /// The detector of spots has nothing but its boxes.
  @Test func aNetworkWithoutFeaturesIsRefused() throws {
    try folder.write(SpotNetwork.file(), "spots.onnx")
    let error = #expect(throws: PictureTrainingError.self) { try features(file: "spots.onnx") }
    #expect(error?.description.contains("spots.onnx has no features to choose") == true)
  }

  /// Twice the mean of red, green and blue of each cell of 16 × 16 pixels, of squares of any side, each by itself.
  @Test(arguments: [64, 96]) func featuresAreThoseOfTheSquare(side: Int) throws {
    let teacher = try features(side: side)
    var random = TestRandom(seed: 31)
    let values = (0..<2 * 3 * side * side).map { _ in Float(random.unit()) }
    let found = try teacher.features(of: Tensor(shape: [2, 3, side, side], values))
    let cells = side / 16
    #expect(found.shape == [2, 3, cells, cells])
    let numbers = try #require(found.values(Float.self))
    for place in numbers.indices {
      let (map, row, column) = (place / (cells * cells), place / cells % cells, place % cells)
      var sum = 0.0
      for y in 0..<16 {
        for x in 0..<16 { sum += Double(values[(map * side + 16 * row + y) * side + 16 * column + x]) }
      }
      #expect(abs(Double(numbers[place]) - 2 * sum / 256) < 1e-5)
    }
    #expect(throws: PictureTrainingError.self) {
      try teacher.features(of: Tensor(shape: [1, 3, 32, 32], [Float](repeating: 0, count: 3072)))
    }
  }

  /// YOLOX-nano's finished middle level: the output of the last block before the heads at stride 16, read from the list of its nodes.
  @Test(.enabled(if: SharedNetworks.isPresent, SharedNetworks.message)) func theChoiceInYOLOX() throws {
    let path = SharedNetworks.path("yolox-nano/yolox_nano.onnx")
    let teacher = try Teacher(path: path, name: "yolox_nano.onnx", size: (832, 480), score: 0.4, threads: 1)
    let found = try teacher.features(.auto, side: 96)
    #expect(found.target == FeatureTarget(channels: 128, stride: 16))
    let graph = try GraphImporter.graph(path: path)
    let value = try #require(graph.value(named: found.facts.value))
    #expect(graph.nodes.first { $0.outputs.contains(value) }?.name == "Mul_272")
    // The heads of the level read it, and so does the way to the next one.
    #expect(graph.nodes.filter { graph.reads(of: $0).contains(value) }.allSatisfy { $0.operation == "Conv" })
    // The number of threads changes no byte.
    var random = TestRandom(seed: 5)
    let squares = try Tensor(shape: [1, 3, 96, 96], (0..<3 * 96 * 96).map { _ in Float(random.unit()) })
    let several = try Teacher(path: path, name: "yolox_nano.onnx", score: 0.4, threads: 3).features(.auto, side: 96)
    #expect(several.facts == found.facts)
    let (one, other) = (try found.features(of: squares), try several.features(of: squares))
    #expect(one.values(Float.self) == other.values(Float.self))
    // In YOLOX's own colours: blue, green, red in 0…255, so that exchanged channels have other features.
    let values = try #require(squares.values(Float.self))
    let plane = 96 * 96
    let turned: [Float] = Array(values[(2 * plane)...]) + Array(values[plane..<2 * plane]) + Array(values[..<plane])
    #expect(try found.features(of: Tensor(shape: [1, 3, 96, 96], turned)).values(Float.self) != one.values(Float.self))
  }
}

/// Whole trainings beside a teacher's features.
extension FeatureTeacherTests {
  private func run(
    _ files: TrainingRun.Files, _ choice: FeatureChoice? = .auto, change: (inout TrainingRecipe) -> Void = { _ in }
  ) throws -> TrainingRun {
    let (made, held) = (MadePictures(side: 64, seeds: 0..<6), MadePictures(side: 64, seeds: 90..<92))
    var recipe = TrainingRecipe()
    (recipe.side, recipe.batch, recipe.epochs) = (64, 2, 2)
    change(&recipe)
    let data = DetectorData(classes: MadePictures.classes, training: made.pictures, validation: held.pictures)
    let task = try DetectorTask(data, from: made, recipe: recipe, features: try choice.map { try features($0) })
    return TrainingRun(task, recipe: recipe, card: ModelCard(name: "made"), files: files)
  }

  /// Beside labels: stopped in mid-epoch and gone on with, it writes the same bytes as without a pause, and tells what it did.
  @Test(arguments: [TaskWeights.fixed, .recursive]) func goesOnToTheSameBytes(_ weights: TaskWeights) throws {
    let (whole, parts) = (TrainingRun.Files(folder.folder.file("whole")), TrainingRun.Files(folder.folder.file("parts")))
    #expect(try run(whole) { $0.taskWeights = weights }.run(goesOn: false) != nil)
    var steps = 0
    let stopped = try run(parts, change: { $0.taskWeights = weights }).run(goesOn: false) {
      steps += 1
      return steps == 4
    }
    #expect(stopped == nil)
    #expect(try run(parts) { $0.taskWeights = weights }.run(goesOn: true) != nil)
    for (a, b) in zip(whole.all, parts.all) {
      #expect(FileManager.default.contents(atPath: a) == FileManager.default.contents(atPath: b))
    }
    let (log, card) = (try folder.folder.text("whole.log.jsonl"), try folder.folder.text("whole.md"))
    #expect(log.contains(#""features":{"channels":3,"#) && log.contains(#""features":0"#) == (weights == .recursive))
    #expect(card.contains("- Features learned beside: 'doubled' of means.onnx, 3 channels at stride 16, in f32; SHA-256 "))
  }

  /// The file has the nodes and tensors of one that was trained without them, other numbers, and the same number of parameters in its card.
  @Test func theFileHasNoTraceOfThem() throws {
    let (taught, plain) = (TrainingRun.Files(folder.folder.file("taught")), TrainingRun.Files(folder.folder.file("plain")))
    _ = try run(taught).run(goesOn: false)
    _ = try run(plain, nil).run(goesOn: false)
    let graphs = try [taught, plain].map { try GraphImporter.graph(path: $0.model) }
    #expect(graphs[0].nodes.map(\.operation) == graphs[1].nodes.map(\.operation))
    #expect(graphs[0].values.map(\.name) == graphs[1].values.map(\.name))
    #expect(graphs[0].values.map { $0.constant?.shape } == graphs[1].values.map { $0.constant?.shape })
    let numbers = graphs.map { $0.values.compactMap { $0.constant?.elements.doubles } }
    #expect(numbers[0] != numbers[1])
    func count(_ name: String) throws -> Substring? { try folder.folder.text(name).firstMatch(of: /nano, (\d+) parameters/)?.1 }
    #expect(try count("taught.md") == count("plain.md") && count("plain.md") != nil)
  }

  /// What goes on needs the same features.
  @Test func otherFeaturesAreRefused() throws {
    let files = TrainingRun.Files(folder.folder.file("m"))
    _ = try run(files).run(goesOn: false) { true }
    let before = FileManager.default.contents(atPath: files.checkpoint)
    // As many channels at the same stride are another training too.
    #expect(throws: PictureTrainingError.self) { try run(files, .named("means")).run(goesOn: true) }
    #expect(throws: TrainingError.self) { try run(files, .named("fine")).run(goesOn: true) }
    #expect(throws: PictureTrainingError.self) { try run(files, nil).run(goesOn: true) }
    #expect(FileManager.default.contents(atPath: files.checkpoint) == before)
  }

  /// Features that are means of colours are learned: the loss falls by more than half of itself within forty steps of that part alone.
  @Test func featuresAreLearned() throws {
    let made = MadePictures(side: 64, seeds: 0..<16)
    let squares = DetectorExamples(made.pictures, from: made, augmentation: Augmentation(), side: 64, classCount: 2)
    let source = TaughtExamples(squares: squares, teacher: try features())
    var loss = DetectorLoss()
    (loss.boxWeight, loss.likelihoodWeight, loss.features, loss.featureWeight) = (0, 0, source.teacher.target, 1000)
    let network = try loss.network(DetectorModel(.nano, classCount: 2), seed: 1)
    let settings = TrainingSettings(schedule: Schedule(rate: 2e-3, total: 60), normLimit: 10, batch: 4)
    let trainer = try Trainer(network, settings, source)
    var losses: [Double] = []
    try trainer.run(until: 60) { losses.append($0.loss / 1000) }
    #expect(losses.suffix(5).reduce(0, +) / 5 < 0.5 * losses[0], "\(losses)")
  }
}
