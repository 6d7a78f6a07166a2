import Foundation
import Testing

/// `sextant evaluate boxes|trajectory`: what they print, their exit codes and what they say of bad input.
@Suite struct EvaluateOtherTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func evaluate(_ arguments: String...) throws -> ProgramRun { try ProgramRun(["evaluate"] + arguments) }

  // MARK: Boxes

  private let labels = "10 10 40 10 40 30 10 30 car 0\n100 100 130 100 130 120 100 120 car 1\n60 60 80 60 80 70 60 70 bus 0\n"

  @Test func boxesOfFoldersAreComparedByName() throws {
    let truth = try folder.write(labels, "labels/P1.txt")
    _ = try folder.write(
      "P1 0.9 10 10 40 10 40 30 10 30\nP1 0.8 100 100 130 100 130 120 100 120\nP1 0.3 300 300 310 300 310 310 300 310\n",
      "task/Task1_car.txt")
    let run = try evaluate(
      "boxes", "--truth", URL(fileURLWithPath: truth).deletingLastPathComponent().path, "--result", folder.file("task").path,
      "--csv")
    #expect(run.exitCode == 0, "\(run.errors)")
    // The car is found first and its second detection, too low in score, costs nothing at full recall; the bus is missed.
    #expect(run.lines.first?.hasPrefix("class,truth,results,AP50,") == true)
    #expect(run.lines.contains { $0.hasPrefix("car,1,3,1.0,") })
    #expect(run.lines.contains { $0.hasPrefix("bus,1,0,0.0,") })
    #expect(run.lines.last?.hasPrefix("mean,2,3,0.5,") == true)
  }

  @Test func thresholdsDecideTheExitCode() throws {
    let truth = try folder.write("1,1,10,10,30,20,1,1,1\n", "gt.txt")
    for (limit, code) in [("map=0.99", 0), ("map=1.01", 5), ("nonsense=1", 64), ("map", 64)] {
      let run = try evaluate("boxes", "--truth", truth, "--result", truth, "--fail-below", limit, "--quiet")
      #expect(run.exitCode == Int32(code), "\(limit): \(run.errors)")
    }
  }

  @Test func reportsAreOnePageAndNeverReplaceFilesUnasked() throws {
    let truth = try folder.write("1,1,10,10,30,20,1,1,1\n", "gt.txt")
    let page = folder.file("report.html").path
    let arguments = ["boxes", "--truth", truth, "--result", truth, "--report", page, "--quiet"]
    #expect(try ProgramRun(["evaluate"] + arguments).exitCode == 0)
    let html = try String(contentsOfFile: page, encoding: .utf8)
    #expect(html.contains("<svg") && html.contains("exact rotated IoU") && !html.contains("http://") && !html.contains("https://"))
    #expect(try ProgramRun(["evaluate"] + arguments).exitCode == 73)
    #expect(try ProgramRun(["evaluate"] + arguments + ["--overwrite"]).exitCode == 0)
  }

  @Test func badBoxesAreNamedByFileAndLine() throws {
    let truth = try folder.write("1,1,10,10,30,20,1,1,1\n", "gt.txt")
    let bad = try folder.write((0..<15).map { _ in "1,1,nan,10,30,20,1,-1,-1,-1\n" }.joined(), "bad.txt")
    let run = try evaluate("boxes", "--truth", truth, "--result", bad, "--result-format", "mot")
    #expect(run.exitCode == 65)
    #expect(run.errors.contains(bad) && run.errors.contains("line 1") && run.errors.contains("in 14 more lines"))
    let blank = try folder.write("\n", "blank.txt")
    #expect(try evaluate("boxes", "--truth", truth, "--result", blank).exitCode == 65)
    let empty = try folder.write("", "empty.txt")
    let scored = try evaluate("boxes", "--truth", truth, "--result", empty, "--csv", "--quiet")
    #expect(scored.exitCode == 0 && scored.lines.last?.hasPrefix("mean,1,0,0.0,") == true, "\(scored.errors)")
    #expect(try evaluate("boxes", "--truth", folder.file("none").path, "--result", truth).exitCode == 66)
  }

  // MARK: Trajectories

  private let path = (0..<30).map { "\(Double($0) / 10) \($0) \($0 % 3) 0 0 0 0 1\n" }.joined()

  @Test func trajectoriesSayPairsUnitsAndAlignment() throws {
    let truth = try folder.write(path, "truth.txt")
    let milliseconds = (0..<30).map { "\(1.6e12 + Double($0) * 100) \($0) \($0 % 3) 0 0 0 0 1\n" }.joined()
    let result = try folder.write(milliseconds, "result.txt")
    let run = try evaluate("trajectory", "--truth", truth, "--result", result, "--time-offset", "-1600000000", "--align", "sim3")
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.errors.contains("look like ms"))
    #expect(run.output.contains("30 pairs of 30 truth and 30 result poses"))
    #expect(run.output.contains("scale 1.000000"))
    let far = try evaluate("trajectory", "--truth", truth, "--result", result)
    #expect(far.exitCode == 65 && far.errors.contains("--time-offset"))
    #expect(try evaluate("trajectory", "--truth", truth, "--result", truth, "--delta", "0.5").exitCode == 64)
    #expect(try evaluate("trajectory", "--truth", truth, "--result", truth, "--fail-above", "ape=0").exitCode == 0)
    let moved = try folder.write(
      path.split(separator: "\n").map { $0 + "\n" }.joined().replacingOccurrences(of: " 0 0 0 0 1", with: " 1 0 0 0 1"), "moved.txt"
    )
    #expect(try evaluate("trajectory", "--truth", truth, "--result", moved, "--fail-above", "ape=0.5", "--quiet").exitCode == 5)
  }

  @Test func everyErrorCanBeWrittenAsText() throws {
    let truth = try folder.write(path, "truth.txt")
    let table = folder.file("errors.csv")
    let run = try evaluate("trajectory", "--truth", truth, "--result", truth, "--errors", table.path)
    #expect(run.exitCode == 0)
    let lines = try String(contentsOf: table, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 1 + 2 * 30 + 2 * 29)
    #expect(lines[0] == "error,relation,index,time_s,value")
  }
}
