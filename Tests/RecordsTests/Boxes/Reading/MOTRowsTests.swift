import TestSupport
import Testing

@testable import Records

@Suite struct MOTRowsTests {
  private func read(_ text: String, _ options: BoxTableReader.Options = .init()) throws -> BoxTable {
    try BoxTableReader.read(bytes: Array(text.utf8), name: "test.txt", options: options)
  }

  @Test func readsATruthOfNineColumns() throws {
    let table = try read("1,1,912,484,97,109,0,7,1.0\n2,3,912.5,484,97,109,1,1,0.25\n")
    #expect(table.format == .mot)
    #expect(table.frames == [0, 1] && table.ids == [1, 3])
    #expect(table.axisBoxes[1].left == 912.5)
    #expect(table.considered == [false, true])
    #expect(table.visibilities == [1, 0.25])
    #expect(table.className(0) == "static_person" && table.className(1) == "pedestrian")
  }

  @Test func takesColumnSevenByItsRole() throws {
    let text = "1,1,1,2,3,4,0,-1,-1,-1\n2,1,1,2,3,4,1,-1,-1,-1\n"
    #expect(try read(text).considered == [false, true])
    #expect(try read(text, .init(role: .result)).considered.isEmpty)
    #expect(try read(text, .init(role: .result)).confidences == [0, 1])
    let scores = "1,1,1,2,3,4,0.5\n2,1,1,2,3,4,0\n"
    #expect(try read(scores).considered.isEmpty)
    #expect(try read(scores, .init(role: .truth)).considered == [true, false])
  }

  @Test func takesColumnEightOfTenAsAClassOnlyWhereItIsOne() throws {
    let classes = try read("1,1,1,2,3,4,0.5,2,-1,-1\n1,2,1,2,3,4,0.5,-1,-1,-1\n")
    #expect(classes.className(0) == "person_on_vehicle" && classes.className(1) == nil)
    #expect(classes.worldPositions.isEmpty)
    let positions = try read("1,1,1,2,3,4,1,2,5.5,0\n1,2,1,2,3,4,1,-1,-1,-1\n")
    #expect(positions.classIndices.isEmpty && positions.worldPositions.count == 2)
    #expect(try read("1,1,1,2,3,4,0.5,-1,-1,-1\n").classIndices.isEmpty)
  }

  @Test func namesClassesByNumberWhereTheyAreNotMOTChallenges() throws {
    let table = try read("1,1,1,2,3,4,0.5,80\n1,2,1,2,3,4,0.5,0\n", .init(classNames: [80: "toothbrush"]))
    #expect(table.classes == ["0", "toothbrush"] && table.classNumbers == [0, 80])
    #expect(table.classIndices == [1, 0])
  }

  @Test func takesScoresOutsideOneAsLogits() throws {
    let table = try read("1,-1,1,2,3,4,0\n1,-1,1,2,3,4,2.5\n1,-1,1,2,3,4,-1\n")
    #expect(table.rawScores == [0, 2.5, -1] && table.confidences[0] == 0.5)
    #expect(abs(table.confidences[1] - 0.924141819979) < 1e-12)
    #expect(table.warnings.count == 1)
    #expect(try read("1,-1,1,2,3,4,0.5\n", .init(scores: .logit)).confidences[0] > 0.6)
    #expect(try read("1,1,1,2,3,4,-1\n2,1,1,2,3,4,-1\n").confidences.isEmpty)
  }

  @Test func givesDetectionsThatKeepTheirPlaceAndHaveAnArea() throws {
    let table = try read("2,-1,10,20,8,4,0.5\n1,-1,1,2,0,4,0.25\n2,-1,1,2,3,4,0.75\n")
    let detections = table.detections(table.rowsByFrame().rows(of: 1))
    #expect(detections.map(\.index) == [0, 1] && detections.map(\.score) == [0.5, 0.75])
    #expect(detections[0].box.mean.x == 14 && abs(detections[0].box.covariance.xx - 64.0 / 12) < 1e-12)
    let flat = table.detections(table.rowsByFrame().rows(of: 0))
    #expect(flat[0].box.covariance.xx == 1.0 / 12 && flat[0].box.mean.x == 1)
  }

  /// What is narrower than a pixel has a shape all the same.
  @Test func narrowDetectionsStayAsNarrow() throws {
    let detections = try read("1,-1,1,2,0.5,4,0.5\n1,-1,1,2,1e-9,0.25,0.5\n").detections(0..<2)
    #expect(detections[0].box.covariance.xx == 0.25 / 12 && detections[0].box.mean.x == 1.25)
    #expect(detections[1].box.covariance.xx == 1.0 / 12 && detections[1].box.covariance.yy == 0.0625 / 12)
  }

  @Test func keepsLinesWhenAsked() throws {
    #expect(try read("1,1,1,2,3,4,1\n\n2,1,1,2,3,4,1\n", .init(keepsLines: true)).lines == [1, 3])
  }

  /// CVAT writes the names of its classes beside its truth.
  @Test func aListOfLabelsBesideATruthNamesItsClasses() throws {
    let folder = try ScratchFolder()
    let rows = "1,1,10,10,20,20,1,1,1\n1,2,40,10,20,20,1,2,1\n"
    let path = try folder.write(rows, to: "gt/gt.txt")
    #expect(try BoxTableReader.read(path: path).className(1) == "person_on_vehicle")
    try folder.write("person\ncar\r\n", to: "gt/labels.txt")
    let table = try BoxTableReader.read(path: path)
    #expect((0..<2).map { table.className($0) } == ["person", "car"] && table.classNumbers == [1, 2] && table.hasOwnClassNames)
    #expect(table.warnings.contains { $0.contains("labels.txt") })
    // Names that a user gives go before, and other files have nothing to do with the list.
    #expect(try BoxTableReader.read(path: path, options: .init(classNames: [2: "tank"])).className(1) == "tank")
    let other = try folder.write(rows, to: "gt/result.txt")
    #expect(try BoxTableReader.read(path: other).className(1) == "person_on_vehicle")
  }
}
