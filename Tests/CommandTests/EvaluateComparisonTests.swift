import Foundation
import Testing

/// `--compare` of boxes and trajectories: several results side by side in every form of output.
@Suite struct EvaluateComparisonTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func evaluate(_ arguments: String...) throws -> ProgramRun { try ProgramRun(["evaluate"] + arguments) }

  // MARK: Boxes

  /// Ten frames with a box each, of which the second result misses the last four.
  private func boxes(_ frames: Int) -> String { (1...frames).map { "\($0),-1,10,10,30,20,0.9,1,1\n" }.joined() }

  @Test func boxesStandSideBySide() throws {
    let truth = try folder.write((1...10).map { "\($0),1,10,10,30,20,1,1,1\n" }.joined(), "gt.txt")
    let (all, some) = (try folder.write(boxes(10), "all.txt"), try folder.write(boxes(6), "some.txt"))
    let run = try evaluate("boxes", "--truth", truth, "--compare", all, some, "--csv", "--quiet")
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.lines.first?.hasPrefix("result,class,truth,results,AP50,") == true)
    #expect(run.lines.contains { $0.hasPrefix("all.txt,mean,10,10,1.0,") })
    #expect(run.lines.contains { $0.hasPrefix("some.txt,mean,10,6,0.6,") })
    let report = folder.file("report.html")
    let table = try evaluate("boxes", "--truth", truth, "--compare", all, some, "--quiet", "--report", report.path)
    #expect(table.output.contains("comparison with all.txt, 95 % intervals over 10 images"))
    #expect(try String(contentsOf: report, encoding: .utf8).contains("2000 draws of the 10 images"))
    let json = try evaluate("boxes", "--truth", truth, "--compare", all, some, "--json", "--quiet")
    let object = try #require(JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    #expect((object["results"] as? [[String: Any]])?.compactMap { $0["name"] as? String } == ["all.txt", "some.txt"])
    let rows = try #require(object["comparison"] as? [[String: Any]])
    #expect(rows.first?["some.txt difference"] as? Double == -0.4)
  }

  @Test func thresholdsHoldForEachResult() throws {
    let truth = try folder.write((1...10).map { "\($0),1,10,10,30,20,1,1,1\n" }.joined(), "gt.txt")
    let (all, some) = (try folder.write(boxes(10), "all.txt"), try folder.write(boxes(6), "some.txt"))
    let run = try evaluate("boxes", "--truth", truth, "--compare", all, some, "--quiet", "--fail-below", "map=0.9")
    #expect(run.exitCode == 5 && run.errors.contains("some.txt") && !run.errors.contains("of all.txt"), "\(run.errors)")
    #expect(try evaluate("boxes", "--truth", truth).exitCode == 64)
    #expect(try evaluate("boxes", "--truth", truth, "--compare", all, "--draws", "1").exitCode == 64)
  }

  // MARK: Trajectories

  private func path(side: Double) -> String {
    (0..<30).map { "\(Double($0) / 10) \(Double($0) + side * Double($0 % 2)) \($0 % 3) 0 0 0 0 1\n" }.joined()
  }

  @Test func trajectoriesOfFoldersArePooledAndCompared() throws {
    for name in ["a.txt", "b.txt", "c.txt"] {
      _ = try folder.write(path(side: 0), "truth/\(name)")
      _ = try folder.write(path(side: 0.1), "good/\(name)")
      _ = try folder.write(path(side: 0.5), "bad/\(name)")
    }
    let (truth, good, bad) = (folder.file("truth").path, folder.file("good").path, folder.file("bad").path)
    let run = try evaluate("trajectory", "--truth", truth, "--compare", good, bad, "--json", "--quiet")
    #expect(run.exitCode == 0, "\(run.errors)")
    let object = try #require(JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let row = try #require((object["comparison"] as? [[String: Any]])?.first { $0["score"] as? String == "APE_rmse" })
    // Every second pose is off by the side, so the root mean square is side/√2 in every sequence and so in every draw.
    #expect(abs(try #require(row["good"] as? Double) - 0.1 / 2.0.squareRoot()) < 1e-9)
    for key in ["bad difference", "bad low", "bad high"] {
      #expect(abs(try #require(row[key] as? Double) - 0.4 / 2.0.squareRoot()) < 1e-9)
    }
    let single = try evaluate("trajectory", "--truth", truth, "--result", good, "--csv", "--quiet")
    #expect(single.lines.count == 1 + 3 * 4 + 4 && single.lines[0].hasPrefix("sequence,error,relation,unit,pairs,rmse"))
    #expect(try evaluate("trajectory", "--truth", truth, "--result", bad, "--quiet", "--fail-above", "ape=0.2").exitCode == 5)
  }

  @Test func trajectoriesWithoutPartnerAreNamed() throws {
    for name in ["a.txt", "b.txt"] { _ = try folder.write(path(side: 0), "truth/\(name)") }
    _ = try folder.write(path(side: 0), "result/a.txt")
    let sides = ["evaluate", "trajectory", "--truth", folder.file("truth").path, "--result", folder.file("result").path]
    let run = try ProgramRun(sides)
    #expect(run.exitCode == 0 && run.errors.contains("has no file of sequence b"), "\(run.errors)")
    let strict = try ProgramRun(sides + ["--strict"])
    #expect(strict.exitCode == 66 && strict.errors.contains("the result of sequence b"), "\(strict.errors)")
    _ = try folder.write("", "result/b.txt")
    let empty = try evaluate("trajectory", "--truth", folder.file("truth").path, "--result", folder.file("result").path)
    #expect(empty.exitCode == 65 && empty.errors.contains("b.txt"), "\(empty.errors)")
    let mixed = try evaluate("trajectory", "--truth", folder.file("truth").path, "--result", folder.file("result/a.txt").path)
    #expect(mixed.exitCode != 0 && mixed.errors.contains("two of a kind"))
  }
}
