import Foundation
import Testing

/// `sextant evaluate forecasts`: what it prints, its exit codes and what it says of bad input.
@Suite struct EvaluateForecastsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func evaluate(_ arguments: String...) throws -> ProgramRun { try ProgramRun(["evaluate", "forecasts"] + arguments) }

  /// Walkers on lines, 0.4 m a step, over 25 frames: six windows.
  private func walk(_ agents: ClosedRange<Int> = 1...2) -> String {
    (0..<25).flatMap { frame in agents.map { "\(frame * 10)\t\($0)\t\(Double(frame) * 0.4)\t\($0)\n" } }.joined()
  }

  /// Forecasts of the walkers that end an error per step away.
  private func forecasts(_ agents: [Int], error: Double) -> String {
    (0..<6).flatMap { window in
      agents.flatMap { agent in
        (1...12).map { step in
          "\((window + 7) * 10) \((window + 7 + step) * 10) \(agent) \(Double(window + 7 + step) * 0.4 + error * Double(step)) \(agent)\n"
        }
      }
    }.joined()
  }

  @Test func baselinesOfPedestriansHaveTheirFigures() throws {
    let truth = try folder.write(walk(), "walk.txt")
    let run = try evaluate("--truth", truth, "--baseline", "constant-velocity", "still", "--csv")
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.lines.first == "result,scene,samples,K,ADE_m,FDE_m,minADE_m,minFDE_m,miss_rate")
    // Six windows of two walkers; standing still errs by 0.4 m a step.
    let still = try #require(run.lines.last).split(separator: ",")
    #expect(still[0] == "still" && still[1] == "walk" && still[2] == "12")
    #expect(abs((Double(still[4]) ?? 0) - 2.6) < 1e-9 && abs((Double(still[5]) ?? 0) - 4.8) < 1e-9)
    #expect(try evaluate("--truth", truth).exitCode == 64)
    #expect(try evaluate("--truth", truth, "--baseline", "still", "--observed", "20").exitCode == 65)
  }

  @Test func limitsDecideTheExitCode() throws {
    let truth = try folder.write(walk(), "walk.txt")
    for (option, limit, code) in [
      ("--fail-above", "fde=4", 5), ("--fail-above", "fde=4.9,ade=2.7", 0), ("--fail-below", "miss_rate=0.5", 0),
      ("--fail-below", "miss_rate=1.1", 5), ("--fail-above", "nonsense=1", 64), ("--fail-above", "ade", 64),
    ] {
      let run = try evaluate("--truth", truth, "--baseline", "still", option, limit)
      #expect(run.exitCode == Int32(code), "\(option) \(limit): \(run.errors)")
      #expect(code != 64 || run.errors.contains(option))
    }
  }

  @Test func foldersHoldAScenePerFileAndResultsStandSideBySide() throws {
    for (name, agents) in [("a", 1...2), ("b", 1...3)] {
      _ = try folder.write(walk(agents), "truth/\(name).txt")
      _ = try folder.write(forecasts(Array(agents), error: 0.1), "near/\(name).txt")
      _ = try folder.write(forecasts(Array(agents), error: 0.2), "far/\(name).txt")
    }
    let page = folder.file("report.html")
    let run = try evaluate(
      "--truth", folder.file("truth").path, "--compare", folder.file("near").path, folder.file("far").path, "--baseline", "still",
      "--draws", "50", "--json", "--report", page.path)
    #expect(run.exitCode == 0, "\(run.errors)")
    let found = try #require(JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    let results = try #require(found["results"] as? [[String: Any]])
    #expect(results.compactMap { $0["name"] as? String } == ["near", "far", "still"])
    let far = try #require(results[1]["evaluation"] as? [String: Any])
    let all = try #require(far["all"] as? [String: Any])
    // Twelve samples of a and eighteen of b, pooled.
    #expect(all["samples"] as? Int == 30 && abs((all["ADE_m"] as? Double ?? 0) - 1.3) < 1e-9)
    #expect((far["horizons"] as? [[String: Any]])?.count == 12 && (far["scenes"] as? [[String: Any]])?.count == 2)
    let rows = try #require(found["comparison"] as? [[String: Any]])
    // Every sample errs alike, so every draw has the same difference.
    for key in ["far difference", "far low", "far high"] { #expect(abs((rows[0][key] as? Double ?? 0) - 0.65) < 1e-9, "\(key)") }
    let html = try String(contentsOf: page, encoding: .utf8)
    #expect(html.contains("50 draws of the 2 scenes") && html.contains("pooled") && html.contains("the largest final errors"))
    #expect(!html.contains("http://") && !html.contains("https://"))
  }

  @Test func agentsAreDrawnWhereThereIsOneScene() throws {
    let truth = try folder.write(walk(1...5), "walk.txt")
    let run = try evaluate("--truth", truth, "--baseline", "still", "line", "--draws", "20")
    #expect(run.exitCode == 0 && run.output.contains("95 % intervals over 5 agents"), "\(run.errors)")
  }

  @Test func whatDoesNotBelongTogetherIsTold() throws {
    let truth = try folder.write(walk(), "truth/a.txt")
    let known = try folder.write(forecasts([1], error: 0) + forecasts([7, 9], error: 0), "one.txt")
    let run = try evaluate("--truth", truth, "--result", known, "--csv")
    #expect(run.exitCode == 0 && run.lines.last?.hasPrefix("a,6,1,") == true)
    #expect(
      run.errors.contains("agents that the truth does not have (7, 9)") && run.errors.contains("6 of 12 samples have no forecast"))
    let none = try evaluate("--truth", truth, "--result", folder.write(forecasts([7], error: 0), "none.txt"))
    #expect(none.exitCode == 65 && none.errors.contains("(7)"))
    #expect(try evaluate("--truth", truth, "--result", folder.write("", "empty.txt")).exitCode == 65)
    let bad = try evaluate("--truth", truth, "--result", folder.write("70 80 1 nan 1\n", "nan.txt"))
    #expect(bad.exitCode == 65 && bad.errors.contains("line 1") && bad.errors.contains("nan"))
    let scenes = folder.file("truth").path
    _ = try folder.write(walk(), "truth/b.txt")
    _ = try folder.write(forecasts([1], error: 0), "few/a.txt")
    let few = try evaluate("--truth", scenes, "--result", folder.file("few").path, "--strict")
    #expect(few.exitCode == 66 && few.errors.contains("b.txt"))
    let told = try evaluate("--truth", scenes, "--result", folder.file("few").path)
    #expect(told.exitCode == 0 && told.errors.contains("has no file of sequence b"), "\(told.errors)")
    #expect(try evaluate("--truth", scenes, "--result", known).exitCode == 65)
    #expect(try evaluate("--truth", scenes, "--result", folder.file("nothing").path).exitCode == 66)
    #expect(try evaluate("--truth", truth, "--result", "-").exitCode == 64)
    #expect(try evaluate("--result", known).exitCode == 64)
  }
}
