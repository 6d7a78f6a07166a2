import Foundation
import Geometry
import Imaging
import ModelFiles
import Models
import NetworkDetection
import NetworkGraph
import NetworkTraining
import TestSupport
import Testing

@testable import PictureTraining

@Suite("Features that are learned without labels")
struct BackboneTests {
  private static func task(
    _ aim: BackboneAim, side: Int = 64, batch: Int = 2, count: Int = 6, held: Int = 3,
    change: (inout TrainingRecipe) -> Void = { _ in }
  ) throws -> (task: BackboneTask, recipe: TrainingRecipe) {
    let made = MadePictures(side: 96, seeds: 0..<count + held)
    var recipe = TrainingRecipe()
    (recipe.side, recipe.batch, recipe.epochs) = (side, batch, 2)
    change(&recipe)
    let data = BackboneData(training: Array(made.pictures[..<count]), validation: Array(made.pictures[count...]))
    return (BackboneTask(data, from: made, recipe: recipe, aim: aim), recipe)
  }

  /// Stopped in mid-epoch and gone on with, it writes the same bytes as without a pause.
  @Test(arguments: BackboneAim.allCases) func goesOnToTheSameBytes(_ aim: BackboneAim) throws {
    let folder = try ScratchFolder()
    func run(_ name: String) throws -> (run: TrainingRun, files: TrainingRun.Files) {
      let files = TrainingRun.Files(folder.file(name))
      let (task, recipe) = try Self.task(aim)
      return (TrainingRun(task, recipe: recipe, card: ModelCard(name: "made"), files: files), files)
    }
    let (whole, parts) = (try run("whole"), try run("parts"))
    let scores = try #require(try whole.run.run(goesOn: false))
    #expect(scores.rows[0].count == 3 && scores.mean?.isFinite == true)
    var steps = 0
    let stopped = try parts.run.run(goesOn: false) {
      steps += 1
      return steps == 4
    }
    #expect(stopped == nil)
    _ = try run("parts").run.run(goesOn: true)
    for (a, b) in zip(whole.files.all, parts.files.all) {
      #expect(FileManager.default.contents(atPath: a) == FileManager.default.contents(atPath: b))
    }
    let graph = try GraphImporter.graph(path: whole.files.model)
    #expect(graph.metadata["aim"] == aim.rawValue && graph.outputs.count == 1)
    // Features of stride 4 have the shape of a detector's output, and are none.
    #expect(throws: NetworkError.self) { try DetectorNetwork(graph, size: (64, 64)) }
  }

  /// What is hidden is grey, and nothing else; masks of cells are those of the patches; another seed hides other patches.
  @Test func whatIsHiddenIsGrey() throws {
    let made = MadePictures(side: 128, seeds: 0..<1)
    var random = SplitMix64(seed: 5)
    let square = HiddenSquare(try made.pixels(of: made.pictures[0]), Augmentation(), side: 128, &random)
    // 0.4 of 16 patches.
    #expect(square.masks.filter { $0 == 1 }.count == 6 && square.masks.filter { $0 == 0 }.count == 10)
    for place in 0..<128 * 128 {
      let (x, y) = (place % 128, place / 128)
      let isHidden = square.masks[y / 32 * 4 + x / 32] == 1
      #expect(square.cellMasks[y / 8 * 16 + x / 8] == (isHidden ? 1 : 0))
      for channel in 0..<3 {
        let index = channel * 128 * 128 + place
        #expect(square.seen[index] == (isHidden ? 0.5 : square.pixels[index]))
      }
    }
    #expect(try square.histograms().count == 16 * 16 * OrientedGradients.bins)
    let other = HiddenSquare(try made.pixels(of: made.pictures[0]), Augmentation(), side: 128, &random)
    #expect(other.masks != square.masks)
  }

  private static func trained(
    _ task: BackboneTask, steps: Int, rate: Double = 4e-3
  ) throws -> (before: Double, after: Double, losses: [Double]) {
    let settings = TrainingSettings(
      schedule: Schedule(rate: rate, warmUp: 10, total: steps), decay: 0.01, normLimit: 10,
      average: WeightAverage(decay: 0.95, rise: 10), batch: 8, seed: 1)
    let trainer = try Trainer(try task.network(seed: 1), settings, task.examples)
    let before = try #require(try task.measure(trainer.state.tensors, threads: 1).mean)
    var losses: [Double] = []
    try trainer.run(until: steps) { losses.append($0.loss) }
    return (before, try #require(try task.measure(trainer.state.tensors, threads: 1).mean), losses)
  }

  /// The edges of what is hidden are told better than by their mean.
  @Test func edgesOfWhatIsHiddenAreLearned() throws {
    let (task, _) = try Self.task(.hog, side: 96, batch: 8, count: 200, held: 24) { $0.augmentation.noise = 0 }
    let found = try Self.trained(task, steps: 80)
    #expect(found.after > 0.05 && found.after > found.before, "\(found.after) of the squares explained, \(found.before) before")
  }

  /// What the copy says of the other view and of hidden patches is told better than by equal shares of all kinds, which cost 2 ln 256 and are where
  /// training ends that learns nothing.
  @Test func whatTheCopySaysIsLearned() throws {
    let data = BackboneData(training: MadeTextures.pictures(0..<200), validation: MadeTextures.pictures(1000..<1024))
    var recipe = TrainingRecipe()
    (recipe.side, recipe.batch, recipe.augmentation.turn) = (96, 8, 0)
    let task = BackboneTask(data, from: MadeTextures(side: 128), recipe: recipe, aim: .dino)
    let found = try Self.trained(task, steps: 100, rate: 1e-3)
    let last = found.losses.suffix(20).reduce(0, +) / 20
    #expect(last < 0.8 * 2 * log(256), "\(last)")
    #expect((0...1).contains(found.after))
  }

  /// A detector begins with the pyramid and the decoder of the checkpoint; another file, or none, is another training.
  @Test func aDetectorBeginsWithIt() throws {
    let folder = try ScratchFolder()
    let files = TrainingRun.Files(folder.file("looks"))
    let (task, recipe) = try Self.task(.hog)
    _ = try TrainingRun(task, recipe: recipe, card: ModelCard(name: "made"), files: files).run(goesOn: false)
    let start = try TrainingStart(path: files.checkpoint)
    let learned = try Checkpoint.read(path: files.checkpoint).state

    let (made, held) = (MadePictures(side: 64, seeds: 0..<6), MadePictures(side: 64, seeds: 90..<92))
    let data = DetectorData(classes: MadePictures.classes, training: made.pictures, validation: held.pictures)
    func run(_ name: String, _ start: TrainingStart?, size: DetectorModel.Scale = .nano) throws -> (
      TrainingRun, TrainingRun.Files, DetectorTask
    ) {
      var recipe = recipe
      recipe.scale = size
      let files = TrainingRun.Files(folder.file(name))
      let task = try DetectorTask(data, from: made, recipe: recipe)
      return (TrainingRun(task, recipe: recipe, card: ModelCard(name: "made"), files: files, start: start), files, task)
    }
    let (begun, begunFiles, detector) = try run("begun", start)
    let network = try detector.network(seed: 1)
    let (state, taken) = try start.state(of: network, recipe.settings(pictures: 6))
    let shared = network.parameters.filter { $0.name.hasPrefix("pyramid") || $0.name.hasPrefix("decoder") }
    #expect(taken == shared.count && taken < network.parameters.count && taken > 20)
    for parameter in shared { #expect(state.parameters[parameter.name] == learned.averages[parameter.name]) }
    for statistic in network.statistics where statistic.name.hasPrefix("pyramid") {
      #expect(state.statistics[statistic.name] == learned.statistics[statistic.name])
    }
    for parameter in network.parameters where parameter.name.hasPrefix("head") {
      #expect(state.parameters[parameter.name] == parameter.start)
    }
    var notes: [String] = []
    _ = try begun.run(goesOn: false, isStopped: { true }) { if case .note(let text) = $0 { notes.append(text) } }
    #expect(notes.contains { $0.contains("from looks.checkpoint") })
    #expect(throws: PictureTrainingError.self) { try run("begun", nil).0.run(goesOn: true) }
    _ = try run("begun", start).0.run(goesOn: true)
    let card = String(decoding: try #require(FileManager.default.contents(atPath: begunFiles.card)), as: UTF8.self)
    #expect(card.contains("begun with looks.checkpoint (SHA-256 "))

    // Networks of another size share a few tensors of the stem alone.
    #expect(throws: PictureTrainingError.self) { try run("small", start, size: .small).0.run(goesOn: false) }

    // A file of tensors under other names.
    let other = folder.file("other.safetensors")
    try Data(SafeTensors(tensors: ["a": Tensor(list: [1 as Float])]).bytes()).write(to: URL(fileURLWithPath: other))
    #expect(throws: PictureTrainingError.self) { try run("other", TrainingStart(path: other)).0.run(goesOn: false) }
  }
}

/// Grey pictures of three waves each, of lengths and directions of their own, with noise.
private struct MadeTextures: PictureSource {
  let side: Int

  static func pictures(_ seeds: Range<Int>) -> [AnnotatedPicture] { seeds.map { AnnotatedPicture(path: String($0), boxes: []) } }

  func pixels(of picture: AnnotatedPicture) throws -> TrainingPixels {
    var random = TestRandom(seed: UInt64(picture.path) ?? 0)
    let waves = (0..<3).map { _ in
      let (angle, length) = (random.uniform(0, .pi), random.uniform(5, 30))
      return (x: 2 * .pi * cos(angle) / length, y: 2 * .pi * sin(angle) / length, size: random.uniform(10, 40))
    }
    let pixels = (0..<side * side).map { place -> UInt8 in
      let (x, y) = (Double(place % side), Double(place / side))
      var value = 128 + 6 * random.normal()
      for wave in waves { value += wave.size * sin(wave.x * x + wave.y * y) }
      return UInt8(Int(bounded: value.rounded(), in: 0...255))
    }
    return TrainingPixels(Image(width: side, height: side, channels: 1, pixels: pixels))
  }
}
