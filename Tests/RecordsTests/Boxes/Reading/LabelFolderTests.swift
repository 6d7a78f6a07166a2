import Foundation
import Geometry
import TestSupport
import Testing

@testable import Records

/// Folders of labels as trackers and annotation tools leave them.
@Suite struct LabelFolderTests {
  private func read(
    _ files: [String: String], _ format: BoxFormat? = nil, role: BoxTableReader.Role = .automatic,
    numbering: BoxReadingOptions.ImageOptions.Numbering = .automatic
  ) throws -> BoxTable {
    let folder = try ScratchFolder()
    for (name, text) in files { try folder.write(Array(text.utf8), to: name) }
    var options = BoxTableReader.Options(format: format, role: role, keepsCorners: true)
    options.images.size = (1000, 500)
    options.images.numbering = numbering
    return try BoxTableReader.read(path: folder.path, options: options)
  }

  /// Frames, ids and confidences by ascending frame.
  private func rows(_ table: BoxTable) -> [String] {
    table.frames.indices.sorted { (table.frames[$0], table.ids[$0]) < (table.frames[$1], table.ids[$1]) }
      .map { "\(table.frames[$0]) \(table.ids[$0]) \(table.confidence($0))" }
  }

  @Test func aSixthColumnOfWholeNumbersIsAnIdentity() throws {
    let table = try read(["clip_2.txt": "0 0.5 0.5 0.1 0.2 1\n0 0.7 0.5 0.1 0.2 2\n", "clip_10.txt": "0 0.5 0.5 0.1 0.2 1\n"])
    #expect(table.format == .yolo && rows(table) == ["1 1 1.0", "1 2 1.0", "9 1 1.0"] && table.confidences.isEmpty)
    #expect(table.warnings.contains { $0.contains("identities") } && table.warnings.contains { $0.contains("counted from 1") })
    #expect(table.axisBoxes.contains(AxisBox(left: 450, top: 200, width: 100, height: 100)))
  }

  @Test func aVideoWithOneObjectHasAnIdentityToo() throws {
    #expect(rows(try read(["a_1.txt": "0 .5 .5 .1 .2 1\n", "a_2.txt": "0 .5 .5 .1 .2 1\n"])) == ["0 1 1.0", "1 1 1.0"])
    // Two boxes of one picture are not one object, and 1.0 is how a confidence is written.
    #expect(rows(try read(["a_1.txt": "0 .5 .5 .1 .2 1\n0 .6 .5 .1 .2 1\n", "a_2.txt": "0 .5 .5 .1 .2 1\n"]))[0] == "0 -1 1.0")
    #expect(rows(try read(["a_1.txt": "0 .5 .5 .1 .2 1.0\n", "a_2.txt": "0 .5 .5 .1 .2 1.0\n"]))[0] == "0 -1 1.0")
  }

  @Test func aSixthColumnOfSharesIsAConfidence() throws {
    #expect(rows(try read(["a_1.txt": "0 .5 .5 .1 .2 0.25\n0 .5 .5 .1 .2 1\n"])) == ["0 -1 0.25", "0 -1 1.0"])
  }

  @Test func idsMayBeMissingInSomeFiles() throws {
    #expect(rows(try read(["a_1.txt": "0 .5 .5 .1 .2\n", "a_2.txt": "0 .5 .5 .1 .2 7\n"])) == ["0 -1 1.0", "1 7 1.0"])
    #expect(
      rows(try read(["a_0.txt": "0 .5 .5 .1 .2 0.5\n", "a_2.txt": "0 .5 .5 .1 .2 0.75 7\n"])) == ["0 -1 0.5", "2 7 0.75"])
  }

  @Test func orientedLabelsHaveConfidenceAndIdentity() throws {
    let row = "0 0.28 0.5 0.33 0.5 0.33 0.54 0.28 0.54"
    let table = try read(["a_1.txt": row + " 0.9 1\n", "a_2.txt": row + " 0.9\n"])
    #expect(table.format == .yoloOriented && rows(table) == ["0 1 0.9", "1 -1 0.9"])
    #expect(abs(table.orientedBoxes[0].width - 50) < 1e-9 && abs(table.orientedBoxes[0].height - 20) < 1e-9)
    #expect(rows(try read(["a_1.txt": row + " 3\n", "a_2.txt": row + "\n"])) == ["0 3 1.0", "1 -1 1.0"])
  }

  @Test func namesWithoutNumbersKeepTheirOrderAndSaySo() throws {
    let table = try read(["left.txt": "0 .5 .5 .1 .2\n", "right.txt": "0 .5 .5 .1 .2\n"])
    #expect(table.images == ["left", "right"] && table.warnings.contains { $0.contains("order of their names") })
    #expect(try read(["x1.txt": "0 .5 .5 .1 .2\n", "y1.txt": "0 .5 .5 .1 .2\n"]).images == ["x1", "y1"])
  }

  @Test func anyNumberButZeroIsDifficult() throws {
    let files = ["P1.txt": "gsd:0.1\n10 10 40 10 40 30 10 30 ship 0\n100 100 108 100 108 104 100 104 ship 2\n"]
    for role in [BoxTableReader.Role.truth, .automatic, .detections, .result] {
      let table = try read(files, role: role, numbering: .byImage)
      #expect(table.difficult == [false, true] && table.confidences.isEmpty && table.rawScores.isEmpty)
    }
    // A truth is never taken for detections.
    let error = #expect(throws: RecordsError.self) {
      try read(["P1.txt": "10 10 40 10 40 30 10 30 ship 0.7\n"], role: .truth)
    }
    #expect(error?.description.contains("column 10 (\"0.7\") is not an integer") == true)
    #expect(try read(["P1.txt": "10 10 40 10 40 30 10 30 ship 0.7\n"], role: .detections).confidences == [0.7])
  }

  @Test func readsDOTAWithCommas() throws {
    let table = try read(["P1.txt": "imagesource:a,b\n10,10,40,10,40,30,10,30,large-vehicle,0\n50,50,90,50,90,70,50,70,ship,1\n"])
    #expect(table.format == .dota && table.classes == ["large-vehicle", "ship"] && table.difficult == [false, true])
  }

  @Test func aFolderOfFilesWithoutBoxesIsNoUnknownFormat() throws {
    let table = try read(["P1.txt": "imagesource:GoogleEarth\ngsd:0.1\n", "P2.txt": ""], numbering: .byImage)
    #expect(table.isEmpty && table.images == ["P1", "P2"])
  }

  /// The corners of a rectangle of 200x100, in every order.
  @Test func cornersInCrossedOrderGiveTheirRectangle() throws {
    let corners = [Point(100, 100), Point(300, 100), Point(300, 200), Point(100, 200)]
    for order in [[0, 2, 1, 3], [0, 1, 3, 2], [2, 0, 3, 1], [1, 0, 2, 3], [0, 1, 2, 3], [3, 2, 1, 0]] {
      let c = order.map { corners[$0] }
      let box = BoxCorners(c[0], c[1], c[2], c[3]).orientedBox
      #expect(
        abs(box.area - 20_000) < 1e-6 && abs(max(box.width, box.height) - 200) < 1e-9
          && (box.center - Point(200, 150)).length < 1e-9)
    }
    let table = try BoxTableReader.read(
      bytes: Array("1,1,100,100,300,200,300,100,100,200,1,1,0\n".utf8), name: "t", options: .init(keepsCorners: true))
    #expect(table.warnings.contains { $0.contains("crossed order") } && table.corners[0].uncrossed == nil)
    // The least rectangle around a rhombus has a side along one of its sides: 50/√29 by 20/√29.
    let kite = BoxCorners(Point(0, 0), Point(10, 0), Point(5, 2), Point(5, -2))
    #expect(kite.uncrossed != nil && abs(kite.orientedBox.area - 1000.0 / 29) < 1e-9)
  }

  @Test func cornersOnOneLineAreTold() throws {
    for corners in ["100,100,100,100,100,100,100,100", "0,0,2,2,5,5,1,1", "0,0,10,0,10,0,0,0"] {
      let table = try BoxTableReader.read(bytes: Array("1,1,\(corners),1,1,0\n1,2,0,0,4,0,4,2,0,2,1,1,0\n".utf8), name: "t")
      #expect(table.warnings.contains("1 box has its corners on one line, so that it has no area"), "\(corners)")
    }
    #expect(try BoxTableReader.read(bytes: Array("1,2,0,0,4,0,4,2,0,2,1,1,0\n".utf8), name: "t").warnings.isEmpty)
  }

  private static let deepStream = "0.0 0 0.0 100.0 200.0 160.0 240.0 0.0 0.0 0.0 0.0 0.0 0.0 0.0"

  @Test func readsKITTIObjectsAsDeepStreamWritesThem() throws {
    let detections = try read([
      "00_000_000000.txt": "car \(Self.deepStream) 0.913\n", "00_000_000003.txt": "car \(Self.deepStream) 0.5\n",
    ])
    #expect(detections.format == .kittiObjects && rows(detections) == ["0 -1 0.913", "3 -1 0.5"])
    #expect(detections.axisBoxes[0] == AxisBox(left: 100, top: 200, width: 60, height: 40) && detections.spatialBoxes.isEmpty)
    let tracks = try read([
      "00_000_000000.txt": "car 1 \(Self.deepStream) 0.9\nperson 18446744073709551615 \(Self.deepStream) 0.8\n"
    ])
    #expect(rows(tracks) == ["0 -1 0.8", "0 1 0.9"])
    let withoutScore = try read(["f_0.txt": "car 1 \(Self.deepStream)\n"])
    #expect(withoutScore.ids == [1] && withoutScore.confidences.isEmpty)
    let labels = try read(["000001.txt": "Car 0.00 0 -1.57 100.0 200.0 160.0 240.0 1.5 1.6 3.9 1 2 20 -1.5\n"])
    // Names count from 0 in this format, also where no picture is called 0.
    #expect(labels.ids == [-1] && labels.spatialBoxes[0].z == 20 && labels.frames == [1] && labels.firstFrame == 0)
  }

  /// Two numbers that one Double holds.
  @Test func longIdentitiesAreToldApart() throws {
    let table = try read(["f_0.txt": "car 9007199254740993 \(Self.deepStream) 0.9\ncar 9007199254740992 \(Self.deepStream) 0.9\n"])
    #expect(table.ids == [1, 2] && table.warnings.contains { $0.contains("identities are numbered") })
  }

  @Test func readsVisDroneDetections() throws {
    let table = try read(
      ["a.txt": "10,20,30,40,1,4,0,0\n1,2,3,4,1,11,0,0\n", "b.txt": "1,2,3,4,0,0,0,0\n"], role: .truth, numbering: .byImage)
    #expect(table.format == .visDroneDetections && (0..<3).map { table.className($0) } == ["car", nil, "DontCare"])
    #expect(table.images == ["a", "b"] && table.considered == [true, false, true])
  }
}
