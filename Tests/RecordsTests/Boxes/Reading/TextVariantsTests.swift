import Foundation
import Geometry
import Testing

@testable import Records

/// Rows as other programs write them: comments, other separators and line ends, and files that are no text at all.
@Suite struct TextVariantsTests {
  private func read(_ text: String, _ options: BoxTableReader.Options = .init()) throws -> BoxTable {
    try BoxTableReader.read(bytes: Array(text.utf8), name: "t.txt", options: options)
  }

  /// The same two rows in every spelling.
  @Test(arguments: [
    "1,1,10,20,30,40,1,1,1\n2,1,12,20,30,40,1,1,1\n", "1,1,10,20,30,40,1,1,1,\n2,1,12,20,30,40,1,1,1,\n",
    "1;1;10;20;30;40;1;1;1\n2;1;12;20;30;40;1;1;1\n", "1,1,10,20,30,40,1,1,1\r2,1,12,20,30,40,1,1,1\r",
    "# frame,id,left,top,w,h,conf,class,vis\n1,1,10,20,30,40,1,1,1\n# half\n2,1,12,20,30,40,1,1,1\n",
    "# one, two\n1 1 10 20 30 40 1 1 1\n2 1 12 20 30 40 1 1 1\n", "1, 1, 10, 20, 30, 40, 1, 1, 1 , \r\n2,1,12,20,30,40,1,1,1\r\n",
  ])
  func everySpellingOfTheRowsGivesTheSameBoxes(text: String) throws {
    let table = try read(text)
    #expect(table.format == .mot && table.frames == [0, 1] && table.ids == [1, 1])
    #expect(
      Array(table.axisBoxes) == [
        AxisBox(left: 10, top: 20, width: 30, height: 40), AxisBox(left: 12, top: 20, width: 30, height: 40),
      ])
  }

  @Test func aHeadingWithoutRowsIsAFileWithoutBoxes() throws {
    #expect(try read("# frame,id,left,top,w,h\n").isEmpty)
  }

  @Test func rowsOfBoxMOTHaveNoIdentity() throws {
    let table = try read("# /data/MOT17/img1\n1.000000 912.1 484.2 97.3 109.4 0.91 0.0\n")
    #expect(table.format == .boxMOT && table.ids == [-1] && table.confidences == [0.91] && table.frames == [0])
    #expect(table.axisBoxes[0] == AxisBox(left: 912.1, top: 484.2, width: 97.3, height: 109.4))
    #expect(table.warnings.contains { $0.contains("width and height") })
    let corners = try read("1 10.5 20 110.5 80 0.5 2\n2 11.5 20 111.5 80 0.5 2\n")
    #expect(corners.axisBoxes[1] == AxisBox(left: 11.5, top: 20, width: 100, height: 60))
    #expect(corners.warnings.contains { $0.contains("lower right corner") })
  }

  private static let zip: [UInt8] = Array("PK\u{3}\u{4}".utf8) + [20, 0, 0, 0]
  private static let numpy: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0]
  private static let mp4: [UInt8] = [0, 0, 0, 0x20] + Array("ftypisom".utf8)
  private static let hdf5: [UInt8] = [0x89] + Array("HDF".utf8) + [13, 10, 26, 10]
  private static let little: [UInt8] = [0xFF, 0xFE, 0x31, 0, 0x2C, 0, 0x31, 0]
  private static let big: [UInt8] = [0xFE, 0xFF, 0, 0x31, 0, 0x2C, 0, 0x31]
  private static let unmarked: [UInt8] = [0x31, 0, 0x2C, 0, 0x31, 0, 0x2C, 0]
  private static let foreign: [([UInt8], String)] = [
    (zip, "zip archive; unpack it"), (numpy, "numpy.savetxt"), (mp4, "MP4 video"), (hdf5, "HDF5"), (little, "iconv -f UTF-16"),
    (big, "iconv -f UTF-16"), (unmarked, "iconv -f UTF-16"),
  ]

  @Test(arguments: foreign)
  func namesWhatIsNoText(bytes: [UInt8], reason: String) {
    for format in [nil, BoxFormat.mot, .sextant, .coco] {
      let error = #expect(throws: RecordsError.self) {
        try BoxTableReader.read(bytes: bytes, name: "a.bin", options: .init(format: format))
      }
      #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
    }
    let error = #expect(throws: RecordsError.self) { try TrajectoryReader.read(bytes: bytes, name: "a.bin") }
    #expect(error?.description.contains(reason) == true)
  }

  @Test func readsColumnsByTheirNames() throws {
    let text =
      "x_min,y_min,x_max,y_max,class_id,confidence,tracker_id,class_name,frame_index\n"
      + "100.5,50.25,140.5,70.25,2,0.91,1,car,0\n300,80,340,110,2,0.81,,car,0\n104.5,50.25,144.5,70.25,2,0.92,1,car,7\n"
    let table = try read(text)
    #expect(table.frames == [0, 0, 7] && table.ids == [1, -1, 1] && table.classes == ["car"])
    #expect(table.confidences == [0.91, 0.81, 0.92])
    #expect(table.axisBox(0) == AxisBox(left: 100.5, top: 50.25, width: 40, height: 20))
    let semicolons = try read("track_id;frame;left;top;width;height;conf\n9;3;10;20;30;40;0.5\n")
    #expect(semicolons.frames == [3] && semicolons.ids == [9] && semicolons.axisBox(0).left == 10)
    let error = #expect(throws: RecordsError.self) { try read("x_min,y_min,x_max,y_max,confidence\n1,2,3,4,0.5\n") }
    #expect(error?.description.contains("no column of frames") == true)
  }

  /// Cells of 64 bits do not fit a table's ids: they are told apart and numbered.
  @Test func numbersIdentitiesThatAreTooLongOrNames() throws {
    let table = try read(
      "frame,track_id,x1,y1,x2,y2\n0,12884901893,0,0,1,1\n0,12884901894,2,2,3,3\n1,12884901893,0,0,1,1\n2,,0,0,1,1\n")
    #expect(table.ids == [1, 2, 1, -1] && table.warnings.contains { $0.contains("identities are numbered") })
  }

  @Test func readsVisDroneByItsColumns() throws {
    let text =
      "1,0,593,43,174,190,0,0,0,0\n1,1,100,100,40,30,1,4,0,0\n2,1,104,100,40,30,1,4,0,1\n1,3,400,300,30,30,1,11,0,0\n2,2,302,200,20,40,0,1,1,2\n"
    var options = BoxTableReader.Options()
    options.role = .truth
    let truth = try read(text, options)
    #expect(truth.format == .visDrone && truth.frames == [0, 0, 1, 0, 1] && truth.ids == [-1, 1, 1, 3, 2])
    #expect((0..<5).map { truth.className($0) } == ["DontCare", "car", "car", nil, "pedestrian"])
    #expect(truth.considered == [true, true, true, false, false] && truth.confidences.isEmpty)
    // MOT15's truth has world positions there, a result −1.
    #expect(try read("1,1,88,99,61,218,1,4.4,5.5,0\n").format == .mot)
    #expect(try read("1,1,100,100,40,30,0.9,4,-1,-1\n").format == .mot)
  }
}
