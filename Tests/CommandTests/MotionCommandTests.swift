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
    for rung in ["kalman", "noise", "linear", "kan"] { #expect(run.output.contains("\n\(rung) ")) }
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
