import Foundation
import Geometry
import Records
import Testing

/// `sextant track --smooth` and `--lag`.
@Suite struct LookaheadTests {
  let folder = try? TemporaryFolder()

  private func path(_ name: String) throws -> String { try #require(folder).file(name).path }

  /// A car with a gap of three frames, and something with poor scores beside it.
  private func detections() throws -> String {
    let rows = (1...60).flatMap { frame in
      [
        (20...22).contains(frame) ? nil : "\(frame),-1,\(10 + frame * 2),20,40,30,0.99\n",
        "\(frame),-1,\(200 + frame),120,40,30,0.85\n",
      ].compactMap { $0 }
    }
    let path = try path("det.txt")
    try Data(rows.joined().utf8).write(to: URL(fileURLWithPath: path))
    return path
  }

  private func frames(_ text: String) throws -> [FrameRecord] {
    let reader = try StreamReader(bytes: Array(text.utf8), name: "output")
    var frames: [FrameRecord] = []
    while let record = try reader.next() {
      if case .frame(let frame) = record { frames.append(frame) }
      if case .backfill = record { Issue.record("a frame's rows are written once") }
    }
    #expect(reader.end?.status == .complete && reader.end?.frames == frames.count)
    return frames
  }

  /// A white rectangle over grey goes to the right by 100 pixels a second: where it begins its uncovered place moves more plainly than the rectangle
  /// ever does, which must not measure the rest of the film.
  @Test func whatMovesAllTheTimeIsKept() throws {
    let film = "lavfi:color=gray:s=640x360:r=30[g];color=white:s=40x20:r=30[w];[g][w]overlay=x='20+t*100':y=100"
    func covered(_ more: [String]) throws -> Int {
      let run = try ProgramRun(["track", film, "--max-frames", "90", "--live", "all", "-q"] + more)
      #expect(run.exitCode == 0, "\(run.errors)")
      return try frames(run.output).count { frame in
        let middle = Point(40 + 100 * frame.time, 110)
        return frame.tracks.contains { $0.state == .confirmed && ($0.box.center - middle).length < 20 }
      }
    }
    let (plain, ahead) = (try covered([]), try covered(["--lag", "1"]))
    #expect(plain > 60 && ahead >= plain, "\(plain) \(ahead)")
  }

  @Test(arguments: [["--smooth"], ["--lag", "1"], ["--lag", "100"]])
  func allOutputsHoldTheSameRows(options: [String]) throws {
    let (stream, mot, csv, summary) = (try path("o.ndjson"), try path("m.txt"), try path("t.csv"), try path("s.csv"))
    let run = try ProgramRun(
      ["track", "--detections", detections(), "--fps", "20", "-o", stream, "--mot-output", mot, "--csv", csv, "--summary", summary]
        + options)
    #expect(run.exitCode == 0, "\(run.errors)")
    let frames = try frames(String(contentsOfFile: stream, encoding: .utf8))
    #expect(frames.map(\.frame) == Array(0..<60))
    let rows = frames.flatMap { frame in frame.tracks.filter { $0.observation != .predicted }.map { (frame.frame, $0) } }
    #expect(rows.map(\.0) == Array(0..<60))
    #expect(rows.allSatisfy { $1.observation == ((19...21).contains($0) ? .interpolated : .smoothed) })
    let texts = try [mot, csv, summary].map { try String(contentsOfFile: $0, encoding: .utf8).split(separator: "\n") }
    #expect(texts[0].map { $0.split(separator: ",")[0] } == rows.map { "\($0.0 + 1)" })
    #expect(texts[1].count == 61 && texts[1].dropFirst().filter { $0.contains("smoothed") }.count == 57)
    #expect(texts[2].count == 2)
    let back = try ProgramRun(["convert", stream, path("back.txt"), "--to", "mot"])
    #expect(back.exitCode == 0, "\(back.errors)")
    #expect(try String(contentsOfFile: path("back.txt"), encoding: .utf8).split(separator: "\n").count == 60)
  }

  @Test func observedRowsAreThoseWithADetection() throws {
    let mot = try path("m.txt")
    let run = try ProgramRun([
      "track", "--detections", detections(), "--fps", "20", "--smooth", "--mot-output", mot, "--rows", "observed", "-o",
      "/dev/null",
    ])
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(try String(contentsOfFile: mot, encoding: .utf8).split(separator: "\n").count == 57)
  }

  @Test(arguments: [
    ["--smooth", "--lag", "1"], ["--lag", "1", "--forecast", "1"], ["--smooth", "--overlay", "o.mp4"], ["--lag", "-1"],
  ])
  func whatExcludesEachOtherIsRefused(options: [String]) throws {
    let run = try ProgramRun(["track", "--detections", detections(), "--fps", "20"] + options)
    #expect(run.exitCode == 64)
    #expect(run.errors.split(separator: "\n").count == 1 && run.output.isEmpty)
  }

  @Test func aLiveInputHasNoEndToLookTo() throws {
    let run = try ProgramRun(["track", "lavfi:testsrc=size=160x120:rate=25", "--smooth", "--live", "all", "--max-frames", "5"])
    #expect(run.exitCode == 64 && run.errors.contains("--lag"))
  }

  @Test(.enabled(if: SharedData.isPresent, "needs ../shared/data"), arguments: [["--smooth"], ["--lag", "0.5"]])
  func theStreamIsTheSameOnAnyNumberOfThreads(options: [String]) throws {
    let clip = SharedData.path("clips/overhead.mp4")
    let arguments = ["track", clip, "--max-frames", "90", "--quiet"] + options + ["--threads"]
    let one = try ProgramRun(arguments + ["1"])
    #expect(one.exitCode == 0, "\(one.errors)")
    #expect(try frames(one.output).map(\.frame) == Array(0..<90))
    for threads in ["2", "7"] { #expect(try ProgramRun(arguments + [threads]).output == one.output) }
  }

  /// A signal ends the stream with all frames that were tracked, those that waited too.
  @Test func aSignalWritesWhatIsHeld() throws {
    let output = try path("endless.ndjson")
    let process = Process()
    process.executableURL = ProgramRun.program
    process.arguments = ["track", "lavfi:testsrc=size=160x120:rate=25", "--live", "all", "--lag", "1", "-o", output, "--quiet"]
    try process.run()
    // The file is followed until some frames are in it: no clock decides when the signal comes.
    while ((try? String(contentsOfFile: output, encoding: .utf8)) ?? "").split(separator: "\n").count < 5 { usleep(20_000) }
    process.interrupt()
    process.waitUntilExit()
    #expect(process.terminationStatus == 130)
    let reader = try StreamReader(bytes: Array(Data(contentsOf: URL(fileURLWithPath: output))), name: "output")
    var last = 0
    while let record = try reader.next() { if case .frame(let frame) = record { last = frame.frame } }
    // Four frames were written when the signal came, and 25 waited.
    #expect(reader.end?.status == .interrupted && reader.end?.frames == last + 1 && last >= 28)
  }

  @Test(.enabled(if: SharedData.isPresent, "needs ../shared/data"))
  func anOverlayIsDrawnWithALag() throws {
    let overlay = try path("seen.mp4")
    let run = try ProgramRun([
      "track", SharedData.path("clips/overhead.mp4"), "--max-frames", "40", "--lag", "0.5", "--overlay", overlay, "-o", "/dev/null",
      "-q",
    ])
    #expect(run.exitCode == 0, "\(run.errors)")
    let inspected = try ProgramRun(["inspect", overlay])
    #expect(inspected.exitCode == 0 && inspected.output.contains("40"))
  }
}
