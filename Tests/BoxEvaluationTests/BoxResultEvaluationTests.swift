import Foundation
import Geometry
import Reports
import TestSupport
import Testing

@testable import BoxEvaluation

@Suite struct BoxEvaluationTests {
  @Test func everyColumnHasAMeaning() throws {
    let set = try #require(try StoredFixture.load("coco.json", as: [COCOCase].self).first).set
    var steps = BoxResultEvaluation.Settings()
    steps.thresholds = [0.5, 0.6, 0.75]
    for settings in [BoxResultEvaluation.Settings(), steps, .coco] {
      let evaluation = BoxResultEvaluation(set, settings: settings)
      let tables = [BoxTables.classes(evaluation), BoxTables.coco(evaluation), BoxTables.calibration(evaluation)].compactMap { $0 }
      for name in tables.flatMap(\.columns).map(\.name) where name != "class" {
        #expect(MetricGlossary.definition(of: name) != nil, "\(name)")
      }
    }
  }

  // MARK: Parity with the peers

  struct COCOCase: Decodable {
    struct Annotation: Decodable {
      var image_id: Int
      var category_id: Int
      var iscrowd: Int
      var bbox: [Double]
      var area: Double
    }
    struct Truth: Decodable {
      var annotations: [Annotation]
    }
    struct Result: Decodable {
      var image_id: Int
      var category_id: Int
      var bbox: [Double]
      var score: Double
    }
    var truth: Truth
    var results: [Result]
    var figures: [Double]
    var classes: [Double?]

    private func upright(_ v: [Double]) -> BoxShape {
      .upright(AxisBox(left: v[0], top: v[1], width: v[2], height: v[3]))
    }

    var set: BoxSet {
      BoxSet(
        classes: classes.indices.map { "class\($0 + 1)" }, imageCount: 12,
        truth: truth.annotations.map {
          AnnotatedBox(
            image: $0.image_id - 1, classIndex: $0.category_id - 1, shape: upright($0.bbox), area: $0.area,
            isCrowd: $0.iscrowd == 1)
        },
        detections: results.map {
          ScoredBox(image: $0.image_id - 1, classIndex: $0.category_id - 1, shape: upright($0.bbox), score: $0.score)
        })
    }
  }

  @Test func agreesWithPycocotoolsInAllTwelveFigures() throws {
    for stored in try StoredFixture.load("coco.json", as: [COCOCase].self) {
      let evaluation = BoxResultEvaluation(stored.set, settings: .coco)
      let coco = try #require(evaluation.coco)
      for (figure, expected) in zip(coco.named, stored.figures) {
        #expect(abs((figure.value ?? -1) - expected) < 1e-12, "\(figure.name)")
      }
      for (result, expected) in zip(evaluation.classes, stored.classes) {
        #expect(abs((result.averagePrecision ?? -1) - (expected ?? -1)) < 1e-12, "\(result.name)")
      }
    }
  }

  struct DOTACase: Decodable {
    enum Field: Decodable {
      case number(Double)
      case box([Double])
      init(from decoder: Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Double.self) {
          self = .number(number)
        } else {
          self = .box(try container.decode([Double].self))
        }
      }
      var number: Double { if case .number(let value) = self { value } else { .nan } }
      var box: OrientedBox? {
        guard case .box(let v) = self, v.count == 5 else { return nil }
        return OrientedBox(center: Point(v[0], v[1]), width: v[2], height: v[3], angle: v[4])
      }
    }
    var truth: [[Field]]
    var detections: [[Field]]
    var voc07: Double
    var allPoint: Double

    func set() throws -> BoxSet {
      BoxSet(
        classes: ["ship"], imageCount: 10,
        truth: try truth.map {
          AnnotatedBox(
            image: Int($0[0].number), classIndex: 0, shape: .oriented(try #require($0[1].box)),
            isDifficult: $0[2].number == 1)
        },
        detections: try detections.map {
          ScoredBox(
            image: Int($0[0].number), classIndex: 0, shape: .oriented(try #require($0[2].box)), score: $0[1].number)
        })
    }
  }

  @Test func agreesWithTheWrittenDefinitionOfTheDOTAKit() throws {
    for stored in try StoredFixture.load("dota-ap.json", as: [DOTACase].self) {
      var settings = BoxResultEvaluation.Settings()
      for (style, expected) in [(AveragePrecisionStyle.elevenPoint, stored.voc07), (.allPoint, stored.allPoint)] {
        settings.style = style
        let evaluation = BoxResultEvaluation(try stored.set(), settings: settings)
        #expect(abs(try #require(evaluation.meanAveragePrecision) - expected) < 1e-12)
      }
    }
  }

  // MARK: Rules

  private func box(_ x: Double, _ y: Double, _ w: Double = 10, _ h: Double = 10) -> BoxShape {
    .upright(AxisBox(left: x, top: y, width: w, height: h))
  }

  private func evaluate(
    _ truth: [AnnotatedBox], _ detections: [ScoredBox], regions: [IgnoreRegion] = [],
    _ style: AveragePrecisionStyle = .allPoint, classes: [String] = ["a"]
  ) -> BoxResultEvaluation {
    var settings = style == .hundredOnePoint ? BoxResultEvaluation.Settings.coco : BoxResultEvaluation.Settings()
    settings.style = style
    return BoxResultEvaluation(
      BoxSet(classes: classes, imageCount: 2, truth: truth, detections: detections, ignoreRegions: regions),
      settings: settings)
  }

  @Test(arguments: AveragePrecisionStyle.allCases)
  func difficultTruthNeitherHelpsNorHarms(style: AveragePrecisionStyle) throws {
    let truth = [
      AnnotatedBox(image: 0, classIndex: 0, shape: box(0, 0)),
      AnnotatedBox(image: 0, classIndex: 0, shape: box(50, 50), isDifficult: true),
    ]
    let found = ScoredBox(image: 0, classIndex: 0, shape: box(0, 0), score: 0.5)
    let onDifficult = ScoredBox(image: 0, classIndex: 0, shape: box(50, 50), score: 0.9)
    for detections in [[found], [onDifficult, found], [onDifficult, onDifficult, found]] {
      let value = try #require(evaluate(truth, detections, style).classes[0].averagePrecision)
      // COCO ignores a matched difficult box once, and the second detection is then wrong, as in pycocotools.
      if style == .hundredOnePoint, detections.count == 3 { continue }
      #expect(abs(value - 1) < 1e-12)
    }
  }

  @Test(arguments: AveragePrecisionStyle.allCases)
  func crowdsAndIgnoreRegionsExcuseWhatLiesInThem(style: AveragePrecisionStyle) throws {
    let truth = [AnnotatedBox(image: 0, classIndex: 0, shape: box(0, 0))]
    let detections =
      [ScoredBox(image: 0, classIndex: 0, shape: box(0, 0), score: 0.5)]
      + (0..<3).map { ScoredBox(image: 0, classIndex: 0, shape: box(100 + 5 * Double($0), 100), score: 0.9) }
    let plain = try #require(evaluate(truth, detections, style).classes[0].averagePrecision)
    #expect(plain < 0.5)
    let place = box(90, 90, 60, 60)
    let crowd = truth + [AnnotatedBox(image: 0, classIndex: 0, shape: place, isCrowd: true)]
    #expect(abs(try #require(evaluate(crowd, detections, style).classes[0].averagePrecision) - 1) < 1e-12)
    let region = [IgnoreRegion(image: 0, shape: place)]
    #expect(abs(try #require(evaluate(truth, detections, regions: region, style).classes[0].averagePrecision) - 1) < 1e-12)
    let elsewhere = [IgnoreRegion(image: 1, shape: place)]
    #expect(evaluate(truth, detections, regions: elsewhere, style).classes[0].averagePrecision == plain)
  }

  @Test func aSecondDetectionOfTheSameTruthIsWrong() {
    let truth = [AnnotatedBox(image: 0, classIndex: 0, shape: box(0, 0)), AnnotatedBox(image: 1, classIndex: 0, shape: box(0, 0))]
    let twice = [0.9, 0.8].map { ScoredBox(image: 0, classIndex: 0, shape: box(0, 0), score: $0) }
    let curve = evaluate(truth, twice).classes[0].curve
    #expect(curve.truePositives == [1, 1])
    #expect(curve.precisions == [1, 0.5])
    #expect(curve.recalls == [0.5, 0.5])
  }

  @Test func anOverlapOfExactlyTheThresholdIsAHitForCOCOOnly() throws {
    // Width 10 against 20: the overlap is exactly one half.
    let truth = [AnnotatedBox(image: 0, classIndex: 0, shape: box(0, 0, 20))]
    let half = [ScoredBox(image: 0, classIndex: 0, shape: box(0, 0, 10), score: 0.5)]
    #expect(evaluate(truth, half, .allPoint).classes[0].averagePrecision == 0)
    #expect(abs(try #require(evaluate(truth, half, .hundredOnePoint).coco?.averagePrecision50) - 1) < 1e-12)
  }

  @Test func classesWithoutTruthAreLeftOutOfTheMean() {
    let truth = [AnnotatedBox(image: 0, classIndex: 0, shape: box(0, 0))]
    let detections = [0, 1].map { ScoredBox(image: 0, classIndex: $0, shape: box(0, 0), score: 0.9) }
    let evaluation = evaluate(truth, detections, classes: ["a", "b"])
    #expect(evaluation.meanAveragePrecision == 1)
    #expect(evaluation.classes[1].averagePrecision == nil)
  }

  @Test func anEmptyResultScoresZero() {
    for style in AveragePrecisionStyle.allCases {
      let evaluation = evaluate([AnnotatedBox(image: 0, classIndex: 0, shape: box(0, 0))], [], style)
      #expect(evaluation.meanAveragePrecision == 0)
      #expect(evaluation.calibration == nil)
    }
  }

  @Test func angleErrorIsModuloAHalfTurnAndOnlyOfLongBoxes() throws {
    func oriented(_ w: Double, _ h: Double, _ angle: Double, x: Double) -> BoxShape {
      .oriented(OrientedBox(center: Point(x, 0), width: w, height: h, angle: angle))
    }
    let truth = [
      AnnotatedBox(image: 0, classIndex: 0, shape: oriented(40, 10, 1.56, x: 0)),
      AnnotatedBox(image: 0, classIndex: 0, shape: oriented(10, 10, 0.4, x: 100)),
    ]
    let detections = [
      ScoredBox(image: 0, classIndex: 0, shape: oriented(40, 10, 1.58 - .pi, x: 0), score: 0.9),
      ScoredBox(image: 0, classIndex: 0, shape: oriented(10, 10, 0.0, x: 100), score: 0.9),
    ]
    let angle = try #require(evaluate(truth, detections).classes[0].angle)
    #expect(angle.count == 1)
    #expect(abs(angle.mean - 0.02 * 180 / .pi) < 1e-9)
  }

  @Test func theConfusionMatrixCountsEveryBoxOnce() {
    let truth = [
      AnnotatedBox(image: 0, classIndex: 0, shape: box(0, 0)), AnnotatedBox(image: 0, classIndex: 1, shape: box(30, 0)),
      AnnotatedBox(image: 1, classIndex: 1, shape: box(0, 0)),
    ]
    let detections = [
      ScoredBox(image: 0, classIndex: 0, shape: box(0, 0), score: 0.9),
      ScoredBox(image: 0, classIndex: 0, shape: box(30, 1), score: 0.9),
      ScoredBox(image: 0, classIndex: 1, shape: box(90, 0), score: 0.9),
      ScoredBox(image: 1, classIndex: 1, shape: box(0, 0), score: 0.1),
    ]
    let confusion = evaluate(truth, detections, classes: ["a", "b"]).confusion
    #expect(confusion[0, 0] == 1)
    #expect(confusion[1, 0] == 1)
    #expect(confusion[1, 2] == 1)
    #expect(confusion[2, 1] == 1)
    #expect(confusion.entries.reduce(0) { $0 + $1.count } == 4)
  }

  @Test func theOrderOfImagesAndRowsDoesNotMatterWithoutTies() throws {
    let stored = try StoredFixture.load("dota-ap.json", as: [DOTACase].self)[0]
    var set = try stored.set()
    for index in set.detections.indices { set.detections[index].score += 1e-6 * Double(index) }
    let first = BoxResultEvaluation(set).meanAveragePrecision
    set.detections.reverse()
    set.truth.reverse()
    #expect(BoxResultEvaluation(set).meanAveragePrecision == first)
  }
}
