import Geometry
import Testing

@testable import Records

@Suite struct TrackCSVTableTests {
  private func read(_ text: String, role: BoxTableReader.Role = .automatic) throws -> BoxTable {
    try BoxTableReader.read(bytes: Array(text.utf8), name: "t.csv", options: .init(role: role))
  }

  private func reason(_ text: String) -> String {
    do {
      _ = try read(text)
      return "nothing was refused"
    } catch {
      return "\(error)"
    }
  }

  /// What `track --csv` writes can be read again, quotes, missing angles and rows that come later included.
  @Test func readsWhatTheWriterWrites() throws {
    let writer = TrackTextWriter(format: .csv, classes: ["big, \"red\" car", "person"])
    var text = TextBuffer()
    writer.appendHeader(to: &text)
    let car = TrackRecord(
      id: 3, classIndex: 0, score: 0.875, box: OrientedBox(center: Point(10.5, 20.25), width: 8, height: 4, angle: -0.25))
    var square = TrackRecord(
      id: 4, classIndex: 1, score: 0.5, box: OrientedBox(center: Point(50, 60), width: 5, height: 5, angle: 0))
    square.isAngleDefined = false
    square.observation = .predicted
    writer.append(frame: 7, time: 0.7, tracks: [car, square], to: &text)
    var later = car
    later.box.center.x = 11
    writer.append(frame: 7, time: 0.7, tracks: [later], to: &text)
    let written = text.withBytes { Array($0) }
    let table = try BoxTableReader.read(bytes: written, name: "t.csv")
    #expect(table.format == .csv && table.frames == [7, 7] && table.ids == [3, 4])
    #expect(table.classes == ["big, \"red\" car", "person"] && table.classIndices == [0, 1])
    #expect(table.confidences == [0.875, 0.5])
    #expect(table.orientedBoxes[0] == OrientedBox(center: Point(11, 20.25), width: 8, height: 4, angle: -0.25))
    #expect(table.orientedBoxes[1].angle == 0)
    #expect(try BoxTableReader.read(bytes: written, name: "t.csv", options: .init(role: .detections)).ids == [3])
  }

  @Test func needsOnlyTheColumnsOfABox() throws {
    let table = try read("w_px,h_px,frame,other,id,cx_px,cy_px\r\n8,4,0,x,1,10,20\r\n\r\n8,4,2,,-1,11,20\r\n")
    #expect(table.frames == [0, 2] && table.ids == [1, -1] && table.classes.isEmpty && table.confidences.isEmpty)
    #expect(table.orientedBoxes[1].center == Point(11, 20))
    #expect(try read("frame,id,cx_px,cy_px,w_px,h_px\n").isEmpty)
  }

  @Test func namesLineAndColumnOfWhatIsWrong() {
    let header = "frame,id,class,score,cx_px,cy_px,w_px,h_px,angle_rad\n"
    #expect(reason(header + "0,1,a,0.5,1,2,3,4,0\n0,2,a,0.5,x,2,3,4,0\n").contains("line 3: column cx_px (\"x\") is not a number"))
    #expect(reason(header + "0,1,a,0.5,1,2,3\n").contains("line 2: 7 columns, expected 9"))
    #expect(reason(header + "0,1,a,nan,1,2,3,4,0\n").contains("column score (\"nan\") is not a number"))
    #expect(reason(header + "0,1,a,0.5,1,2,-3,4,0\n").contains("column w_px (\"-3\") is a negative size"))
    #expect(reason(header + "-1,1,a,0.5,1,2,3,4,0\n").contains("column frame"))
    #expect(reason(header + "0.5,1,a,0.5,1,2,3,4,0\n").contains("column frame"))
    #expect(reason(header + "0,-7,a,0.5,1,2,3,4,0\n").contains("column id"))
    let many = reason(header + String(repeating: "0,1\n", count: 14))
    #expect(many.contains("14 bad lines: line 2: 2 columns, expected 9 as in the first line (the same in 13 more lines)"))
  }

  @Test func anotherTableIsNoTrackFile() {
    #expect(reason("name,score\na,1\n").contains("cannot tell the format"))
    let options = BoxTableReader.Options(format: .csv)
    #expect(throws: RecordsError.self) {
      try BoxTableReader.read(bytes: Array("frame,id\n0,1\n".utf8), name: "t.csv", options: options)
    }
  }
}
