import Appearance
import Foundation
import Geometry
import Imaging
import ModelFiles
import Models
import NetworkGraph
import NetworkTraining
import TestSupport
import Testing

@testable import PictureTraining

@Suite("Crops and pairs of an embedder")
struct EmbedderPairTests {
  private static func picture(seed: UInt64) -> Image {
    var random = TestRandom(seed: seed)
    return Image(width: 200, height: 160, channels: 3, pixels: (0..<200 * 160 * 3).map { _ in UInt8(random.index(below: 256)) })
  }

  /// What is learned is what is used: a view that is not changed is the crop that tracking takes of the whole picture.
  @Test(arguments: [
    OrientedBox(center: Point(90, 70), width: 30, height: 50, angle: 0),
    OrientedBox(center: Point(90.3, 70.8), width: 44, height: 20, angle: 0.7),
    // At two borders, where the picture's last pixels are repeated.
    OrientedBox(center: Point(196, 4), width: 24, height: 30, angle: 0),
  ]) func unchangedViewsAreTheCropsOfTracking(_ box: OrientedBox) throws {
    let picture = Self.picture(seed: 3)
    var album = ObjectAlbum(side: 64)
    album.begin("a", isFilm: true)
    try album.add(picture, [(1, box)], time: 0)
    let view = try #require(album.views.first)
    var random = SplitMix64(seed: 1)
    let found = try CropChange().picture(of: view, width: 64, height: 64, &random)
    let expected = try #require(BoxCrop(GaussianBox(box))).picture(from: picture, width: 64, height: 64)
    for (a, b) in zip(found.pixels, expected.pixels) { #expect(abs(Int(a) - Int(b)) <= 1) }
    #expect(view.isTilted == (box.angle != 0))
  }

  @Test func onlyWhatCanBeSeenIsTaken() throws {
    var album = ObjectAlbum(side: 64)
    album.begin("a", isFilm: true)
    let boxes = [
      OrientedBox(center: Point(-5, 20), width: 30, height: 30, angle: 0),
      OrientedBox(center: Point(50, 50), width: 30, height: 1, angle: 0),
    ]
    try album.add(Self.picture(seed: 4), boxes.map { (1, $0) }, time: 0)
    #expect(album.viewCount == 0 && album.sceneCount == 0 && album.objectCount == 0)
  }

  @Test func pairsAreOfOneObjectAtTwoTimes() throws {
    let album = try MadeFilms(films: 0..<3).album()
    let examples = EmbedderExamples(album, augmentation: Augmentation(), side: 64)
    var random = SplitMix64(seed: 5)
    let places = [7, 2, 14]
    let pairs = examples.pairs(of: places, &random)
    #expect(pairs.count == 3 * EmbedderExamples.pairsPerScene)
    for pair in pairs {
      let (first, second) = (album.views[pair.first], album.views[pair.second])
      #expect(first.object == second.object && first.recording == second.recording && first.time != second.time)
    }
    // First the scenes that were asked for, each object of theirs once.
    for (number, place) in places.enumerated() {
      #expect(pairs.filter { $0.scene == number }.map(\.first).sorted() == album.scenes[place].sorted())
    }
    var again = SplitMix64(seed: 5)
    #expect(examples.pairs(of: places, &again) == pairs)
    let kin = try #require(try examples.batch(places, seed: 9)["kin"]?.values(Float.self))
    var drawn = SplitMix64(seed: SplitMix64.mixed(9))
    let objects = examples.pairs(of: places, &drawn).map { album.views[$0.first].object }
    for (row, a) in objects.enumerated() {
      for (column, b) in objects.enumerated() {
        #expect(kin[row * objects.count + column] == (row != column && a == b ? EmbedderLoss.kinWeight : 0))
      }
    }
  }

  /// Pictures without identities have an object a box, whose two crops are of the same view.
  @Test func boxesOfPicturesAreObjectsOfTheirOwn() throws {
    var album = ObjectAlbum(side: 64)
    album.begin("pictures", isFilm: false)
    let box = OrientedBox(center: Point(90, 70), width: 30, height: 50, angle: 0)
    for seed in 0..<3 { try album.add(Self.picture(seed: UInt64(seed)), [(-1, box), (-1, box)], time: 0) }
    #expect(album.objectCount == 6 && album.sceneCount == 3)
    var random = SplitMix64(seed: 5)
    let pairs = EmbedderExamples(album, augmentation: Augmentation(), side: 64).pairs(of: [0, 1], &random)
    #expect(pairs.allSatisfy { $0.first == $0.second })
  }

  /// Two objects on a line: likenesses are 1 or −1 once the mean is taken off.
  @Test func rankOneAndAreaAreThoseByHand() {
    func crop(_ x: Float, _ object: Int, _ time: Double) -> Retrieval.Crop { .init(embedding: [x, 0], object: object, time: time) }
    let right = Retrieval([crop(1, 0, 0), crop(1, 0, 2), crop(-1, 1, 0), crop(-1, 1, 2)])
    #expect(right.sought == 4 && right.found == 4 && right.area == 1)
    // One crop of object 0 looks like object 1: of the two true pairs one is alike; of the four others, two are.
    let mixed = Retrieval([crop(1, 0, 0), crop(-1, 0, 2), crop(-1, 1, 0), crop(-1, 1, 2)], shown: [0])
    #expect(mixed.area == 0.5)
    #expect(mixed.nearest[0] == [1, 2, 3])
    // Within a second it is nearly the same picture.
    let close = Retrieval([crop(1, 0, 0), crop(1, 0, 0.5), crop(-1, 1, 0)])
    #expect(close.sought == 0 && close.area == nil)
    // Who is alone cannot be mistaken, which is no merit.
    #expect(Retrieval([crop(1, 0, 0), crop(0.5, 0, 2)]).sought == 0)
    #expect(Retrieval.area(same: [3, 1], other: [1, 0]) == 0.875)
  }
}

@Suite("A training of an embedder")
struct EmbedderTrainingTests {
  private static func recipe(epochs: Int, batch: Int = 4) -> TrainingRecipe {
    var recipe = TrainingRecipe()
    (recipe.side, recipe.batch, recipe.epochs, recipe.measuredEvery) = (64, batch, epochs, epochs)
    return recipe
  }

  private static func run(_ files: TrainingRun.Files, batch: Int = 4) throws -> TrainingRun {
    let recipe = recipe(epochs: 2, batch: batch)
    let task = try EmbedderTask(
      training: MadeFilms(films: 0..<2).album(), validation: MadeFilms(films: 9..<10).album(), recipe: recipe)
    return TrainingRun(task, recipe: recipe, card: ModelCard(name: "made"), files: files)
  }

  /// Objects of films that it was not trained on are told apart.
  @Test func tellsNewObjectsApart() throws {
    let recipe = Self.recipe(epochs: 4)
    let task = try EmbedderTask(
      training: MadeFilms(films: 0..<16).album(), validation: MadeFilms(films: 100..<104).album(), recipe: recipe)
    let trainer = try Trainer(try task.network(seed: 1), recipe.settings(pictures: task.examples.count), task.examples)
    try trainer.run(until: 80)
    let scores = try task.measure(trainer.state.tensors, threads: 1)
    #expect(scores.rows.map(\.name) == ["rank 1, films", "area, films", "rank 1, films, stripes", "area, films, stripes"])
    #expect(try #require(scores.rows[0].value) > 0.95 && #require(scores.rows[1].value) > 0.95, "\(scores.rows)")
    #expect(scores.rows[0].count == 4 * 4 * 5)
  }

  /// Stopped in mid-epoch and gone on with, it writes the same bytes as without a pause.
  @Test func goesOnToTheSameBytes() throws {
    let folder = try ScratchFolder()
    let (whole, parts) = (TrainingRun.Files(folder.file("whole")), TrainingRun.Files(folder.file("parts")))
    #expect(try Self.run(whole).run(goesOn: false) != nil)
    var steps = 0
    let stopped = try Self.run(parts).run(goesOn: false) {
      steps += 1
      return steps == 3
    }
    #expect(stopped == nil && steps == 3)
    #expect(try Self.run(parts).run(goesOn: true) != nil)
    for (a, b) in zip(whole.all, parts.all) {
      #expect(FileManager.default.contents(atPath: a) == FileManager.default.contents(atPath: b))
    }
    let card = try #require(FileManager.default.contents(atPath: whole.card).map { String(decoding: $0, as: UTF8.self) })
    #expect(card.contains("embedder of 64 numbers") && card.contains("| rank 1, films, stripes |"))
  }

  @Test func theModelIsOneThatTrackTakes() throws {
    let folder = try ScratchFolder()
    let files = TrainingRun.Files(folder.file("model"))
    _ = try Self.run(files).run(goesOn: false)
    let network = try EmbedderNetwork(GraphImporter.graph(path: files.model))
    #expect(network.dimension == 64 && network.width == 64 && network.height == 64 && network.takesBatches)
  }

  @Test func anotherNetworksCheckpointIsRefused() throws {
    let folder = try ScratchFolder()
    let files = TrainingRun.Files(folder.file("model"))
    _ = try Self.run(files).run(goesOn: false) { true }
    #expect(throws: TrainingError.self) { try Self.run(files, batch: 2).run(goesOn: true) }
    let settings = try Self.recipe(epochs: 2).settings(pictures: 10)
    let other = try DetectorLoss().network(DetectorModel(.nano, classCount: 1), seed: 1)
    try Checkpoint.write(other.start(settings), settings, path: files.checkpoint)
    #expect(throws: TrainingError.self) { try Self.run(files).run(goesOn: true) }
  }

  @Test func oneObjectIsRefused() throws {
    let (many, one) = (try MadeFilms(films: 0..<1).album(), try MadeFilms(films: 1..<2, objects: 1).album())
    #expect(throws: PictureTrainingError.self) { try EmbedderTask(training: one, validation: many, recipe: Self.recipe(epochs: 1)) }
    #expect(throws: PictureTrainingError.self) { try EmbedderTask(training: many, validation: one, recipe: Self.recipe(epochs: 1)) }
    #expect(throws: PictureTrainingError.self) {
      try EmbedderTask(training: many, validation: many, recipe: Self.recipe(epochs: 1, batch: 1000))
    }
  }
}
