import Foundation
import Testing

@testable import Pipeline
@testable import sextant

/// How the command talks to people.
@Suite struct MannersTests {
  @Test(arguments: [
    (["track", "--mot-out", "x"], "there is no option '--mot-out'; did you mean --mot-output?"),
    (["track", "--forcast", "1"], "did you mean --forecast?"),
    (["evaluate", "tracks", "--thruth", "x"], "did you mean --truth?"),
    (["trak", "x.mp4"], "there is no command 'trak'; did you mean track?"),
    (["trak", "x.mp4", "-o", "y"], "there is no command 'trak'; did you mean track?"),
    (["evaluate", "trakcs", "--truth", "a"], "did you mean tracks?"),
    (["evaluate", "box"], "did you mean boxes?"),
    (["xyzzy"], "there is no command 'xyzzy'; there are track, batch, inspect"),
  ])
  func anUnknownWordIsAnsweredWithTheNearestRightOne(arguments: [String], sentence: String) throws {
    let run = try ProgramRun(arguments)
    #expect(run.exitCode == 64 && run.errors.contains(sentence) && run.output.isEmpty, "\(run.errors)")
  }

  @Test func doctorTellsVersionsProcessorAndWhatIsMissing() throws {
    let run = try ProgramRun(["doctor"])
    #expect(run.exitCode == 0, "\(run.output)\(run.errors)")
    for words in ["program     sextant ", "libavcodec ", "processor   ", "cameras     ", "missing     nothing", "H.264"] {
      #expect(run.output.contains(words), "\(run.output)")
    }
  }

  @Test func aRunEndsWithOneLineOnATerminal() {
    var outputs = TrackOutputs(stream: "-")
    #expect(summary(1, 2, 0, outputs) == "1 frame, 2 tracks in 3.2 s")
    outputs.stream = "t.ndjson"
    outputs.overlay = "seen.mp4"
    #expect(summary(250, 1, 3, outputs) == "250 frames, 1 track, 3 dropped in 3.2 s: t.ndjson, seen.mp4")
  }

  private func summary(_ frames: Int, _ tracks: Int, _ dropped: Int, _ outputs: TrackOutputs) -> String {
    RunSummary(
      result: TrackingResult(frames: frames, tracks: tracks, dropped: dropped, warnings: []), outputs: outputs, seconds: 3.2
    ).line
  }

  /// What cannot be told is dropped; the code is that of the run.
  @Test(arguments: [(["inspect", "none.mp4"], 66), (["nonsense"], 64), (["models", "info", "none"], 66)] as [([String], Int32)])
  func messagesThatCannotBeWrittenChangeNoCode(_ arguments: [String], code: Int32) throws {
    for target in ["2>/dev/full", "2>&-"] {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = ["-c", "exec \"$0\" \"$@\" \(target)", ProgramRun.program.path] + arguments
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      #expect(process.terminationReason == .exit && process.terminationStatus == code, "\(target)")
    }
  }
}
