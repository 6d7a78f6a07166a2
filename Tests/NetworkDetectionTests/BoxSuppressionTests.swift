import Geometry
import NetworkDetection
import Testing

@Suite struct BoxSuppressionTests {
  private func box(_ x: Double, _ y: Double, _ w: Double, _ h: Double, _ angle: Double = 0, score: Double = 0.5, kind: Int = 0)
    -> NetworkBox
  {
    NetworkBox(box: OrientedBox(center: Point(x, y), width: w, height: h, angle: angle), score: score, classIndex: kind)
  }

  /// Values of the published code.
  @Test func comparesBoxesAsGaussians() {
    let first = OrientedBox(center: Point(50, 50), width: 40, height: 20, angle: 0.3)
    let second = OrientedBox(center: Point(54, 48), width: 36, height: 22, angle: 0.5)
    #expect(abs(BoxSuppression.probabilisticOverlap(first, second) - 0.761029) < 1e-5)
    #expect(abs(BoxSuppression.probabilisticOverlap(first, first) - 0.999553) < 1e-5)
    let square = OrientedBox(center: .zero, width: 10, height: 10, angle: 0)
    let turned = OrientedBox(center: .zero, width: 10, height: 10, angle: .pi / 4)
    #expect(abs(BoxSuppression.probabilisticOverlap(square, turned) - 0.999553) < 1e-5)
  }

  @Test func keepsTheSurestOfOneClass() {
    let boxes = [box(0, 0, 10, 10, score: 0.6), box(1, 0, 10, 10, score: 0.9), box(1, 0, 10, 10, score: 0.7, kind: 1)]
    let kept = BoxSuppression.kept(boxes, by: .byClass, threshold: 0.5, limit: 10)
    #expect(kept == [boxes[1], boxes[2]])
    #expect(BoxSuppression.kept(boxes, by: .truncated, threshold: 0.5, limit: 10) == [boxes[1]])
  }

  /// A crossing of two bars: their upright hulls are the same, their areas share little.
  @Test func turnedBoxesAreComparedExactly() {
    let boxes = [box(0, 0, 40, 4, .pi / 4, score: 0.9), box(0, 0, 40, 4, -.pi / 4, score: 0.8)]
    #expect(BoxSuppression.kept(boxes, by: .byClass, threshold: 0.3, limit: 10).count == 2)
  }

  /// A chain in which each overlaps the next: one rule counts from what is kept, the other from all.
  @Test func theProbabilisticRuleIsNotGreedy() {
    let boxes = [box(0, 0, 10, 10, score: 0.9), box(4, 0, 10, 10, score: 0.8), box(8, 0, 10, 10, score: 0.7)]
    let threshold = 0.4
    #expect(BoxSuppression.kept(boxes, by: .byClass, threshold: threshold, limit: 10).map(\.score) == [0.9, 0.7])
    #expect(BoxSuppression.kept(boxes, by: .probabilistic, threshold: threshold, limit: 10).map(\.score) == [0.9])
  }

  @Test func equalScoresKeepTheOrderOfTheOutput() {
    let boxes = (0..<20).map { box(Double($0) * 100, 0, 10, 10) }
    #expect(BoxSuppression.kept(boxes, by: .byClass, threshold: 0.5, limit: 7) == Array(boxes[..<7]))
  }
}
