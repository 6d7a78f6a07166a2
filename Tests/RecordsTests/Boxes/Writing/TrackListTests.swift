import Foundation
import Geometry
import TestSupport
import Testing

@testable import Records

/// What annotation programs do with a file, beyond what comes back here.
@Suite struct TrackListTests {
  /// Track 3 in frames 0, 1 and 4 of 6, turned to 179.5° and then −179.5°.
  private func table() throws -> BoxTable {
    var table = BoxTable(format: .csv)
    for (frame, degrees) in [(0, 10.0), (1, 179.5), (4, -179.5)] {
      table.frames.append(Int32(frame))
      table.ids.append(3)
      table.orientedBoxes.append(
        OrientedBox(center: Point(100 + Double(frame), 50), width: 40, height: 20, angle: degrees * .pi / 180))
      table.classIndices.append(0)
    }
    table.classes = ["a<b>&\"c\""]
    table.statedFrameCount = 6
    return table
  }

  /// CVAT goes on with a track until a box that is outside: one in frame 2 and one in frame 5.
  @Test func cvatLeavesATrackInItsGaps() throws {
    let text = String(decoding: try #require(try BoxTableWriter.text(table(), as: .cvat)), as: UTF8.self)
    let outside = text.split(separator: "\n").filter { $0.contains("outside=\"1\"") }
    #expect(outside.count == 2 && outside[0].contains("frame=\"2\"") && outside[1].contains("frame=\"5\""))
    #expect(text.contains("label=\"a&lt;b&gt;&amp;&quot;c&quot;\"") && text.contains("<size>6</size>"))
    #expect(text.contains("rotation=\"180.5\""))
  }

  /// By Label Studio's definition the corner `x`, `y` stays where it is while the box turns about it: here by a rotation matrix.
  @Test func labelStudioTurnsABoxAboutItsCorner() throws {
    let options = BoxTableWriter.Options(frameRate: 25, imageSize: (200, 100))
    let bytes = try #require(try BoxTableWriter.text(table(), as: .labelStudio, options: options))
    let tasks = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [[String: Any]])
    let result = try #require(((tasks[0]["annotations"] as? [[String: Any]])?[0]["result"] as? [[String: Any]])?[0])
    let value = try #require(result["value"] as? [String: Any])
    let keys = try #require(value["sequence"] as? [[String: Any]])
    #expect(keys.map { $0["frame"] as? Int } == [1, 2, 5] && keys.map { $0["enabled"] as? Bool } == [true, false, false])
    for (key, frame) in zip(keys, [0.0, 1, 4]) {
      func number(_ name: String) throws -> Double { try #require(key[name] as? Double) }
      let turn = try number("rotation") * .pi / 180
      let (x, y) = (try number("x") * 2, try number("y"))
      let (w, h) = (try number("width") * 2, try number("height"))
      #expect(abs(w - 40) < 1e-9 && abs(h - 20) < 1e-9)
      #expect(abs(x + w / 2 * cos(turn) - h / 2 * sin(turn) - (100 + frame)) < 1e-9)
      #expect(abs(y + w / 2 * sin(turn) + h / 2 * cos(turn) - 50) < 1e-9)
    }
    #expect(throws: RecordsError.self) { try BoxTableWriter.text(table(), as: .labelStudio) }
  }

  @Test(arguments: [
    #"[{"data":{},"annotations":[{"result":[{"type":"videorectangle","value":{"sequence":[{"frame":1,"x":1,"y":1,"width":1,"height":1}]}}]}]}]"#,
    #"[{"data":{},"annotations":[{"result":[{"type":"videorectangle","original_width":9,"original_height":9,"value":{"sequence":[{"frame":0,"x":1,"y":1,"width":1,"height":1}]}}]}]}]"#,
    #"[{"data":{},"annotations":[{"result":[{"type":"videorectangle","original_width":9,"original_height":9,"value":{"sequence":[{"frame":1,"x":"a"}]}}]}]}]"#,
  ]) func tasksThatLackNumbersAreRefused(_ text: String) {
    #expect(throws: RecordsError.self) { try BoxTableReader.read(bytes: Array(text.utf8), name: "tasks") }
  }

  /// What is not taken is said: other regions, further tasks, frames between key frames.
  @Test func whatIsLeftOutIsTold() throws {
    let region =
      #"{"id":1,"type":"videorectangle","original_width":9,"original_height":9,"value":{"sequence":[{"frame":1,"enabled":true,"x":1,"y":1,"width":9,"height":9},{"frame":5,"enabled":false,"x":1,"y":1,"width":9,"height":9}]}}"#
    let text =
      #"[{"data":{},"annotations":[{"result":[\#(region),{"type":"choices"}]}]},{"data":{},"annotations":[{"result":[]}]}]"#
    let table = try BoxTableReader.read(bytes: Array(text.utf8), name: "tasks")
    #expect(table.format == .labelStudio && table.frames == [0, 4] && table.leftOut.count == 3)
    #expect(table.leftOut.contains { $0.hasPrefix("3 frames between") })
  }
}
