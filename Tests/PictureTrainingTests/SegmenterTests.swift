import Foundation
import Geometry
import Imaging
import Models
import NetworkDetection
import NetworkGraph
import NetworkTraining
import Records
import TestSupport
import Testing

@testable import PictureTraining

/// Pictures of bright bars and dark discs on a noisy ground, with the class of each pixel: ground 0, bar 1, disc 2.
private struct MadeSegments: SegmentedSource {
  let side = 64

  static func pictures(_ seeds: Range<Int>) -> [SegmentedPicture] { seeds.map { SegmentedPicture(path: "\($0)", labels: "\($0)") } }

  func labels(of picture: SegmentedPicture) throws -> LabelImage {
    var random = TestRandom(seed: UInt64(picture.path) ?? 0)
    let bar = OrientedBox(
      center: Point(random.uniform(12, 52), random.uniform(12, 52)), width: random.uniform(24, 40), height: random.uniform(8, 14),
      angle: random.uniform(0, .pi))
    let (disc, radius) = (Point(random.uniform(12, 52), random.uniform(12, 52)), random.uniform(7, 12))
    let axis = Point(angle: bar.angle)
    let labels = (0..<side * side).map { (place: Int) -> UInt8 in
      let point = Point(Double(place % side) + 0.5, Double(place / side) + 0.5)
      if (point - disc).length <= radius { return 2 }
      let (along, across) = (abs((point - bar.center).dot(axis)), abs((point - bar.center).cross(axis)))
      return along <= bar.width / 2 && across <= bar.height / 2 ? 1 : 0
    }
    return LabelImage(width: side, height: side, labels: labels)
  }

  func pixels(of picture: SegmentedPicture) throws -> TrainingPixels {
    var random = TestRandom(seed: UInt64(picture.path).map { $0 &+ 7_000 } ?? 0)
    let values: [Double] = [110, 210, 30]
    let pixels = try labels(of: picture).labels.map { (label: UInt8) -> UInt8 in
      UInt8(Int(bounded: values[Int(label)] + 15 * random.normal(), in: 0...255))
    }
    return TrainingPixels(Image(width: side, height: side, channels: 1, pixels: pixels))
  }
}

@Suite("Segmenters")
struct SegmenterTests {
  private static let classes = ["ground", "bar", "disc"]

  /// Classes on scenes that it did not learn from, far better than by one that calls everything ground, which has less than ⅓ in the mean.
  @Test func learnsTheClassOfEachPixel() throws {
    var recipe = TrainingRecipe()
    (recipe.side, recipe.augmentation.noise) = (64, 0)
    let data = try SegmenterData(
      classes: Self.classes, training: MadeSegments.pictures(0..<40), validation: MadeSegments.pictures(10_000..<10_010),
      source: MadeSegments())
    let task = SegmenterTask(data, from: MadeSegments(), recipe: recipe)
    let steps = 60
    let settings = TrainingSettings(
      schedule: Schedule(rate: 4e-3, warmUp: 10, total: steps), decay: 0.01, normLimit: 10,
      average: WeightAverage(decay: 0.95, rise: 10), batch: 4, seed: 1)
    let trainer = try Trainer(try task.network(seed: 1), settings, task.examples)
    try trainer.run(until: steps)
    let scores = try task.measure(trainer.state.tensors, threads: 1)
    #expect(scores.metric == "IoU" && scores.rows.map(\.name) == Self.classes)
    #expect(try #require(scores.mean) > 0.7, "\(scores)")
  }

  /// A picture whose brightness is its label: wherever a square is cut, turned and mirrored, labels and pixels agree.
  @Test func labelsLieWhereThePixelsDo() throws {
    struct Striped: SegmentedSource {
      let labels: LabelImage
      func pixels(of picture: SegmentedPicture) throws -> TrainingPixels {
        TrainingPixels(Image(width: labels.width, height: labels.height, channels: 1, pixels: labels.labels.map { $0 * 100 }))
      }
      func labels(of picture: SegmentedPicture) throws -> LabelImage { labels }
    }
    // Blocks of 16 pixels.
    let values = (0..<160 * 128).map { (place: Int) -> UInt8 in
      let (column, row) = (place % 160 / 16, place / 160 / 16)
      return UInt8((column + 2 * row) % 3)
    }
    let labels = LabelImage(width: 160, height: 128, labels: values)
    var augmentation = Augmentation.none
    (augmentation.turn, augmentation.scale, augmentation.flips, augmentation.flipsUpright) = (.pi, 1.3, true, true)
    let examples = SegmenterExamples(
      [SegmentedPicture(path: "a", labels: "a")], from: Striped(labels: labels), augmentation: augmentation, side: 64, classCount: 3
    )
    for seed in 0..<20 {
      let batch = try examples.batch([0], seed: UInt64(seed))
      let pixels: [Float] = try #require(batch["pictures"]?.values(Float.self))
      let shares: [Float] = try #require(batch["classes"]?.values(Float.self))
      var (right, told) = (0, 0)
      for cell in 0..<32 * 32 {
        let scores: [Float] = (0..<3).map { (label: Int) -> Float in shares[label * 1024 + cell] }
        guard let label = scores.firstIndex(of: 1) else { continue }
        // The mean of the four pixels of the place.
        let corner = cell / 32 * 2 * 64 + cell % 32 * 2
        let sum: Float = pixels[corner] + pixels[corner + 1] + pixels[corner + 64] + pixels[corner + 65]
        let value: Float = sum / 4 * 255
        told += 1
        if abs(value - 100 * Float(label)) < 50 { right += 1 }
      }
      // Blocks are 16 pixels wide: a place in eight lies on an edge, where its pixels are of both.
      #expect(told > 300 && Double(right) > 0.9 * Double(told), "seed \(seed): \(right) of \(told)")
    }
  }

  @Test func theSizesOfNetworksStayWithinTheirPromise() throws {
    for (scale, most) in [(DetectorModel.Scale.nano, 1_000_000), (.small, 3_000_000)] {
      let network = try SegmenterLoss(weights: [Double](repeating: 1, count: 11)).network(
        SegmenterModel(scale, classCount: 11), seed: 1)
      #expect(network.parameterCount <= most && network.parameterCount > most / 4, "\(scale): \(network.parameterCount)")
    }
  }

  /// Pictures of any size are read, and each pixel has a class.
  @Test func anyPictureIsSegmentedAndAnotherNetworkRefused() throws {
    let model = SegmenterModel(.nano, classCount: 3)
    let network = try SegmenterLoss(weights: [1, 1, 1]).network(model, seed: 4)
    let state = network.start(TrainingSettings(schedule: Schedule(rate: 1, total: 1), batch: 1))
    var graph = try model.graph(state.tensors)
    #expect(throws: NetworkError.self) { try NetworkSegmenter(graph, threads: 1) }
    graph.metadata = ["names": ClassNames.text(Self.classes), "layout": NetworkSegmenter.layout]
    let segmenter = try NetworkSegmenter(graph, threads: 1)
    for (width, height) in [(64, 64), (33, 70), (1, 1)] {
      let picture = Image(width: width, height: height, channels: 3, pixels: [UInt8](repeating: 90, count: 3 * width * height))
      #expect(try segmenter.labels(in: picture).count == width * height)
    }
  }
}
