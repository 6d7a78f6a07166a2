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

/// Detectors that learn how objects look.
@Suite("A detector learns looks")
struct EmbeddingTests {
  /// Pictures of upright rectangles in colours of their own, on grey.
  private struct MadeColors: PictureSource {
    let side: Int
    let seeds: Range<Int>
    var count = 3

    var pictures: [AnnotatedPicture] {
      seeds.map { seed in
        AnnotatedPicture(path: String(seed), boxes: boxes(seed).map { LabelledBox(box: $0, classIndex: 0) })
      }
    }

    private func boxes(_ seed: Int) -> [OrientedBox] {
      var random = TestRandom(seed: UInt64(seed) &+ 5)
      var boxes: [OrientedBox] = []
      for _ in 0..<60 where boxes.count < count {
        let center = Point(random.uniform(12, Double(side) - 12), random.uniform(12, Double(side) - 12))
        guard boxes.allSatisfy({ ($0.center - center).length > 26 }) else { continue }
        boxes.append(
          OrientedBox(center: center, width: random.uniform(14, 20), height: random.uniform(10, 13), angle: 0))
      }
      return boxes
    }

    func pixels(of picture: AnnotatedPicture) throws -> TrainingPixels {
      let seed = Int(picture.path) ?? 0
      var random = TestRandom(seed: UInt64(seed) &+ 77)
      var image = Image(width: side, height: side, channels: 3)
      for place in image.pixels.indices { image.pixels[place] = UInt8(70 + random.index(below: 10)) }
      for box in boxes(seed) {
        let color = (0..<3).map { _ in random.unit() < 0.5 ? 150 + random.index(below: 100) : random.index(below: 60) }
        for place in 0..<side * side {
          let d = Point(Double(place % side) + 0.5, Double(place / side) + 0.5) - box.center
          guard abs(d.x) < box.width / 2, abs(d.y) < box.height / 2 else { continue }
          for channel in 0..<3 { image.pixels[3 * place + channel] = UInt8(color[channel]) }
        }
      }
      return TrainingPixels(image)
    }
  }

  private static func composer(_ made: MadeColors, _ change: (inout Augmentation) -> Void = { _ in }) -> SquareComposer {
    var augmentation = Augmentation()
    change(&augmentation)
    return SquareComposer(pictures: made.pictures, source: made, augmentation: augmentation, side: made.side)
  }

  /// Place, size and turn are drawn anew; what one camera gives to all stays but for a third of its light.
  @Test func aSecondViewIsOfTheSameCamera() {
    var settings = Augmentation()
    (settings.tone, settings.inversion, settings.flipsUpright) = (2, 0.5, true)
    var random = SplitMix64(seed: 3)
    let object = Point(40, 30)
    var turns = Set<Double>()
    for _ in 0..<200 {
      let first = PictureChange(settings, boxes: [], width: 100, height: 80, side: 64, &random)
      let second = PictureChange(again: first, around: object, settings, side: 64, &random)
      #expect(second.exponent == first.exponent)
      #expect(abs(log(second.gain / first.gain)) <= log(1.4) / 3 + 1e-12)
      #expect(abs(second.offset - first.offset) <= 0.05 + 1e-12)
      // Half a turn changes both mirrors, and never one alone.
      #expect((second.isMirrored.x != second.isMirrored.y) == (first.isMirrored.x != first.isMirrored.y))
      let shown = second.box(OrientedBox(center: object, width: 1, height: 1, angle: 0), middle: Point(32, 32))
      #expect((shown.center - Point(32, 32)).length <= 0.35 * 64 * 2.0.squareRoot() + 1e-9)
      turns.insert(second.turn - first.turn)
    }
    #expect(turns.count == 200)
  }

  /// Of every pair both boxes are of one object of one picture, by the point of it that is seen at their middles; with mosaics and pasted objects too.
  @Test func pairsAreOfOneObject() throws {
    let made = MadeColors(side: 96, seeds: 0..<6)
    let composer = Self.composer(made) { ($0.mosaic, $0.paste) = (0.5, 0.5) }
    var room = [Float](repeating: 0, count: 3 * 96 * 96)
    var found = 0
    for seed in 0..<40 as Range<UInt64> {
      var random = SplitMix64(seed: seed)
      let first = try room.withUnsafeMutableBufferPointer { try composer.fill($0, place: Int(seed % 6), &random) }
      let second = try room.withUnsafeMutableBufferPointer { try composer.fillAgain($0, first, place: Int(seed % 6), &random) }
      let shown = [first, second].map { ($0, DetectorTargets($0.boxes, in: $0.parts, side: 96, classes: 1)) }
      let targets = EmbeddingTargets(shown.map { ($0.0, $0.1) }, views: 1, &random)
      for (labels, told) in shown {
        for object in told.told {
          let (origin, view) = (labels.origins[object.index], labels.views[object.index])
          let middle = view.point(labels.boxes[object.index].box.center.x, labels.boxes[object.index].box.center.y)
          #expect((middle - made.pictures[origin.picture].boxes[origin.label].box.center).length < 1e-6)
        }
      }
      for pair in targets.pairs {
        let identity = try #require(targets.identities[pair.first])
        #expect(targets.identities[pair.second] == identity && pair.first < 16 && pair.second >= 16)
      }
      found += targets.pairs.count
      let tensors = try targets.tensors
      let fellows = try #require(tensors["fellows"]?.values(Float.self))
      let kin = try #require(tensors["look kin"]?.values(Float.self))
      #expect(abs(fellows.reduce(0, +) - (targets.pairs.isEmpty ? 0 : 1)) < 1e-5)
      for row in 0..<32 {
        for column in 0..<32 {
          let (a, b) = (targets.identities[row], targets.identities[column])
          let isPair = targets.pairs.contains { ($0.first, $0.second) == (row, column) || ($0.second, $0.first) == (row, column) }
          #expect((fellows[row * 32 + column] > 0) == isPair)
          // Strangers are objects of other identities; all the rest counts for nothing.
          #expect((kin[row * 32 + column] == 0) == (isPair || a != nil && b != nil && a != b))
        }
      }
    }
    #expect(found > 40)
  }

  /// In a crowd those that are seen twice are not left out, and each object's cells tell of it by one in all.
  @Test func aCrowdKeepsItsPairs() throws {
    let boxes = (0..<40).map { number in
      LabelledBox(
        box: OrientedBox(center: Point(Double(number % 8) * 12 + 6, Double(number / 8) * 12 + 6), width: 8, height: 8, angle: 0),
        classIndex: 0)
    }
    var (first, second) = (SquareComposer.Labels(), SquareComposer.Labels())
    let change = PictureChange(center: .zero)
    for number in boxes.indices {
      first.boxes.append(boxes[number])
      first.origins.append(ObjectOrigin(picture: 0, label: number, change: change))
      // The other one shows six of them, and two of another picture.
      guard number < 8 else { continue }
      second.boxes.append(boxes[number])
      second.origins.append(ObjectOrigin(picture: number < 6 ? 0 : 1, label: number, change: change))
    }
    var random = SplitMix64(seed: 1)
    let shown = [first, second].map { ($0, DetectorTargets($0.boxes, side: 96, classes: 1)) }
    let targets = EmbeddingTargets(shown.map { ($0.0, $0.1) }, views: 1, &random)
    #expect(targets.pairs.count == 6 && targets.identities.count == 32)
    #expect(targets.identities[..<16].allSatisfy { $0 != nil } && targets.identities[16...].compactMap { $0 }.count == 8)
    for place in 0..<32 {
      let sum = (0..<576).reduce(Float(0)) { $0 + targets.claims[(place / 16 * 576 + $1) * 16 + place % 16] }
      #expect(abs(sum - (targets.identities[place] == nil ? 0 : 1)) < 1e-5)
    }
  }

  /// The squares of before are the same bytes; a quarter more follow.
  @Test func squaresOfBeforeStay() throws {
    let made = MadeColors(side: 64, seeds: 0..<8, count: 2)
    func batch(_ hasLooks: Bool) throws -> [String: Tensor] {
      try DetectorExamples(
        made.pictures, from: made, augmentation: Augmentation(), side: 64, classCount: 1, hasLooks: hasLooks
      ).batch(Array(0..<8), seed: 5)
    }
    let (plain, looking) = (try batch(false), try batch(true))
    for (name, tensor) in plain {
      let more = try #require(looking[name])
      #expect(more.shape[0] == 10)
      let (a, b) = (try #require(tensor.values(Float.self)), try #require(more.values(Float.self)))
      #expect(a == Array(b[..<a.count]))
    }
    #expect(Set(looking.keys).subtracting(plain.keys) == Set(EmbeddingLoss.inputNames))
    #expect(try batch(true) == looking)
  }

  private static func task(
    _ training: MadeColors, _ held: MadeColors, _ change: (inout TrainingRecipe) -> Void = { _ in }
  ) throws -> (task: DetectorTask, recipe: TrainingRecipe) {
    var recipe = TrainingRecipe()
    (recipe.side, recipe.embedding) = (training.side, 16)
    change(&recipe)
    let data = DetectorData(classes: ["thing"], training: training.pictures, validation: held.pictures)
    return (try DetectorTask(data, from: training, recipe: recipe), recipe)
  }

  /// On pictures that it did not learn from, what is found in two views is told apart by its colour.
  @Test func objectsOfDifferentColoursAreToldApart() throws {
    let (task, _) = try Self.task(MadeColors(side: 64, seeds: 0..<300), MadeColors(side: 64, seeds: 10_000..<10_010)) {
      ($0.augmentation.turn, $0.augmentation.noise) = (0.1, 0)
    }
    let settings = TrainingSettings(
      schedule: Schedule(rate: 4e-3, warmUp: 20, total: 240), decay: 0.01, normLimit: 10,
      average: WeightAverage(decay: 0.98, rise: 20), batch: 8, seed: 1)
    let trainer = try Trainer(try task.network(seed: 1), settings, task.examples)
    try trainer.run(until: 240)
    let looks = try #require(try task.measure(trainer.state.tensors, threads: 1).looks)
    // Of two dozen views and more a guess hits one in less than a twentieth, and of pairs one half.
    #expect(looks.count > 20 && looks.rank1 > 0.2 && looks.area > 0.8, "\(looks.sentence)")
  }

  /// A whole training, stopped and gone on with: model, log and card tell of looks, and the file is a detector that gives unit vectors.
  @Test func aTrainingTellsOfLooks() throws {
    let folder = try ScratchFolder()
    func run(_ name: String, _ change: (inout TrainingRecipe) -> Void = { _ in }) throws -> TrainingRun {
      let (task, recipe) = try Self.task(
        MadeColors(side: 64, seeds: 0..<6, count: 2), MadeColors(side: 64, seeds: 90..<92, count: 2)
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
    #expect(throws: PictureTrainingError.self) { try run("parts") { $0.embedding = 0 }.run(goesOn: true) }
    _ = try run("parts").run(goesOn: true)
    let files = TrainingRun.Files(folder.file("whole"))
    for (a, b) in zip(files.all, TrainingRun.Files(folder.file("parts")).all) {
      #expect(FileManager.default.contents(atPath: a) == FileManager.default.contents(atPath: b))
    }
    #expect(try folder.text("whole.md").contains("embeddings of 16 numbers"))
    let network = try DetectorNetwork(GraphImporter.graph(path: files.model), size: (96, 64))
    #expect(network.layout == .gaussian(classes: 1) && network.tellsLooks && !network.tellsMasks)
    let made = MadeColors(side: 96, seeds: 0..<1)
    let image = try made.pixels(of: made.pictures[0]).image
    let found = try NetworkDetector(network, threads: 1, findsLooks: true).detect(in: image, minimumScore: 0)
    #expect(!found.isEmpty)
    for box in found {
      let look = try #require(box.embedding)
      #expect(look.count == 16 && abs(look.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
    }
    #expect(try NetworkDetector(network, threads: 1).detect(in: image, minimumScore: 0).allSatisfy { $0.embedding == nil })
  }
}
