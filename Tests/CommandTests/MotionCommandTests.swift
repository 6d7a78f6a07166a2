import Foundation
import Testing

/// `sextant train motion`, `sextant forecast` and `sextant track --motion`: what they write, and what they refuse with which exit code.
@Suite struct MotionCommandTests {
  /// Three files of walkers that turn slowly, two at a time for 24 frames.
  private static func tracks(in folder: TemporaryFolder) throws -> [String] {
    try (0..<3).map { file in
      var text = ""
      for frame in 0..<120 {
        for agent in 0..<2 {
          let (number, row) = (2 * (frame / 24) + agent, Double(frame % 24))
          let (speed, turn) = (0.3 + 0.05 * Double(number % 5), 0.01 * Double((number + file) % 7 - 3))
          let angle = Double(number) + turn * row
          text += "\(10 * frame)\t\(number)\t\(speed * row * cos(angle))\t\(speed * row * sin(angle) + Double(agent))\n"
        }
      }
      return try folder.write(text, "walkers\(file).txt")
    }
  }

  @Test func aMotionIsLearnedForecastsAndIsTheSameAgain() throws {
    let folder = try TemporaryFolder()
    let tracks = try Self.tracks(in: folder)
    let (motion, forecasts) = (folder.file("motion.json").path, folder.file("forecasts.txt").path)
    let train = ["train", "motion", "--tracks"] + tracks + ["-o", motion]
    let run = try ProgramRun(train)
    #expect(run.exitCode == 0)
    for rung in ["kalman", "noise", "linear", "kan", "memory"] { #expect(run.output.contains("\n\(rung) ")) }
    let bytes = try Data(contentsOf: URL(fileURLWithPath: motion))
    #expect(try ProgramRun(train + ["--overwrite"]).exitCode == 0)
    #expect(try Data(contentsOf: URL(fileURLWithPath: motion)) == bytes)
    #expect(try ProgramRun(["forecast", tracks[0], "--motion", motion, "--samples", "3", "-o", forecasts]).exitCode == 0)
    let scores = try ProgramRun(["evaluate", "forecasts", "--truth", tracks[0], "--result", forecasts])
    #expect(scores.exitCode == 0)
    #expect(scores.output.contains("coverage90") && scores.output.contains("minADE"))
    // It is of points, and detections are boxes.
    let detections = try folder.write("1,-1,10,10,20,20,0.9,-1,-1,-1\n", "det.txt")
    let mixed = try ProgramRun([
      "track", "--detections", detections, "--fps", "10", "-o", folder.file("t.ndjson").path, "--motion", motion,
    ])
    #expect(mixed.exitCode == 65)
    #expect(mixed.errors.contains("points"))
  }

  /// Agents that walk 0.04 m a frame: a frame that is missing makes the step longer, not the agent slower.
  @Test func missingFramesAreTimeThatPasses() throws {
    let folder = try TemporaryFolder()
    func rows(_ frames: [Int], agents: Int) -> String {
      frames.flatMap { frame in (1...agents).map { "\(frame)\t\($0)\t\(0.04 * Double(frame * $0))\t\($0)\n" } }.joined()
    }
    let walkers = try folder.write(rows((0..<40).map { 10 * $0 }, agents: 6), "walkers.txt")
    let motion = folder.file("motion.json").path
    try #require(try ProgramRun(["train", "motion", "--tracks", walkers, "-o", motion, "--rung", "kalman"]).exitCode == 0)
    let frames = [0, 10, 20, 30, 40, 60, 70, 80, 90, 110, 120, 130, 150, 160, 170, 200, 210, 250, 260, 290]
    let uneven = try folder.write(rows(frames, agents: 3), "uneven.txt")
    let run = try ProgramRun(["forecast", uneven, "--motion", motion])
    try #require(run.exitCode == 0, "\(run.errors)")
    #expect(run.errors.contains("6 of 19 steps between the frames"), "\(run.errors)")
    let forecasts = run.output.split(separator: "\n").map { $0.split(separator: "\t").compactMap { Double($0) } }
    try #require(forecasts.count == 36 && forecasts.allSatisfy { $0.count > 4 })
    for row in forecasts { #expect(abs(row[3] - 0.04 * row[1] * row[2]) < 0.03 * row[2], "\(row)") }
  }

  /// Boxes of 20 px that go 2 px a frame to the right, with detections that lie on them but for every fifth, which lies 100 px away.
  @Test func aLadderOfBoxesTellsHowTheyAreExpected() throws {
    let folder = try TemporaryFolder()
    let truth = (1...60).flatMap { frame in
      (1...8).map { "\(frame),\($0),\(2 * frame + 3 * $0),\(60 * $0),20,20,1,1,1\n" }
    }.joined()
    let detections = (1...60).flatMap { frame in
      (1...8).map { "\(frame),-1,\(2 * frame + 3 * $0 + (frame % 5 == 0 ? 100 : 0)),\(60 * $0),20,20,0.9,-1,-1,-1\n" }
    }.joined()
    _ = try folder.write(detections, "det/boxes.txt")
    let tracks = try folder.write(truth, "boxes.txt")
    let train = ["train", "motion", "--tracks", tracks, "--fps", "10", "--overwrite", "-o", folder.file("m.json").path]
    let run = try ProgramRun(train + ["--detections", folder.file("det").path])
    try #require(run.exitCode == 0, "\(run.errors)")
    let lines = run.output.split(separator: "\n")
    let start = try #require(lines.firstIndex { $0.hasPrefix("boxes of the 1 sequences 1, 5, 10 frames ahead") })
    #expect(
      lines[(start + 1)...(start + 5)].map { $0.prefix(while: { $0 != " " }) } == ["kalman", "noise", "linear", "kan", "memory"])
    // Two tracks are held out. Forecasts begin behind the third detection, of frame 3, and from every frame but each fifth; they are where
    // they were expected, so that one frame ahead the boxes share nearly all.
    let kalman = lines[start + 1].split(separator: " ")
    #expect(kalman[2] == "92" && (Double(kalman[3]) ?? 0) > 0.95 && (Double(kalman[4]) ?? 1) < 0.05, "\(kalman)")
    #expect(try ProgramRun(train + ["--detections", folder.file("none").path]).exitCode == 66)
    let empty = try ProgramRun(["train", "motion", "--tracks", folder.write("", "empty.txt"), "-o", folder.file("e.json").path])
    #expect(empty.exitCode == 65 && empty.errors.contains("is empty"), "\(empty.errors)")
    let points = try ProgramRun(
      ["train", "motion", "--tracks"] + Self.tracks(in: folder) + [
        "--detections", folder.url.path, "-o", folder.file("p.json").path,
      ])
    #expect(points.exitCode == 64 && points.errors.contains("are of points"), "\(points.errors)")
  }

  @Test func aMotionThatIsNoneIsRefusedBeforeAnythingIsTracked() throws {
    let folder = try TemporaryFolder()
    let detections = try folder.write("1,-1,10,10,20,20,0.9,-1,-1,-1\n", "det.txt")
    let track = ["track", "--detections", detections, "--fps", "10", "-o", folder.file("t.ndjson").path, "--motion"]
    #expect(try ProgramRun(track + [folder.file("none.json").path]).exitCode == 66)
    let text = try folder.write("{\"format\": \"sextant-motion/1\", \"state\": [\"x\"], \"features\": []}", "text.json")
    let run = try ProgramRun(track + [text])
    #expect(run.exitCode == 65)
    #expect(run.errors.contains("1 numbers"))
    #expect(try ProgramRun(track + ["kalman"]).exitCode == 0)
  }

  @Test func pointsThatGiveNoSoundForecastAreToldOf() throws {
    let folder = try TemporaryFolder()
    let motion = folder.file("motion.json").path
    let rungs = folder.file("all/rungs").path
    let learned = try ProgramRun(["train", "motion", "--tracks"] + Self.tracks(in: folder) + ["-o", motion, "--rungs", rungs])
    #expect(learned.exitCode == 0 && FileManager.default.fileExists(atPath: rungs + "/kan.json"), "\(learned.errors)")
    func forecast(_ rows: [String], _ name: String) throws -> ProgramRun {
      try ProgramRun(["forecast", folder.write(rows.joined(separator: "\n") + "\n", name), "--motion", motion])
    }
    // Numbers whose squares are not finite.
    let far = try forecast((0..<20).flatMap { ["\($0) 1 1e160 0", "\($0) 2 0 \($0)"] }, "far.txt")
    #expect(far.exitCode == 65 && far.errors.contains("line 1: the point lies beyond"), "\(far.errors)")
    let twice = try forecast((0..<20).flatMap { ["\($0) 1 \($0) 0", "\($0) 1 \($0) 9", "\($0) 2 0 \($0)"] }, "twice.txt")
    #expect(twice.exitCode == 0 && twice.errors.contains("20 rows of") && !twice.output.isEmpty, "\(twice.errors)")
    let alone = try forecast((0..<20).map { "\($0) 1 \($0) 0" }, "alone.txt")
    #expect(alone.exitCode == 0 && alone.output.isEmpty && alone.errors.contains("--minimum-agents"), "\(alone.errors)")
    let text = try folder.write("0 1 1.0 nan\n10 1 1 2\n", "nan.txt")
    let training = try ProgramRun(["train", "motion", "--tracks", text, "-o", folder.file("n.json").path])
    #expect(training.exitCode == 65 && training.errors.contains("column 4 (\"nan\")"), "\(training.errors)")
  }

  @Test func tooFewTracksAndOddOptionsAreRefused() throws {
    let folder = try TemporaryFolder()
    let short = try folder.write("0\t1\t0\t0\n10\t1\t1\t0\n", "short.txt")
    #expect(try ProgramRun(["train", "motion", "--tracks", short, "-o", folder.file("m.json").path]).exitCode == 65)
    #expect(
      try ProgramRun(["train", "motion", "--tracks", short, "-o", folder.file("m.json").path, "--rung", "tall"]).exitCode == 64)
    #expect(!FileManager.default.fileExists(atPath: folder.file("m.json").path))
  }
}
