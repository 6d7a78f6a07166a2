import BoxEvaluation
import Geometry
import Models
import NetworkTraining
import Testing

@testable import PictureTraining

@Suite("A detector learns from pictures that are made")
struct LearningTests {
  /// AP50 of one that knows every centre and class, and the mean size of each class, but not which way objects lie.
  private static func baseline(_ pictures: [AnnotatedPicture]) -> Double {
    var set = BoxSet(classes: MadePictures.classes, imageCount: pictures.count, truth: [], detections: [])
    let all = pictures.flatMap(\.boxes)
    for (image, picture) in pictures.enumerated() {
      for label in picture.boxes {
        let same = all.filter { $0.classIndex == label.classIndex }.map(\.box)
        let (width, height) = (same.map(\.width).reduce(0, +), same.map(\.height).reduce(0, +))
        let upright = OrientedBox(
          center: label.box.center, width: width / Double(same.count), height: height / Double(same.count), angle: 0)
        set.truth.append(AnnotatedBox(image: image, classIndex: label.classIndex, shape: .oriented(label.box)))
        set.detections.append(ScoredBox(image: image, classIndex: label.classIndex, shape: .oriented(upright), score: 1))
      }
    }
    return BoxResultEvaluation(set).classes[0].averagePrecision ?? 0
  }

  /// Bars on scenes that it was not trained on are found better than by one that is told where they are, but not which way they lie.
  @Test func findsBarsAtAnyAngle() throws {
    let (training, held) = (MadePictures(side: 96, seeds: 0..<400), MadePictures(side: 96, seeds: 10_000..<10_040))
    var recipe = TrainingRecipe()
    (recipe.side, recipe.augmentation.turn, recipe.augmentation.noise) = (96, .pi, 0)
    let data = DetectorData(classes: MadePictures.classes, training: training.pictures, validation: held.pictures)
    let task = try DetectorTask(data, from: training, recipe: recipe)
    let steps = 160
    let settings = TrainingSettings(
      schedule: Schedule(rate: 4e-3, warmUp: 20, total: steps), decay: 0.01, normLimit: 10,
      average: WeightAverage(decay: 0.98, rise: 20), batch: 8, seed: 1)
    let trainer = try Trainer(try task.network(seed: 1), settings, task.examples)
    try trainer.run(until: steps)
    let found = try task.measure(trainer.state.tensors, threads: 1).rows.map { $0.value ?? 0 }
    let floor = Self.baseline(held.pictures)
    #expect(found[0] > floor, "\(found) where one that does not know the angle has \(floor)")
    #expect(floor < 0.5)
  }
}
