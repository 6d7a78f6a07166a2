import Geometry
import Testing

@testable import Records

@Suite struct TrackTextWriterTests {
  private static let track = TrackRecord(
    id: 3, classIndex: 1, score: 0.91239, existence: 0.5,
    box: OrientedBox(center: Point(100.5, 50), width: 20, height: 10, angle: 0), angleDeviation: 0.03,
    velocity: Point(12.125, -3.4), imageVelocity: Point(2.125, -3.4), course: -0.2734, courseDeviation: 0.05, heading: -0.2741,
    speed: 12.57, detectionIndex: 4)

  private func text(_ format: TrackTextWriter.Format, classes: [String] = ["car", "large, \"red\" van"]) -> String {
    var text = TextBuffer()
    let writer = TrackTextWriter(format: format, classes: classes, video: "a, b.mp4")
    writer.appendHeader(to: &text)
    let view = StabilizedPlane.View(origin: 5, map: .translation(Point(10, -20.5)))
    writer.append(frame: 11, time: 0.366667, tracks: [Self.track], view: view, to: &text)
    return text.string
  }

  @Test func writesEachFormat() {
    #expect(text(.mot) == "12,3,90.5,45.0,20.0,10.0,0.9124,101,-1,-1\n")
    #expect(text(.mot, classes: ["object"]) == "12,3,90.5,45.0,20.0,10.0,0.9124,-1,-1,-1\n")
    #expect(text(.motOriented) == "12,3,90.5,45.0,110.5,45.0,110.5,55.0,90.5,55.0,0.9124,1,0\n")
  }

  @Test func writesTheBoxInSpaceForKITTI() throws {
    #expect(
      text(.kitti, classes: ["a", "big car"])
        == "11 3 big_car -1 -1 -10.0 90.5 45.0 110.5 55.0 -1.0 -1.0 -1.0 -1000.0 -1000.0 -1000.0 -10.0 0.9124\n")
    var track = Self.track
    let box = SpatialBox(height: 1.5, width: 1.6, length: 4.2, x: -3.5, y: 1.75, z: 20, rotationY: 0.5, alpha: 0.67)
    track.world = WorldRecord(box: box)
    var buffer = TextBuffer()
    TrackTextWriter(format: .kitti, classes: ["x", "Car"]).append(frame: 0, time: 0, tracks: [track], to: &buffer)
    let table = try BoxTableReader.read(bytes: Array(buffer.string.utf8), name: "t")
    #expect(table.format == .kitti && table.spatialBoxes == [box] && table.ids == [3] && table.className(0) == "Car")
  }

  /// MOTChallenge numbers pedestrians 1 and cars 3; it has no number for a drone.
  @Test func givesClassesTheNumbersOfMOTChallenge() {
    func number(_ classes: [String], _ index: Int) -> Substring {
      var track = Self.track
      track.classIndex = index
      var text = TextBuffer()
      TrackTextWriter(format: .mot, classes: classes).append(frame: 0, time: 0, tracks: [track], to: &text)
      return text.string.split(separator: ",")[7]
    }
    #expect(number(["Pedestrian", "Car", "Cyclist"], 1) == "3")
    #expect(number(["Pedestrian", "Car", "Cyclist"], 2) == "101")
    #expect(number(["car", "person"], 1) == "1")
    #expect(number(["car"], 0) == "3" && number(["drone"], 0) == "-1")
  }

  @Test func itsClassesAreReadBackAsWhatTheyWere() throws {
    var text = TextBuffer()
    let writer = TrackTextWriter(format: .mot, classes: ["person", "car", "drone"])
    for index in 0..<3 {
      var track = Self.track
      (track.id, track.classIndex) = (index + 1, index)
      writer.append(frame: 0, time: 0, tracks: [track], to: &text)
    }
    let table = try BoxTableReader.read(bytes: Array(text.string.utf8), name: "t")
    #expect((0..<3).map { table.className($0) } == ["pedestrian", "car", "101"])
  }

  @Test func csvNamesColumnsAndUnitsAndQuotes() {
    let lines = text(.csv).split(separator: "\n")
    #expect(lines[0].hasPrefix("frame,time_s,id,class,state,score,existence,cx_px,cy_px,w_px,h_px,angle_rad,"))
    #expect(
      lines[1]
        == "11,0.366667,3,\"large, \"\"red\"\" van\",confirmed,0.9124,0.5,100.5,50.0,20.0,10.0,0.0,0.03,12.12,-3.4,-0.2741,,,12.57,observed,4,-0.2734,0.05,2.12,-3.4,110.5,29.5,5,,,,,,,,,,,,\"a, b.mp4\""
    )
    let columns = lines[0].split(separator: ",").count
    // Two commas of the row stand inside quotes.
    #expect(lines[1].split(separator: ",", omittingEmptySubsequences: false).count == columns + 2)
  }

  @Test(arguments: [TrackTextWriter.Format.mot, .motOriented])
  func readsBack(format: TrackTextWriter.Format) throws {
    let name = try #require(BoxFormat(rawValue: format.rawValue))
    let table = try BoxTableReader.read(bytes: Array(text(format).utf8), name: "t", options: .init(format: name))
    #expect(table.frames == [11] && table.ids == [3] && table.confidences == [0.9124])
    #expect(table.orientedBox(0).iou(with: Self.track.box) > 1 - 1e-9)
  }
}
