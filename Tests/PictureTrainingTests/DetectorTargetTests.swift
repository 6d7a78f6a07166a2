import Geometry
import ModelFiles
import NetworkDetection
import NetworkGraph
import TestSupport
import Testing

@testable import PictureTraining

@Suite("Targets are what the reader of outputs reads")
struct DetectorTargetTests {
  /// Boxes become maps, and the maps, read as a network's output, the same boxes.
  @Test func boxesComeBack() throws {
    var random = TestRandom(seed: 11)
    var labels: [LabelledBox] = []
    while labels.count < 9 {
      let box = OrientedBox(
        center: Point(random.uniform(20, 236), random.uniform(20, 236)), width: random.uniform(8, 50),
        height: random.uniform(5, 30),
        angle: random.uniform(-1.5, 1.5))
      if labels.allSatisfy({ ($0.box.center - box.center).length > 40 }) {
        labels.append(LabelledBox(box: box, classIndex: labels.count % 3))
      }
    }
    let targets = DetectorTargets(labels, side: 256, classes: 3)
    let spreads = [Float](repeating: -2, count: 5 * 64 * 64)
    let output = try Tensor(shape: [1, 13, 64, 64], targets.centres + targets.boxes + spreads)
    let found = try OutputReader(.gaussian(classes: 3), width: 256, height: 256).boxes(output, minimumScore: 0.5)
    #expect(found.count == labels.count)
    for label in labels {
      let near = try #require(found.min { ($0.box.center - label.box.center).length < ($1.box.center - label.box.center).length })
      #expect(near.classIndex == label.classIndex)
      #expect(near.box.iou(with: label.box) > 0.999)
      // exp(−2) cells² of 4 pixels each.
      #expect(abs((near.centerCovariance?.xx ?? 0) - 16 * 0.1353353) < 1e-4)
    }
    for weight in [targets.weights.reduce(0, +)] { #expect(abs(weight - 9) < 1e-4) }
    // Each object is told with the cell of its centre.
    #expect(targets.objects.count == 9)
    for (object, label) in zip(targets.objects, labels) {
      #expect(object.cell % 64 == Int(label.box.center.x / 4) && object.cell / 64 == Int(label.box.center.y / 4))
      #expect(object.weight == 1)
    }
  }

  /// A cell tells of one object, and what is no object has no cell.
  @Test func objectsThatAreNoneHaveNoCell() {
    func label(_ x: Double, ignored: Bool = false, weight: Double = 1) -> LabelledBox {
      LabelledBox(
        box: OrientedBox(center: Point(x, 30), width: 12, height: 8, angle: 0), classIndex: 0, isIgnored: ignored, weight: weight)
    }
    let labels = [label(5), label(6), label(-4), label(40, ignored: true), label(50, weight: 0.5)]
    let targets = DetectorTargets(labels, side: 64, classes: 1)
    #expect(targets.objects.map(\.cell) == [7 * 16 + 1, 7 * 16 + 12] && targets.objects.map(\.weight) == [1, 0.5])
  }

  @Test func whatIsUnknownCostsNothing() {
    let label = LabelledBox(
      box: OrientedBox(center: Point(32, 32), width: 24, height: 24, angle: 0), classIndex: 0, isIgnored: true)
    let targets = DetectorTargets([label], side: 64, classes: 2)
    for kind in 0..<2 {
      for place in 0..<256 {
        let (x, y) = (place % 16, place / 16)
        let isInside = (5...10).contains(x) && (5...10).contains(y)
        #expect(targets.background[kind * 256 + place] == (isInside ? 0 : 1))
      }
    }
    #expect(targets.centres.allSatisfy { $0 == 0 })
  }

  @Test func boxesOutsideOrWithoutAreaAreNoObjects() {
    let boxes = [
      OrientedBox(center: Point(-3, 20), width: 10, height: 10, angle: 0),
      OrientedBox(center: Point(20, 64), width: 10, height: 10, angle: 0),
      OrientedBox(center: Point(30, 30), width: 0, height: 10, angle: 0),
    ]
    let targets = DetectorTargets(boxes.map { LabelledBox(box: $0, classIndex: 0) }, side: 64, classes: 1)
    #expect(targets.centres.allSatisfy { $0 == 0 })
    #expect(targets.weights.allSatisfy { $0 == 0 })
  }
}
