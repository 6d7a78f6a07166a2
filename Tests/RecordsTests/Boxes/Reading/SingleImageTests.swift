import Foundation
import Geometry
import TestSupport
import Testing

@testable import Records

/// One file of a folder with a file for each image.
@Suite struct SingleImageTests {
  private func read(_ text: String, _ format: BoxFormat? = nil, named name: String = "a.txt") throws -> BoxTable {
    let folder = try ScratchFolder()
    var options = BoxTableReader.Options(format: format)
    options.images.size = (1000, 500)
    return try BoxTableReader.read(path: try folder.write(text, to: name), options: options)
  }

  private static let visDrone = "684,8,273,116,0,0,0,0\n406,119,265,70,1,4,0,1\n255,22,119,128,1,11,1,2\n"

  @Test(arguments: [nil, BoxFormat.visDroneDetections])
  func visDronesBoxesAreKnownByTheirColumns(format: BoxFormat?) throws {
    let table = try read(Self.visDrone, format, named: "0000_1.txt")
    #expect(table.format == .visDroneDetections && table.images == ["0000_1"] && table.frames == [0, 0, 0])
    #expect(table.axisBox(0) == AxisBox(left: 684, top: 8, width: 273, height: 116))
    #expect((0..<3).map { table.className($0) } == ["DontCare", "car", "others"])
  }

  @Test func resultsOfVisDroneAreKnownToo() throws {
    let table = try read("684,8,273,116,0.9,4,-1,-1\n1,2,30,40,0.125,1,-1,-1\n")
    #expect(table.format == .visDroneDetections && table.confidences == [0.9, 0.125])
  }

  /// Eight columns of tracks: a width, a height, a confidence and a class stand where VisDrone has score, category and two flags.
  @Test func tracksOfEightColumnsStayTracks() throws {
    #expect(try read("1,1,684,8,273,116,1,1\n2,1,684,8,273,116,0,1\n").format == .mot)
  }

  @Test func aFileOfEachFormatOfImagesIsOneImage() throws {
    let kitti = "Car 0.00 0 -1.57 100 200 160 240 1.5 1.6 3.9 1 2 20 -1.5\n"
    let deepStream = "car 7 0.0 0 0.0 100 200 160 240 0 0 0 0 0 0 0 0.9\n"
    for text in [kitti, deepStream] {
      let table = try read(text)
      #expect(table.format == .kittiObjects && table.images == ["a"])
      #expect(table.axisBox(0) == AxisBox(left: 100, top: 200, width: 60, height: 40))
    }
    let dota = try read("imagesource:GoogleEarth\ngsd:0.1\n10 10 40 10 40 30 10 30 ship 1\n")
    #expect(dota.format == .dota && dota.images == ["a"] && dota.difficult == [true] && dota.orientedBoxes[0].area == 600)
    let yolo = try read("3 0.5 0.5 0.1 0.2\n")
    #expect(yolo.format == .yolo && yolo.axisBox(0) == AxisBox(left: 450, top: 200, width: 100, height: 100))
    let oriented = try read("3 0.25 0.5 0.5 0.5 0.5 0.75 0.25 0.75\n")
    #expect(oriented.format == .yoloOriented && oriented.orientedBoxes[0].area == 250 * 125)
    let results = try read("P1 0.5 10 10 40 10 40 30 10 30\n", .dotaResults, named: "Task1_ship.txt")
    #expect(results.classes == ["ship"] && results.images == ["P1"])
  }

  @Test func aNumberInTheNameOfTheOneFileIsNoFrame() throws {
    let folder = try ScratchFolder()
    var options = BoxTableReader.Options()
    options.images.numbering = .automatic
    let table = try BoxTableReader.read(path: try folder.write(Self.visDrone, to: "0000002_0014.txt"), options: options)
    #expect(table.frames == [0, 0, 0] && table.frameCount == 1 && !table.warnings.contains { $0.contains("names") })
  }

  @Test func anImageWithoutBoxesIsStillAnImage() throws {
    let table = try read("", .visDroneDetections)
    #expect(table.isEmpty && table.images == ["a"] && table.frameCount == 1)
  }

  @Test func decimalCommasAreNamed() throws {
    for text in ["1;1;10,5;20;30;40;1;1;1\n", "1 1 10,5 20 30 40 1 1 1\n", "1\t1\t10,5\t20\t30\t40,25\t1\n"] {
      for format in [nil, BoxFormat.mot] {
        let error = #expect(throws: RecordsError.self) { try read(text, format) }
        #expect(error?.description.contains("decimal commas, such as \"10,5\"; write them with a point") == true)
      }
    }
    let error = #expect(throws: RecordsError.self) {
      try read("frame;id;left;top;width;height\n1;1;10,5;20;30;40\n")
    }
    #expect(error?.description.contains("(\"10,5\") is not a number; write decimals with a point") == true)
    // Commas with blanks behind them separate columns.
    #expect(try read("1, 1, 10, 20, 30, 40, 1\n").axisBox(0) == AxisBox(left: 10, top: 20, width: 30, height: 40))
  }

  @Test func sharesWithoutASizeAreRefusedAsSuch() throws {
    let folder = try ScratchFolder()
    let path = try folder.write("3 0.5 0.5 0.1 0.2\n", to: "a.txt")
    for place in [path, folder.path] {
      #expect(throws: RecordsError.unknownImageSize(path: place)) { try BoxTableReader.read(path: place) }
    }
    try folder.write("", to: "a.txt")
    #expect(try BoxTableReader.read(path: path, options: .init(format: .yolo)).isEmpty)
  }
}
