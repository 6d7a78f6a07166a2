import Geometry
import Imaging
import Records
import Testing

@testable import Detection

@Suite("Detections from a file")
struct FileDetectorTests {
  static func input(_ ordinal: Int) -> DetectionInput {
    DetectionInput(
      image: Image(width: 1, height: 1, channels: 1), displayWidth: 1, displayHeight: 1, motion: .still, time: 0, ordinal: ordinal)
  }

  @Test("a frame has the rows that name it, whatever order they stand in and however often it is asked for")
  func rows() {
    var table = BoxTable(format: .motOriented)
    table.frames = [4, 0, 4]
    table.ids = [-1, -1, -1]
    table.orientedBoxes = [1, 2, 3].map { OrientedBox(center: Point($0, 0), width: 4, height: 2, angle: 0.1) }
    table.classes = ["car"]
    var detector = FileDetector(table: table)
    #expect(detector.classes == ["car"])
    for _ in 0..<2 {
      #expect(detector.detect(Self.input(4)).map(\.box.mean.x) == [1, 3])
      #expect(detector.detect(Self.input(0)).map(\.box.mean.x) == [2])
      #expect(detector.detect(Self.input(1)).isEmpty)
      #expect(detector.detect(Self.input(99)).isEmpty)
    }
  }

  @Test("a file without classes has the one that every object is of")
  func classes() {
    #expect(FileDetector(table: BoxTable(format: .motOriented)).classes == ["object"])
  }
}
