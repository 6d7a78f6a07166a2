import Geometry
import Imaging
import Testing

@testable import Pipeline

@Suite struct DetectionFilterTests {
  private func detection(x: Double, y: Double, score: Double = 0.9, classIndex: Int = 0, index: Int = 0) -> DetectedBox {
    DetectedBox(
      box: GaussianBox(AxisBox(left: x - 5, top: y - 5, width: 10, height: 10)), score: score, classIndex: classIndex, index: index)
  }

  @Test func keepsByClassAndByScoreAndKeepsTheSourcesIndex() {
    let filter = DetectionFilter(classIndices: [1], minimumScore: 0.5, region: nil)
    let detections = [
      detection(x: 1, y: 1, classIndex: 0, index: 0), detection(x: 1, y: 1, score: 0.4, classIndex: 1, index: 1),
      detection(x: 1, y: 1, score: 0.5, classIndex: 1, index: 2),
    ]
    #expect(filter.apply(to: detections, width: 100, height: 100).map(\.index) == [2])
  }

  @Test func aRegionOfAnySizeCoversTheWholeFrame() {
    // Two by one pixels: the left half is black, the right half white.
    let region = Image(width: 2, height: 1, channels: 1, pixels: [0, 255])
    let filter = DetectionFilter(classIndices: nil, minimumScore: 0, region: region)
    let detections = [49.9, 50.1, -20, 170].enumerated().map { detection(x: $1, y: 30, index: $0) }
    #expect(filter.apply(to: detections, width: 100, height: 60).map(\.index) == [1, 3])
  }
}
