import Detection
import Foundation
import Geometry
import Imaging
import ModelFiles
import Models
import NetworkGraph
import NetworkTraining
import TestSupport
import Testing

@testable import NetworkDetection
@testable import PictureTraining

/// Detectors that look at the frame before.
@Suite("A detector learns from the frame before")
struct TimeMixLearningTests {
  /// Bright squares upon a dark ground. Objects are those that were not there in the frame before: one picture alone cannot tell.
  private struct Arrivals: PictureSource {
    let side: Int
    let seeds: Range<Int>

    var pictures: [AnnotatedPicture] {
      seeds.map { seed in
        let boxes = places(seed).filter(\.isNew).map { LabelledBox(box: $0.box, classIndex: 0) }
        return AnnotatedPicture(path: String(seed), boxes: boxes, before: "\(seed) before")
      }
    }

    func pixels(of picture: AnnotatedPicture) throws -> TrainingPixels {
      let isBefore = picture.path.hasSuffix("before")
      let seed = Int(picture.path.prefix { $0 != " " }) ?? 0
      var image = Image(width: side, height: side, channels: 1)
      for place in image.pixels.indices { image.pixels[place] = 60 }
      for place in places(seed) where !isBefore || !place.isNew {
        let hull = place.box.hull
        for y in Int(hull.top)..<Int(hull.bottom) { for x in Int(hull.left)..<Int(hull.right) { image.pixels[y * side + x] = 200 } }
      }
      return TrainingPixels(image)
    }

    /// Four squares, one in each quarter of the picture; each is new or not by its own coin.
    private func places(_ seed: Int) -> [(box: OrientedBox, isNew: Bool)] {
      var random = TestRandom(seed: UInt64(seed) &+ 31)
      let quarter = side / 2
      return (0..<4).map { number in
        let x = number % 2 * quarter + 10 + random.index(below: quarter - 20)
        let y = number / 2 * quarter + 10 + random.index(below: quarter - 20)
        let box = OrientedBox(center: Point(Double(x), Double(y)), width: 16, height: 16, angle: 0)
        return (box, random.unit() < 0.5)
      }
    }
  }

  private static func task(
    _ training: Arrivals, _ held: Arrivals, _ change: (inout TrainingRecipe) -> Void
  ) throws -> (task: DetectorTask, recipe: TrainingRecipe) {
    var recipe = TrainingRecipe()
    recipe.side = training.side
    (recipe.augmentation.turn, recipe.augmentation.noise) = (0.1, 0)
    change(&recipe)
    let data = DetectorData(classes: ["new"], training: training.pictures, validation: held.pictures)
    return (try DetectorTask(data, from: training, recipe: recipe), recipe)
  }

  /// What a picture alone cannot tell is told by the pair, on pictures that it did not learn from.
  @Test func whatHasComeIsToldByThePair() throws {
    func precision(mixesTime: Bool) throws -> Double {
      let (task, _) = try Self.task(Arrivals(side: 96, seeds: 0..<400), Arrivals(side: 96, seeds: 10_000..<10_030)) {
        $0.mixesTime = mixesTime
      }
      let steps = 240
      let settings = TrainingSettings(
        schedule: Schedule(rate: 4e-3, warmUp: 20, total: steps), decay: 0.01, normLimit: 10,
        average: WeightAverage(decay: 0.98, rise: 20), batch: 8, seed: 1)
      let trainer = try Trainer(try task.network(seed: 1), settings, task.examples)
      try trainer.run(until: steps)
      return try #require(try task.measure(trainer.state.tensors, threads: 1).mean)
    }
    let (plain, mixed) = (try precision(mixesTime: false), try precision(mixesTime: true))
    // Half of the squares are new: who cannot tell has a precision of about a half at every recall.
    #expect(plain < 0.7 && mixed > plain + 0.2, "\(mixed) with the frame before, \(plain) without")
  }

  /// A whole training, stopped and gone on with; the file is a detector that passes on what it saw, and a fresh one goes on from its memory.
  @Test func aTrainingStopsAndGoesOn() throws {
    let folder = try ScratchFolder()
    func run(_ name: String, mixesTime: Bool = true) throws -> TrainingRun {
      let (task, recipe) = try Self.task(Arrivals(side: 64, seeds: 0..<6), Arrivals(side: 64, seeds: 90..<92)) {
        ($0.batch, $0.epochs, $0.mixesTime) = (2, 2, mixesTime)
        ($0.augmentation.mosaic, $0.augmentation.paste) = (0.5, 0.5)
      }
      return TrainingRun(task, recipe: recipe, card: ModelCard(name: "made"), files: TrainingRun.Files(folder.file(name)))
    }
    _ = try run("whole").run(goesOn: false)
    var steps = 0
    _ = try run("parts").run(goesOn: false) {
      steps += 1
      return steps == 4
    }
    #expect(throws: PictureTrainingError.self) { try run("parts", mixesTime: false).run(goesOn: true) }
    _ = try run("parts").run(goesOn: true)
    let files = TrainingRun.Files(folder.file("whole"))
    for (a, b) in zip(files.all, TrainingRun.Files(folder.file("parts")).all) {
      #expect(FileManager.default.contents(atPath: a) == FileManager.default.contents(atPath: b))
    }
    #expect(try folder.text("whole.md").contains("mixed with the frame before"))

    let network = try DetectorNetwork(GraphImporter.graph(path: files.model), size: (96, 64))
    #expect(network.mixesTime && network.layout == .gaussian(classes: 1))
    let detector = try NetworkDetector(network, threads: 1)
    let made = Arrivals(side: 64, seeds: 0..<2)
    let images = try made.pictures.map { try made.pixels(of: $0).image }
    var former: FrameFeatures?
    let alone = try detector.detect(in: images[0], after: &former, minimumScore: 0)
    #expect(try former == detector.features(of: images[0]) && alone == detector.detect(in: images[0], minimumScore: 0))
    let behind = try detector.detect(in: images[1], after: &former, minimumScore: 0)
    #expect(try behind != detector.detect(in: images[1], minimumScore: 0))
    var foreign: FrameFeatures? = FrameFeatures(values: [[1], [2]])
    #expect(throws: NetworkError.self) { try detector.detect(in: images[0], after: &foreign) }
  }

  /// The square of the frames before is the same place changed alike, and the square of this frame is what it is without one.
  @Test func bothSquaresShowTheSamePlace() throws {
    let made = Arrivals(side: 96, seeds: 0..<4)
    // Nothing has come: both frames are the same picture.
    let still = made.pictures.map { AnnotatedPicture(path: $0.path, boxes: $0.boxes) }
    var augmentation = Augmentation()
    (augmentation.noise, augmentation.mosaic, augmentation.paste) = (0, 0.5, 0.5)
    func batch(_ pictures: [AnnotatedPicture], looksBack: Bool, noise: Double = 0) throws -> [String: Tensor] {
      var augmentation = augmentation
      augmentation.noise = noise
      return try DetectorExamples(
        pictures, from: made, augmentation: augmentation, side: 64, classCount: 1, looksBack: looksBack
      ).batch([0, 1, 2, 3], seed: 9)
    }
    let pair = try batch(still, looksBack: true)
    #expect(pair["pictures"] == pair[TimeMix.pictureName])
    #expect(try batch(made.pictures, looksBack: false)["pictures"] == batch(made.pictures, looksBack: true)["pictures"])
    #expect(try batch(made.pictures, looksBack: false)[TimeMix.pictureName] == nil)
    let arrived = try batch(made.pictures, looksBack: true)
    #expect(arrived["pictures"] != arrived[TimeMix.pictureName])
    // Noise is each frame's own.
    let noisy = try batch(still, looksBack: true, noise: 5)
    #expect(noisy["pictures"] != noisy[TimeMix.pictureName])
  }
}
