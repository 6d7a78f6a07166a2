import Geometry
import Reports
import Testing

@testable import BoxEvaluation

@Suite struct BoxImageScoresTests {
  /// Boxes of two classes in `images` images, hit with some noise; scores are all different.
  private func randomSet(seed: UInt64, images: Int) -> BoxSet {
    var generator = SplitMix64(seed: seed)
    var set = BoxSet(classes: ["a", "b"], imageCount: images, truth: [], detections: [])
    for image in 0..<images {
      for _ in 0..<(1 + generator.next(below: 5)) {
        let box = AxisBox(
          left: generator.uniform() * 200, top: generator.uniform() * 200, width: 20 + generator.uniform() * 40, height: 30)
        let label = generator.next(below: 2)
        set.truth.append(
          AnnotatedBox(image: image, classIndex: label, shape: .upright(box), isDifficult: generator.next(below: 8) == 0))
        for _ in 0..<generator.next(below: 3) {
          let moved = AxisBox(
            left: box.left + generator.uniform() * 12, top: box.top + generator.uniform() * 12, width: box.width, height: 30)
          set.detections.append(
            ScoredBox(
              image: image, classIndex: generator.next(below: 6) == 0 ? 1 - label : label, shape: .upright(moved),
              score: generator.uniform()))
        }
      }
    }
    return set
  }

  /// The set in which every image stands as often as it was drawn, copies of an image behind each other.
  private func repeated(_ set: BoxSet, _ occurrences: [Int]) -> BoxSet {
    var copy = BoxSet(classes: set.classes, imageCount: occurrences.reduce(0, +), truth: [], detections: [])
    var place = 0
    for (image, times) in occurrences.enumerated() {
      for _ in 0..<times {
        for var box in set.truth where box.image == image {
          box.image = place
          copy.truth.append(box)
        }
        for var box in set.detections where box.image == image {
          box.image = place
          copy.detections.append(box)
        }
        place += 1
      }
    }
    return copy
  }

  private func settings(_ style: AveragePrecisionStyle) -> BoxResultEvaluation.Settings {
    var settings = style == .hundredOnePoint ? BoxResultEvaluation.Settings.coco : BoxResultEvaluation.Settings()
    settings.style = style
    if style == .allPoint { settings.thresholds = [0.5, 0.6, 0.75] }
    return settings
  }

  /// A draw's scores must be those of the evaluation of the images written out as often as they were drawn.
  @Test(arguments: AveragePrecisionStyle.allCases) func aDrawScoresAsTheImagesWrittenOut(style: AveragePrecisionStyle) throws {
    for seed in 0..<6 as Range<UInt64> {
      let set = randomSet(seed: seed, images: 14)
      let scores = BoxImageScores(set, places: Array(0..<14), count: 14, settings: settings(style))
      var generator = SplitMix64(seed: seed + 100)
      for _ in 0..<4 {
        var occurrences = Array(repeating: 0, count: 14)
        for _ in 0..<14 { occurrences[generator.next(below: 14)] += 1 }
        let evaluation = BoxResultEvaluation(repeated(set, occurrences), settings: settings(style))
        let drawn = Dictionary(uniqueKeysWithValues: zip(scores.names, scores.scores(occurrences)))
        let mean = try #require(evaluation.meanAveragePrecision)
        #expect(abs(try #require(drawn[ScoreName("mAP")]) - mean) < 1e-12)
        for result in evaluation.classes {
          let value = try #require(drawn[ScoreName("AP", of: result.name)])
          #expect(abs(value - (result.averagePrecision ?? .nan)) < 1e-12 || (value.isNaN && result.averagePrecision == nil))
        }
      }
    }
  }

  @Test func comparesImagesByTheirNames() throws {
    // The second result's images come in another order, and one of them has no truth.
    let set = randomSet(seed: 4, images: 9)
    let order = [5, 2, 8, 0, 1, 3, 4, 6, 7]
    var other = set
    for index in other.truth.indices { other.truth[index].image = order.firstIndex(of: set.truth[index].image) ?? 0 }
    for index in other.detections.indices { other.detections[index].image = order.firstIndex(of: set.detections[index].image) ?? 0 }
    let names = (0..<9).map { "image\($0)" }
    let comparison = ResultComparison(
      boxes: [("a", set, names), ("b", other, order.map { names[$0] })], settings: settings(.allPoint),
      bootstrap: PairedBootstrap(draws: 50))
    #expect(comparison.count == 9 && !comparison.rows.isEmpty)
    for row in comparison.rows {
      let interval = try #require(row.intervals[0])
      #expect(abs(interval.low) < 1e-12 && abs(interval.high) < 1e-12, "\(row.name)")
    }
  }
}
