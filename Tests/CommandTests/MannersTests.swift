import Foundation
import Testing

@testable import Pipeline
@testable import sextant

/// How the command talks to people.
@Suite struct MannersTests {
  @Test(arguments: [
    (["track", "--mot", "x"], "Unknown option '--mot'. Did you mean '--mot-output'?"),
    (["track", "--forcast", "1"], "Did you mean '--forecast'?"),
    (["evaluate", "tracks", "--thruth", "x"], "Did you mean '--truth'?"),
    (["trak", "x.mp4"], "Unknown command 'trak'. Did you mean 'track'?"),
    (["evaluate", "box"], "Did you mean 'boxes'?"),
    (["xyzzy"], "Unknown command 'xyzzy'. There are track, inspect"),
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
}
