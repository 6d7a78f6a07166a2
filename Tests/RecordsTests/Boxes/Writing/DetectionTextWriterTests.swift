import Geometry
import Records
import Testing

/// Detections as text.
@Suite struct DetectionTextWriterTests {
  @Test(arguments: [
    ("a.csv", BoxFormat.csv), ("b/a.CSV", .csv), ("a.txt", .motOriented), ("a.mot.txt", .mot), ("a.kitti.txt", .kitti),
    ("a.mot-obb-angle.txt", .centerAngle), ("run.2.txt", .motOriented), ("a.csv.gz", .csv), ("a.kitti.txt.zst", .kitti),
  ])
  func theNameTellsTheFormat(name: String, format: BoxFormat) { #expect(DetectionTextWriter.format(ofName: name) == format) }

  @Test(arguments: ["", "a", "a.json", "a.coco.txt", "csv", "gz", "b.csv/a", "a.json.gz"])
  func otherNamesTellNone(name: String) { #expect(DetectionTextWriter.format(ofName: name) == nil) }

  /// A detector that tells no classes apart writes −1; the file is known again by its rows alone.
  @Test(arguments: [BoxFormat.csv, .motOriented, .centerAngle])
  func rowsWithoutAClassAreReadAsWhatTheyAre(format: BoxFormat) throws {
    let box = OrientedBox(center: Point(281.2, 96.9), width: 15.1, height: 8.35, angle: 0.97)
    let writer = DetectionTextWriter(format: format, classes: ["object"])
    var text = TextBuffer()
    writer.appendHeader(to: &text)
    writer.append(frame: 3, detections: [DetectedBox(box: GaussianBox(box), score: 0.616, classIndex: -1)], to: &text)
    let table = try BoxTableReader.read(bytes: text.bytes, name: "d", options: .init(role: .detections))
    #expect(table.format == format && table.count == 1)
    #expect(table.orientedBox(0).iou(with: box) > 0.999)
  }

  @Test func csvKeepsEveryDigitOfBoxesScoresClassesAndCovariances() throws {
    let box = OrientedBox(center: Point(10.0 / 3, 7), width: 9.1, height: 4.7, angle: 0.3)
    let covariance = SymmetricMatrix2(xx: 2.5, xy: -0.1, yy: 1.0 / 3)
    let found = [
      DetectedBox(box: GaussianBox(box), score: 0.123456789, classIndex: 1, centerCovariance: covariance),
      DetectedBox(box: GaussianBox(box), score: 1, classIndex: 0),
    ]
    let writer = DetectionTextWriter(format: .csv, classes: ["car", "bus, red"])
    var text = TextBuffer()
    writer.appendHeader(to: &text)
    writer.append(frame: 4, detections: found, to: &text)
    let table = try BoxTableReader.read(bytes: text.bytes, name: "d.csv")
    let read = table.detections(0..<2)
    #expect(table.frames == [4, 4] && table.className(0) == "bus, red" && table.className(1) == "car")
    #expect(read[0].centerCovariance == covariance && read[1].centerCovariance == nil && read[0].score == 0.123456789)
    #expect(abs(read[0].box.mean.x - 10.0 / 3) < 1e-12 && abs(read[0].box.orientedBox.angle - 0.3) < 1e-12)
  }
}
