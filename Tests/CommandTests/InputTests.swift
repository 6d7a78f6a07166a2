import Foundation
import Testing

/// What `track` makes of inputs that are more, or less, than one sound video.
@Suite struct InputTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in ["part1.mp4", "part2.mp4"] {
      let made = try ProgramRun(
        ["synthesize", "crossing", "-o", name, "--size", "96x64", "--duration", "0.5", "-q"], in: folder.url)
      #expect(made.exitCode == 0, "\(made.errors)")
    }
  }

  private func run(_ arguments: String...) throws -> ProgramRun { try ProgramRun(arguments, in: folder.url) }

  private func frames(_ run: ProgramRun) -> Int { run.lines.count { $0.hasPrefix("{\"record\":\"frame\"") } }

  @Test func severalFilesAreOneRecordingForTrackAndRender() throws {
    let one = frames(try run("track", "part1.mp4", "-q"))
    let both = try run("track", "part1.mp4", "part2.mp4", "-q")
    #expect(both.exitCode == 0 && one > 2 && frames(both) == 2 * one, "\(both.errors)")
    #expect(both.lines.count { $0.contains("\"kind\":\"source\"") } == 2)
    #expect(try run("track", "part*.mp4", "-q").lines.dropFirst() == both.lines.dropFirst())
    _ = try folder.write(both.output, "t.ndjson")
    let drawn = try run("render", "t.ndjson", "part1.mp4", "part2.mp4", "-o", "seen.mp4", "--overwrite")
    #expect(drawn.exitCode == 0 && drawn.errors.isEmpty, "\(drawn.errors)")
    #expect(frames(try run("track", "seen.mp4", "-q")) == 2 * one)
    #expect(try run("track", "part1.mp4", "part2.mp4", "-o", "part2.mp4", "--overwrite").exitCode == 73)
  }

  @Test(arguments: [
    ("2,-1,200,10,20,20,1\n", "another size"), ("90,-1,10,10,20,20,1\n", "reach to frame 90"), ("2,-1,10,10,20,20,1\n", ""),
  ])
  func detectionsOfAnotherSizeOrLengthAreSaid(rows: String, words: String) throws {
    _ = try folder.write("1,-1,10,10,20,20,1\n" + rows, "det.txt")
    let run = try run("track", "part1.mp4", "--detections", "det.txt", "-o", "/dev/null")
    #expect(run.exitCode == 0)
    #expect(words.isEmpty ? run.errors.isEmpty : run.errors.contains(words), "\(run.errors)")
  }

  @Test(
    .enabled(if: SharedCases.isPresent, "needs ../shared/cases"),
    arguments: [
      ("folder-trunc", 8, 1, 7), ("folder-badimg", 10, 2, 11),
    ])
  func aDamagedPictureIsAnEventAndOneWarningAndKeepsItsNumber(name: String, pictures: Int, damaged: Int, last: Int) throws {
    let run = try ProgramRun(["track", SharedCases.folder.appendingPathComponent(name).path, "--fps", "10"])
    #expect(run.exitCode == 0 && frames(run) == pictures)
    #expect(run.lines.count { $0.contains("\"kind\":\"damage\"") } == damaged)
    #expect(run.errors.split(separator: "\n").count { $0.contains("damaged") } == 1, "\(run.errors)")
    #expect(run.lines.last?.contains("\"damaged\":\(damaged),") == true)
    #expect(run.lines.last { $0.hasPrefix("{\"record\":\"frame\"") }?.contains("\"frame\":\(last),") == true)
  }

  @Test(.enabled(if: SharedCases.isPresent, "needs ../shared/cases")) func whatMovesInThermalPicturesIsTracked() throws {
    let thermal = SharedCases.folder.appendingPathComponent("thermal16").path
    let run = try ProgramRun(["track", thermal, "--fps", "10"])
    #expect(run.exitCode == 0 && run.errors.contains("the setting range"))
    #expect(run.lines.last?.contains("\"tracks\":0") == false)
    let given = try ProgramRun(["track", thermal, "--fps", "10", "--range", "51300:52100"])
    #expect(given.errors.isEmpty && given.lines[0].contains("\"range\":\"51300:52100\""), "\(given.errors)")
    let floats = try ProgramRun(["track", SharedCases.folder.appendingPathComponent("thermal-float").path, "--fps", "10"])
    #expect(floats.exitCode == 0 && frames(floats) == 6, "\(floats.errors)")
  }

  @Test(.enabled(if: SharedCases.isPresent, "needs ../shared/cases")) func damagedContainersAreToldAsSuch() throws {
    for name in ["m.mkv", "m.mp4", "m.webm"] {
      let run = try ProgramRun(["inspect", SharedCases.folder.appendingPathComponent("break/video74/\(name)").path])
      #expect(run.exitCode == 65 && run.errors.split(separator: "\n").count == 1, "\(name): \(run.errors)")
    }
    let list = try Data(contentsOf: SharedCases.folder.appendingPathComponent("break/m3u8-stdin/in.m3u8"))
    #expect(try ProgramRun(["inspect", "-"], input: list).exitCode == 65)
    let cut = try ProgramRun(["inspect", "--json", SharedCases.folder.appendingPathComponent("video/cut.mp4").path])
    #expect(cut.output.contains("\"frames\":75,"))
  }

  /// A generator stands in for a camera.
  @Test func recordsOfLiveInputCarryTheWallClockAndOnRequestTheDelay() throws {
    let arguments = ["track", "lavfi:testsrc=size=64x48:rate=20,realtime", "--max-frames", "3", "--live", "all", "-q"]
    let plain = try ProgramRun(arguments, in: folder.url)
    let records = plain.lines.filter { $0.hasPrefix("{\"record\":\"frame\"") }
    #expect(
      records.count == 3 && records.allSatisfy { $0.contains(/"utc":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z"/) }, "\(plain.output)")
    #expect(!plain.output.contains("delay_ms"))
    let timed = try ProgramRun(arguments + ["--timings", "timings.json"], in: folder.url)
    #expect(timed.lines.count { $0.contains(/"delay_ms":\d/) } == 3, "\(timed.output)")
    #expect(try !run("track", "part1.mp4", "-q").output.contains("utc"))
  }
}
