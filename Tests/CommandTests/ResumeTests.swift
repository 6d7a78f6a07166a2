import Foundation
import Testing

/// The two files of a recording, made once for all tests here.
private enum Films {
  static let names = ["a.mp4", "b.mp4"]
  private static let made = Result {
    let folder = try TemporaryFolder()
    for (seed, (scene, name)) in zip(["aerial", "crossing"], names).enumerated() {
      let made = try ProgramRun(
        ["synthesize", scene, "-o", name, "--size", "128x96", "--duration", "1", "--seed", "\(seed + 1)", "-q"], in: folder.url)
      #expect(made.exitCode == 0, "\(made.errors)")
    }
    return folder
  }

  static func copy(to folder: TemporaryFolder) throws {
    for name in names { try FileManager.default.copyItem(at: try made.get().file(name), to: folder.file(name)) }
  }
}

/// A recording in two files, what an undisturbed run makes of it, and runs that are stopped and gone on with.
private struct StoppedRuns {
  let folder: TemporaryFolder
  private let options: [String]
  private static let names = ["t.ndjson.zst", "t.csv.gz", "t.txt", "s.csv", "d.csv"]
  private static let outputs = [
    "-o", "t.ndjson.zst", "--csv", "t.csv.gz", "--mot-output", "t.txt", "--summary", "s.csv", "--detections-output", "d.csv",
  ]

  /// - Parameter options: Besides the outputs.
  init(_ options: [String] = []) throws {
    folder = try TemporaryFolder()
    self.options = options
    try Films.copy(to: folder)
    let place = folder.file("whole")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    let run = try ProgramRun(["track", "../a.mp4", "../b.mp4"] + StoppedRuns.outputs + options + ["-q"], in: place)
    #expect(run.exitCode == 0, "\(run.errors)")
  }

  /// The same run with a checkpoint ten times a second, in a folder of its own; each picture takes ten milliseconds longer.
  func arguments(threads: Int = 2) -> [String] {
    ["track", "../a.mp4", "../b.mp4"] + StoppedRuns.outputs + options
      + [
        "--checkpoint", "c", "--checkpoint-every", "0.1s", "--resume", "--detector-delay", "10", "--threads", "\(threads)", "-q",
      ]
  }

  func place(_ name: String) throws -> URL {
    let place = folder.file(name)
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    return place
  }

  /// Whether the outputs are those of the undisturbed run, and nothing else is there.
  func expectWhole(_ place: URL) throws {
    for name in StoppedRuns.names {
      let (made, whole) = (place.appendingPathComponent(name), folder.file("whole").appendingPathComponent(name))
      #expect(try Data(contentsOf: made) == Data(contentsOf: whole), "\(name) in \(place.lastPathComponent)")
    }
    #expect(try isComplete(place))
  }

  /// Whether nothing is there but the outputs, all of them.
  private func isComplete(_ place: URL) throws -> Bool {
    try FileManager.default.contentsOfDirectory(atPath: place.path).sorted() == StoppedRuns.names.sorted()
  }

  /// Starts the run, sends a signal after some time, and does so again until the run has ended by itself.
  ///
  /// - Returns: How many were ended by the signal.
  func stopAgainAndAgain(by signal: Int32, in place: URL, _ random: inout SystemlessRandom, threads: Int) throws -> Int {
    var stopped = 0
    for attempt in 0..<100 {
      let process = try ProgramRun.started(arguments(threads: threads), in: place)
      // Ever later, so that the slowest machine comes to its end.
      usleep(UInt32(1e6 * (0.15 + (0.6 + 0.1 * Double(attempt)) * random.unit())))
      kill(process.processIdentifier, signal)
      process.waitUntilExit()
      if process.terminationReason == .exit, process.terminationStatus == 0 { return stopped }
      // The signal met a run whose files were whole already: there is nothing to go on with, and it would refuse to write them again.
      if try isComplete(place) { return stopped }
      // A signal that comes before the program listens ends it too.
      let isAsked = signal == SIGTERM && process.terminationReason == .exit && process.terminationStatus == 143
      guard isAsked || (process.terminationReason == .uncaughtSignal && process.terminationStatus == signal) else {
        Issue.record("the run ended with \(process.terminationStatus)")
        return stopped
      }
      stopped += 1
    }
    Issue.record("the run never came to its end")
    return stopped
  }

  /// - Returns: How many runs were ended by the signal.
  func run(_ signal: Int32, atLeast count: Int, seed: UInt64) throws -> Int {
    var random = SystemlessRandom(state: seed)
    var stopped = 0
    // A quick machine ends some rounds before the signal.
    for round in 0..<4 * count where stopped < count {
      let place = try place("round\(round)")
      stopped += try stopAgainAndAgain(by: signal, in: place, &random, threads: 1 + round % 3)
      try expectWhole(place)
    }
    return stopped
  }
}

/// `sextant track --checkpoint --resume`.
@Suite struct ResumeTests {
  @Test func aRunThatIsKilledAndGoneOnWithGivesTheBytesOfOneThatIsNot() throws {
    #expect(try StoppedRuns().run(SIGKILL, atLeast: 20, seed: 1) >= 20)
  }

  @Test(arguments: [
    ["--smooth"], ["--lag", "0.3", "--masks"],
    ["--backfill", "--detect-every", "3", "--ground", "20,20 100,22 110,80 10,78:20x15"],
    ["--gsd", "0.1", "--masks", "--backfill"], ["--appearance", "stripes"],
  ])
  func aRunThatIsAskedToEndWritesACheckpointAndEndsWith143(options: [String]) throws {
    #expect(try StoppedRuns(options).run(SIGTERM, atLeast: 5, seed: 2) >= 5)
  }

  /// A run that was stopped early, for others to be refused.
  private func stopped() throws -> (runs: StoppedRuns, place: URL) {
    let runs = try StoppedRuns()
    let place = try runs.place("stopped")
    let process = try ProgramRun.started(runs.arguments(), in: place)
    for _ in 0..<1000 where process.isRunning && !FileManager.default.fileExists(atPath: place.appendingPathComponent("c").path) {
      usleep(10_000)
    }
    kill(process.processIdentifier, SIGTERM)
    process.waitUntilExit()
    #expect(process.terminationStatus == 143)
    return (runs, place)
  }

  private func expectRefusal(_ run: ProgramRun, _ code: Int32, _ text: String) {
    #expect(run.exitCode == code && run.errors.contains(text), "\(run.exitCode): \(run.errors)")
    #expect(run.errors.split(separator: "\n").count == 1)
  }

  @Test func aCheckpointOfAnotherRunIsRefused() throws {
    let (runs, place) = try stopped()
    let arguments = runs.arguments()
    expectRefusal(try ProgramRun(arguments + ["--min-score", "0.5"], in: place), 65, "other inputs or options")
    expectRefusal(
      try ProgramRun(arguments.filter { $0 != "--detections-output" && $0 != "d.csv" }, in: place), 65, "other outputs")
    expectRefusal(try ProgramRun(arguments.filter { $0 != "--resume" }, in: place), 73, "--resume")
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1e9)], ofItemAtPath: runs.folder.file("b.mp4").path)
    expectRefusal(try ProgramRun(arguments, in: place), 65, "../b.mp4 is not the file that it was")
  }

  @Test func aDamagedCheckpointOrPartIsRefused() throws {
    let (runs, place) = try stopped()
    let (checkpoint, part) = (place.appendingPathComponent("c"), place.appendingPathComponent("t.csv.gz.part"))
    let whole = try Data(contentsOf: checkpoint)
    try whole.dropLast().write(to: checkpoint)
    expectRefusal(try ProgramRun(runs.arguments(), in: place), 65, "digest")
    try whole.write(to: checkpoint)
    try FileManager.default.removeItem(at: part)
    expectRefusal(try ProgramRun(runs.arguments(), in: place), 65, "t.csv.gz.part")
  }

  @Test func whatCannotBeGoneOnWithIsRefusedAtOnce() throws {
    let runs = try StoppedRuns()
    func run(_ arguments: String...) throws -> ProgramRun { try ProgramRun(["track", "-q"] + arguments, in: runs.folder.url) }
    expectRefusal(try run("a.mp4", "--checkpoint", "c"), 64, "--output")
    expectRefusal(try run("a.mp4", "-o", "o", "--resume"), 64, "--checkpoint")
    expectRefusal(try run("a.mp4", "-o", "o", "--overlay", "o.mp4", "--checkpoint", "c"), 64, "overlay")
    expectRefusal(try run("lavfi:testsrc", "-o", "o", "--checkpoint", "c"), 64, "no file")
    expectRefusal(try run("a.mp4", "-o", "o", "--checkpoint", "c", "--checkpoint-every", "soon"), 64, "15min")
    expectRefusal(try run("a.mp4", "-o", "c", "--checkpoint", "c"), 64, "one file")
  }
}
