import Foundation
import Reports
import TestSupport
import Testing

@testable import TrackEvaluation

/// Which classes are evaluated where the options leave it open.
@Suite struct ClassAgreementTests {
  /// Ten frames of one upright rectangle in thirteen columns.
  private func rows(id: Int, number: Int, x: Int = 10, counts: Int = 1) -> String {
    (1...10).map { "\($0),\(id),\(x),10,\(x + 20),10,\(x + 20),30,\(x),30,\(counts),\(number),0\n" }.joined()
  }

  private func evaluate(
    _ files: [(truth: String, result: String)], _ change: (inout TrackEvaluationOptions) -> Void = { _ in }
  ) throws -> TrackResultEvaluation {
    let scratch = try ScratchFolder()
    for (index, file) in files.enumerated() {
      try scratch.write(file.truth, to: "truth/\(index).txt")
      try scratch.write(file.result, to: "result/\(index).txt")
    }
    var options = TrackEvaluationOptions()
    change(&options)
    return try TrackResultEvaluation.run(
      name: "r", truth: scratch.url.path + "/truth", result: scratch.url.path + "/result", options)
  }

  @Test func aClassThatOneSequenceLacksCountsThereToo() throws {
    let both = rows(id: 1, number: 0) + rows(id: 2, number: 1, x: 100)
    let evaluation = try evaluate([(truth: both, result: both), (truth: rows(id: 1, number: 0), result: both)])
    #expect(evaluation.classes == ["0", "1"])
    #expect(evaluation.combined("1").clear?.truePositives == 10 && evaluation.combined("1").clear?.falsePositives == 10)
    #expect(evaluation.warnings.isEmpty)
  }

  @Test func classesOfTheResultAloneAreLeftOutAndTold() throws {
    let evaluation = try evaluate([(truth: rows(id: 1, number: 0), result: rows(id: 1, number: 0) + rows(id: 2, number: 4, x: 100))]
    )
    #expect(evaluation.classes == ["0"] && evaluation.combined("0").clear?.falsePositives == 0)
    #expect(evaluation.warnings.contains { $0.contains("the result's classes 4") && $0.contains("left out") })
  }

  @Test func classesWithoutACommonNameAreOneAndTold() throws {
    let foreign = try evaluate([(truth: rows(id: 1, number: 0), result: rows(id: 1, number: 3))])
    #expect(foreign.classes == [nil] && foreign.combined(nil).value(of: "HOTA") == 1)
    #expect(foreign.warnings.contains { $0.contains("truth (0) and result (3) have no class in common") })
    let without = try evaluate([(truth: rows(id: 1, number: 0), result: rows(id: 1, number: -1))])
    #expect(without.classes == [nil] && without.warnings.contains { $0.contains("the result has no classes") })
  }

  @Test func aResultWithoutClassesCountsForTheClassThatIsNamed() throws {
    let evaluation = try evaluate([(truth: rows(id: 1, number: 0), result: rows(id: 1, number: -1))]) { $0.classes = ["0"] }
    #expect(evaluation.combined("0").value(of: "HOTA") == 1)
    #expect(evaluation.sequences[0].warnings.contains { $0.contains("all its boxes count as 0") })
  }

  @Test func aResultWithoutAnyClassThatCountsIsTold() throws {
    let kitti = (0..<9).map { "\($0) 1 Car 0 0 0 10 10 60 60 1 1 1 0 0 0 0\n" }.joined()
    let mot = (1...9).map { "\($0),1,10,10,50,50,0.9,2,-1,-1\n" }.joined()
    let evaluation = try evaluate([(truth: kitti, result: mot)])
    #expect(evaluation.combined("car").value(of: "HOTA") == 0)
    #expect(evaluation.sequences[0].warnings.contains { $0.contains("no box of car or pedestrian, only of person_on_vehicle") })
  }

  @Test func aClassOfRegionsThatIsNowhereIsTold() throws {
    let truth = rows(id: 1, number: 0) + rows(id: 2, number: 5, x: 200, counts: 0)
    let result = rows(id: 1, number: 0) + rows(id: 2, number: 0, x: 202)
    let known = try evaluate([(truth: truth, result: result)]) { $0.regionClasses = ["5"] }
    #expect(known.warnings.isEmpty && known.combined("0").clear?.falsePositives == 0)
    let unknown = try evaluate([(truth: truth, result: result)]) { $0.regionClasses = ["6"] }
    #expect(unknown.warnings.contains { $0.contains("the class 6, one of the classes that only mark regions") })
  }

  /// A stream whose object lies beside a region that a second result box lies in.
  private func stream(regionName: String) -> String {
    let box = { (x: Int) in "{\"cx\":\(x),\"cy\":20,\"w\":20,\"h\":10,\"angle\":0}" }
    let track = { (id: Int, name: String, x: Int) in
      "{\"id\":\(id),\"class\":\"\(name)\",\"state\":\"confirmed\",\"score\":1,\"box\":\(box(x)),\"observed\":true}"
    }
    let header = "{\"record\":\"header\",\"schema\":\"sextant/1\",\"classes\":[\"person\",\"\(regionName)\"]}\n"
    let frames = (0..<10).map { frame in
      "{\"record\":\"frame\",\"frame\":\(frame),\"time\":\(frame),\"tracks\":[\(track(1, "person", 50)),\(track(2, regionName, 200))]}\n"
    }
    return header + frames.joined() + "{\"record\":\"end\",\"frames\":10,\"dropped\":0,\"tracks\":2,\"status\":\"complete\"}\n"
  }

  @Test(arguments: ["DontCare", "dont_care", "Don't care"])
  func aClassCalledDontCareIsARegionAndTheProtocolSaysSo(regionName: String) throws {
    let scratch = try ScratchFolder()
    let truth = try scratch.write(stream(regionName: regionName), to: "truth.ndjson")
    let result = try scratch.write(stream(regionName: "person"), to: "result.ndjson")
    let evaluation = try TrackResultEvaluation.run(name: "r", truth: truth, result: result, TrackEvaluationOptions())
    #expect(evaluation.classes == ["person"])
    #expect(evaluation.combined("person").clear?.truePositives == 10 && evaluation.combined("person").clear?.falsePositives == 0)
    let regions = evaluation.statements(metrics: [.hota]).first { $0.name == "regions" }
    #expect(regions?.text.hasPrefix(regionName.lowercased() + ": ") == true)
  }

  @Test func aTruthWithoutClassesIsNotAskedForOne() throws {
    let mot = (1...10).map { "\($0),1,10,10,20,20,1,-1,-1,-1\n" }.joined()
    #expect(throws: EvaluationError.self) { try evaluate([(truth: mot, result: mot)]) { $0.classes = ["car"] } }
    #expect(try evaluate([(truth: mot, result: mot)]) { $0.classes = ["pedestrian"] }.classes == ["pedestrian"])
    let classed = (1...10).map { "\($0),1,10,10,20,20,1,1,1\n" }.joined()
    #expect(throws: EvaluationError.self) { try evaluate([(truth: classed, result: mot)]) { $0.classes = ["car"] } }
  }
}
