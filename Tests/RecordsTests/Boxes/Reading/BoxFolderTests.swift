import Geometry
import TestSupport
import Testing

@testable import Records

@Suite struct BoxFolderTests {
  @Test func readsDOTALabels() throws {
    let folder = try ScratchFolder()
    try folder.write(
      "imagesource:GoogleEarth\ngsd:0.146\n0 0 10 0 10 4 0 4 large-vehicle 1\n5 5 7 5 7 9 5 9 ship 0\n", to: "P0002.txt")
    try folder.write("", to: "P0001.txt")
    let table = try BoxTableReader.read(path: folder.path)
    #expect(table.format == .dota)
    #expect(table.images == ["P0001", "P0002"] && table.frameCount == 2)
    #expect(table.frames == [1, 1])
    #expect(table.classes == ["large-vehicle", "ship"])
    #expect(table.difficult == [true, false])
    #expect(table.orientedBoxes[0] == OrientedBox(center: Point(5, 2), width: 10, height: 4, angle: 0))
  }

  @Test func readsAFolderOfDetectionsPerFrame() throws {
    let folder = try ScratchFolder()
    try folder.write("0 0 10 0 10 4 0 4 ship 0.75\n", to: "frame_000001.txt")
    try folder.write("0 0 10 0 10 4 0 4 ship 0.5\n", to: "frame_000004.txt")
    var options = BoxTableReader.Options()
    options.images.numbering = .byNumber
    let table = try BoxTableReader.read(path: folder.path, options: options)
    #expect(table.frames == [0, 3])
    #expect(table.confidences == [0.75, 0.5])
    try folder.write("", to: "frame_0.txt")
    #expect(try BoxTableReader.read(path: folder.path, options: options).frames == [1, 4])
    try folder.write("", to: "frame_last.txt")
    #expect(throws: RecordsError.self) { try BoxTableReader.read(path: folder.path, options: options) }
  }

  /// DOTA's own labels, whose tenth column says "difficult", are sure detections and not impossible ones.
  @Test func labelsAsDetectionsKeepTheirFlag() throws {
    let folder = try ScratchFolder()
    try folder.write("0 0 10 0 10 4 0 4 ship 0\n", to: "000001.txt")
    try folder.write("0 0 10 0 10 4 0 4 ship 1\n", to: "000002.txt")
    let table = try BoxTableReader.read(path: folder.path, options: BoxTableReader.Options(role: .detections))
    #expect(table.confidence(0) == 1 && table.confidence(1) == 1)
    #expect(table.difficult == [false, true])
  }

  @Test func readsDOTAResults() throws {
    let folder = try ScratchFolder()
    try folder.write("P0001 0.9 0 0 10 0 10 4 0 4\nP0003 0.8 0 0 10 0 10 4 0 4\n", to: "Task1_ship.txt")
    try folder.write("P0003 0.7 0 0 10 0 10 4 0 4\n", to: "Task1_plane.txt")
    var options = BoxTableReader.Options()
    options.images.names = ["P0001", "P0002", "P0003"]
    let table = try BoxTableReader.read(path: folder.path, options: options)
    #expect(table.format == .dotaResults)
    #expect(table.classes == ["plane", "ship"])
    #expect(table.frames == [2, 0, 2])
    #expect(table.classIndices == [0, 1, 1])
    options.images.names = ["P0001"]
    let error = #expect(throws: RecordsError.self) { try BoxTableReader.read(path: folder.path, options: options) }
    #expect(error?.description.contains("Task1_plane.txt, line 1: image \"P0003\"") == true)
  }

  @Test func readsYOLOWithTheImagesSize() throws {
    let folder = try ScratchFolder()
    try folder.write("2 0.5 0.5 0.25 0.5\n0 0.1 0.1 0.2 0.2\n", to: "a.txt")
    #expect(throws: RecordsError.self) { try BoxTableReader.read(path: folder.path) }
    var options = BoxTableReader.Options(classNames: [2: "dog"])
    options.images.size = (640, 480)
    let table = try BoxTableReader.read(path: folder.path, options: options)
    #expect(table.axisBoxes[0] == AxisBox(left: 240, top: 120, width: 160, height: 240))
    #expect(table.classes == ["0", "dog"] && table.classNumbers == [0, 2])
    #expect(table.classIndices == [1, 0])
  }

  @Test func readsOrientedYOLO() throws {
    let folder = try ScratchFolder()
    try folder.write("1 0.25 0.25 0.75 0.25 0.75 0.5 0.25 0.5\n", to: "a.txt")
    var options = BoxTableReader.Options(format: .yoloOriented)
    options.images.sizes = ["a": (100, 200)]
    let table = try BoxTableReader.read(path: folder.path, options: options)
    #expect(table.orientedBoxes == [OrientedBox(center: Point(50, 75), width: 50, height: 50, angle: 0)])
  }
}
