import Foundation
import Geometry
import Records
import Reports
import TestSupport
import Testing

@testable import BoxEvaluation

@Suite struct BoxSetBuilderTests {
  private func table(_ text: String, _ format: BoxFormat) throws -> BoxTable {
    var options = BoxTableReader.Options(format: format)
    options.role = .automatic
    return try BoxTableReader.read(bytes: Array(text.utf8), name: "text", options: options)
  }

  @Test func refusesAnImageWithMoreBoxesThanCanBeCompared() throws {
    let crowd = try table((1...10_001).map { "5,\($0),\(3 * $0),0,2,2,1,-1,-1,-1\n" }.joined(), .mot)
    let error = #expect(throws: EvaluationError.self) { try BoxSetBuilder(truth: crowd, result: crowd) }
    #expect("\(try #require(error))".contains("10001 boxes in the truth and 10001 in the result"))
    #expect(try BoxSetBuilder(truth: crowd, result: table("5,1,0,0,2,2,1,-1,-1,-1\n", .mot)).set.truth.count == 10_001)
  }

  // The counts of the README of `hit-uav`.
  @Test(
    .enabled(if: SharedData.isPresent, SharedData.message),
    arguments: [
      ("train", [8533, 5253, 3630, 102, 110], 78, 2029 - 21), ("val", [1168, 719, 554, 12, 7], 16, 290 - 3),
    ])
  func infraredDroneLabelsAreReadWithoutLoss(split: String, counts: [Int], difficult: Int, images: Int) throws {
    let options = BoxTableReader.Options(format: .hitUAV, keepsCorners: true)
    let truth = try BoxTableReader.read(path: SharedData.path("hit-uav/labels-\(split).txt.gz"), options: options)
    #expect(truth.count == counts.reduce(0, +))
    #expect(truth.images.count == images)
    for (name, count) in zip(["Person", "Car", "Bicycle", "OtherVehicle", "DontCare"], counts) {
      #expect((0..<truth.count).count { truth.className($0) == name } == count)
    }
    #expect(truth.difficult.count { $0 } == difficult)
    let built = try BoxSetBuilder(truth: truth, result: BoxTable(format: .hitUAV))
    #expect(built.set.classes == ["Person", "Car", "Bicycle", "OtherVehicle"])
    #expect(built.set.truth.count == counts[0..<4].reduce(0, +))
    #expect(built.set.ignoreRegions.count == counts[4])
    // The corners and the centre form of a row say the same within the file's rounding and the clipping at borders.
    let offsets = (0..<truth.count).map { (truth.corners[$0].orientedBox.center - truth.orientedBoxes[$0].center).length }
    #expect(offsets.allSatisfy { $0 < 0.02 })
  }

  @Test(.enabled(if: SharedData.isPresent, SharedData.message))
  func truthAgainstItselfIsPerfect() throws {
    let options = BoxTableReader.Options(format: .hitUAV)
    let truth = try BoxTableReader.read(path: SharedData.path("hit-uav/labels-val.txt.gz"), options: options)
    let evaluation = BoxResultEvaluation(try BoxSetBuilder(truth: truth, result: truth).set)
    // Equal scores: difficult boxes are ignored, all others hit.
    #expect(evaluation.classes.map(\.averagePrecision) == [1, 1, 1, 1])
    let counted = (0..<truth.count).count { !truth.difficult[$0] && truth.className($0) != "DontCare" }
    #expect(evaluation.classes.map(\.truth).reduce(0, +) == counted)
  }

  @Test func imagesAreMatchedByNameAndClassesByNameWithoutCase() throws {
    let truth = try table("a 0 0 10 0 10 10 0 10 Car 0 5 5 10 10 0\nb 0 0 10 0 10 10 0 10 Person 1 5 5 10 10 0\n", .hitUAV)
    var result = BoxTable(format: .dotaResults)
    result.images = ["c", "b", "a"]
    result.classes = ["person", "car", "tree"]
    result.frames = [2, 1, 0]
    result.ids = [-1, -1, -1]
    result.classIndices = [1, 0, 2]
    result.orientedBoxes = Array(repeating: OrientedBox(center: Point(5, 5), width: 10, height: 10, angle: 0), count: 3)
    result.confidences = [0.9, 0.8, 0.7]
    let built = try BoxSetBuilder(truth: truth, result: result)
    #expect(built.images == ["a", "b", "c"])
    #expect(built.set.detections.map(\.image) == [0, 1])
    #expect(built.set.detections.map { built.set.classes[$0.classIndex] } == ["Car", "Person"])
    #expect(built.set.truth.map(\.isDifficult) == [false, true])
    #expect(built.warnings.contains { $0.contains("\"tree\"") })
    var options = BoxSetBuilder.Options()
    options.isClassAgnostic = true
    #expect(try BoxSetBuilder(truth: truth, result: result, options: options).set.detections.count == 3)
  }

  @Test func whatDoesNotFitIsRefusedWithASentence() throws {
    let named = try table("a 0 0 10 0 10 10 0 10 Car 0 5 5 10 10 0\na 0 0 10 0 10 10 0 10 Bicycle 0 5 5 10 10 0\n", .hitUAV)
    let numbered = try table("1,1,0,0,10,10,0.5,-1,-1,-1\n", .mot)
    #expect(throws: EvaluationError.self) { try BoxSetBuilder(truth: named, result: numbered) }
    var other = named
    other.images = ["z"]
    #expect(throws: EvaluationError.self) { try BoxSetBuilder(truth: named, result: other) }
    var classless = named
    classless.classIndices = []
    classless.classes = []
    #expect(throws: EvaluationError.self) { try BoxSetBuilder(truth: named, result: classless) }
    var options = BoxSetBuilder.Options()
    options.classes = ["Ship"]
    #expect(throws: EvaluationError.self) { try BoxSetBuilder(truth: named, result: named, options: options) }
    options.classes = ["bicycle"]
    #expect(try BoxSetBuilder(truth: named, result: classless, options: options).set.detections.count == 2)
  }

  /// A format's list of classes is longer than what occurs.
  @Test func onlyClassesWithBoxesAreToldAsStrangers() throws {
    let truth = try table("1,1,0,0,10,10,1,1,1\n", .mot)
    var strangers = try table("1,1,0,0,10,10,1,1,1\n1,2,0,0,10,10,1,3,1\n", .mot)
    strangers.classes[0] = "walker"
    var result = truth
    result.classes.append("DontCare")
    #expect(try BoxSetBuilder(truth: truth, result: result).warnings.allSatisfy { !$0.contains("left out") })
    var named = truth
    named.classes = ["pedestrian"]
    named.classNumbers = []
    let several = try BoxSetBuilder(truth: named, result: strangers).warnings
    #expect(several.contains("the result's classes \"walker\" and \"car\" are none of the truth's; their boxes are left out"))
    strangers.classIndices = [2, 2]
    let one = try BoxSetBuilder(truth: named, result: strangers).warnings
    #expect(one.contains("the result's class \"car\" is none of the truth's; its boxes are left out"))
  }

  @Test func classesOfAnEmptyTruthAreThoseOfTheResult() throws {
    let result = try table("a 0 0 10 0 10 10 0 10 Car 0 5 5 10 10 0\na 0 0 10 0 10 10 0 10 Bicycle 0 5 5 10 10 0\n", .hitUAV)
    var empty = BoxTable(format: .dota)
    empty.images = ["a"]
    let built = try BoxSetBuilder(truth: empty, result: result)
    #expect(built.set.classes == ["Car", "Bicycle"] && built.set.detections.map(\.classIndex) == [0, 1])
    #expect(BoxResultEvaluation(built.set).meanAveragePrecision == nil)
  }

  @Test func classesOfATruthWithItsOwnNamesAreMatchedByNumber() throws {
    var truth = try table("1,1,0,0,10,10,1,2,1\n", .mot)
    truth.classes = ["person", "car"]
    truth.classNumbers = [1, 2]
    truth.classIndices = [1]
    truth.hasOwnClassNames = true
    let built = try BoxSetBuilder(truth: truth, result: table("1,1,0,0,10,10,0.5,2,1\n", .mot))
    #expect(built.set.detections.map { built.set.classes[$0.classIndex] } == ["car"])
  }

  /// A flag is no score: DOTA's labels as a result are as many sure boxes.
  @Test func labelsAsAResultHaveNoScores() throws {
    let folder = try ScratchFolder()
    try folder.write("10 10 40 10 40 30 10 30 ship 0\n100 100 108 100 108 104 100 104 ship 2\n", to: "P1.txt")
    let built = try BoxFiles.load(truth: folder.path, result: folder.path)
    #expect(built.set.detections.map(\.score) == [1, 1] && built.set.truth.map(\.isDifficult) == [false, true])
    #expect(
      built.warnings.contains { $0.contains("the result has no scores") } && !built.warnings.contains { $0.contains("logits") })
    #expect(BoxResultEvaluation(built.set).calibration?.expectedError == 0)
  }

  @Test func twoFilesOfOneImageEachAreOfTheSameImage() throws {
    let folder = try ScratchFolder()
    let truth = try folder.write("10,10,50,40,1,4,0,0\n100,100,20,30,1,1,1,2\n", to: "truth.txt")
    let result = try folder.write("10,10,50,40,0.9,4,-1,-1\n100,100,20,30,0.8,1,-1,-1\n", to: "result.txt")
    let built = try BoxFiles.load(truth: truth, result: result)
    #expect(built.images == ["truth"] && built.set.detections.map(\.image) == [0, 0])
    #expect(BoxResultEvaluation(built.set).meanAveragePrecision == 1)
  }

  @Test func anEmptyResultIsNoError() throws {
    let truth = try table("a 0 0 10 0 10 10 0 10 Car 0 5 5 10 10 0\n", .hitUAV)
    for empty in [BoxTable(format: .mot), BoxTable(format: .dotaResults)] {
      #expect(BoxResultEvaluation(try BoxSetBuilder(truth: truth, result: empty).set).meanAveragePrecision == 0)
    }
  }
}
