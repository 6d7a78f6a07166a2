import Foundation
import Records
import Testing

@testable import Pipeline

@Suite struct OutputPlanTests {
  private let folder: String

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("plan-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder + "/shots", withIntermediateDirectories: true)
    for name in ["in.txt", "shots/1.jpg", "shots/2.jpg", "shots/report.html"] {
      try Data("x".utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
    }
  }

  private func check(reads input: String, writes output: String, overwrites: Bool = true) throws {
    var plan = OutputPlan(overwrites: overwrites)
    plan.reads(input, as: "the input")
    plan.writes(output, as: "the result")
    try plan.check()
  }

  @Test(arguments: [
    ("in.txt", "in.txt"), ("in.txt", "shots/../in.txt"), ("shots", "shots/1.jpg"), ("shots/*.jpg", "shots/2.jpg"),
    ("shots/%d.jpg", "shots/1.jpg"), (".", "shots/2.jpg"),
  ])
  func anInputIsNeverAnOutput(input: String, output: String) {
    #expect(throws: PipelineError.self) { try check(reads: "\(folder)/\(input)", writes: "\(folder)/\(output)") }
  }

  @Test(arguments: [
    ("in.txt", "out.txt"), ("in.txt", "shots/in.txt"), ("shots", "shots/new.jpg"), ("shots", "shots/report.html"),
    ("shots/1*.jpg", "shots/2.jpg"), ("absent.txt", "out.txt"),
  ])
  func otherFilesMayBeWritten(input: String, output: String) throws {
    try check(reads: "\(folder)/\(input)", writes: "\(folder)/\(output)")
  }

  @Test func theUnfinishedNameOfAnOutputIsNoInputEither() throws {
    try Data("x".utf8).write(to: URL(fileURLWithPath: folder + "/t.part"))
    #expect(throws: PipelineError.self) { try check(reads: folder + "/t.part", writes: folder + "/t") }
  }

  @Test func aFileThatExistsIsReplacedOnlyOnRequest() throws {
    let path = folder + "/shots/report.html"
    #expect(throws: RecordsError.outputExists(path: path)) { try check(reads: folder + "/in.txt", writes: path, overwrites: false) }
    try check(reads: folder + "/in.txt", writes: path)
  }

  @Test func devicesMayBeWrittenToTwice() throws {
    var plan = OutputPlan(overwrites: false)
    plan.writes("/dev/null", as: "the stream")
    plan.writes("/dev/null", as: "the CSV")
    try plan.check()
  }

  @Test func standardOutputHoldsOneOutput() {
    var plan = OutputPlan(overwrites: false)
    plan.writes("-", as: "the stream")
    plan.writes("/dev/stdout", as: "the CSV")
    #expect(throws: PipelineError.self) { try plan.check() }
  }

  @Test(arguments: [
    ("a.mp4", "mp4"), ("b/A.MKV", "matroska"), ("x.mov", "mov"), ("a.gif", nil), ("mp4", nil), (".mp4", nil), ("a.mp4/b", nil),
  ])
  func aVideosContainerFollowsItsExtension(path: String, format: String?) {
    #expect(VideoContainer(path: path)?.format == format)
  }
}
