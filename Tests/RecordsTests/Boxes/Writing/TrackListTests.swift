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
    #expect(text.contains("rotation=\"180.5\"") && !text.contains("original_size"))
    let sized = try #require(try BoxTableWriter.text(table(), as: .cvat, options: .init(imageSize: (200, 100))))
    #expect(
      String(decoding: sized, as: UTF8.self).contains("<original_size><width>200</width><height>100</height></original_size>"))
  }

  /// CVAT's rotations are folded: 330° is −30°, and 200° the same rectangle as 20°. Key frames 0 and 4 of a track leave three frames between.
  @Test func cvatRotationsAreFoldedAndGapsAreTold() throws {
    let text = """
      <annotations><track id="1" label="a"><box frame="0" outside="0" xtl="1" ytl="1" xbr="9" ybr="5" rotation="330"/>\
      <box frame="4" outside="0" xtl="1" ytl="1" xbr="9" ybr="5" rotation="200"/></track>\
      <track id="2" label="a"><box frame="0" outside="0" xtl="1" ytl="1" xbr="9" ybr="5"/><box frame="1" outside="1" xtl="1" ytl="1" xbr="9" ybr="5"/>\
      <box frame="7" outside="0" xtl="1" ytl="1" xbr="9" ybr="5"/></track></annotations>
      """
    let table = try BoxTableReader.read(bytes: Array(text.utf8), name: "t.xml")
    let degrees = table.orientedBoxes.map { $0.angle * 180 / .pi }
    #expect(zip(degrees, [-30.0, 20, 0, 0]).allSatisfy { abs($0 - $1) < 1e-9 }, "\(degrees)")
    #expect(table.leftOut.contains { $0.hasPrefix("3 frames between key frames") }, "\(table.leftOut)")
  }

  /// Ours as FiftyOne's reader ETA takes them, by its own classes' names and keys: shares of the picture, hulls, frames from 1.
  @Test func fiftyOneHasHullsAndTheTurnBesideThem() throws {
    let options = BoxTableWriter.Options(frameRate: 25, imageSize: (200, 100))
    let bytes = try #require(try BoxTableWriter.text(table(), as: .fiftyOne, options: options))
    let root = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: [String: [String: Any]]])
    let frames = try #require(root["frames"])
    #expect(Set(frames.keys) == ["1", "2", "5"])
    let object = try #require((frames["1"]?["objects"] as? [String: [[String: Any]]])?["objects"]?.first)
    let corner = try #require((object["bounding_box"] as? [String: [String: Double]])?["top_left"])
    // The hull of 40 × 20 turned by 10° about (100, 50).
    let turn = 10 * Double.pi / 180
    #expect(abs((corner["x"] ?? 0) - (100 - 20 * cos(turn) - 10 * sin(turn)) / 200) < 1e-12)
    #expect(abs((corner["y"] ?? 0) - (50 - 20 * sin(turn) - 10 * cos(turn)) / 100) < 1e-12)
    #expect(object["index"] as? Int == 3 && object["frame_number"] as? Int == 1)
    #expect(throws: RecordsError.self) { try BoxTableWriter.text(table(), as: .fiftyOne) }
    var reading = BoxTableReader.Options()
    #expect(throws: RecordsError.self) { try BoxTableReader.read(bytes: bytes, name: "f.json", options: reading) }
    reading.images.size = (200, 100)
    let again = try BoxTableReader.read(bytes: bytes, name: "f.json", options: reading)
    #expect(again.format == .fiftyOne && again.frames == [0, 1, 4] && again.ids == [3, 3, 3])
  }

  @Test(arguments: [
    #"{"frames":{"0":{"objects":{"objects":[]}}}}"#, #"{"frames":{"a":{}}}"#,
    #"{"frames":{"1":{"objects":{"objects":[{"bounding_box":{"top_left":{"x":0.5,"y":0}}}]}}}}"#,
    #"{"frames":{"1":{"objects":{"objects":[{"bounding_box":{"top_left":{"x":0.5,"y":0},"bottom_right":{"x":0.4,"y":1}}}]}}}}"#,
  ]) func videoLabelsThatLackNumbersAreRefused(_ text: String) {
    var reading = BoxTableReader.Options()
    reading.images.size = (200, 100)
    #expect(throws: RecordsError.self) { try BoxTableReader.read(bytes: Array(text.utf8), name: "f.json", options: reading) }
  }

  /// CocoVID: images count frames from 0 in one video, objects have instances, turned boxes their corners.
  @Test func cocoVIDTellsFramesAndInstances() throws {
    let bytes = try #require(try BoxTableWriter.text(table(), as: .cocoVID))
    let root = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: [[String: Any]]])
    #expect(root["videos"]?.count == 1 && root["images"]?.map { $0["frame_id"] as? Int } == [0, 1, 2, 3, 4, 5])
    #expect(root["annotations"]?.map { $0["instance_id"] as? Int } == [3, 3, 3])
    #expect(((root["annotations"]?[0]["segmentation"] as? [[Double]])?.first?.count) == 8)
    let again = try BoxTableReader.read(bytes: bytes, name: "v.json")
    #expect(again.frames == [0, 1, 4] && again.ids == [3, 3, 3] && again.frameCount == 6)
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
