import Foundation
import Testing

/// `sextant batch run --checkpoint`, whose workers are ended in the middle of a recording.
@Suite struct BatchResumeTests {
  private let folder: TemporaryFolder

  /// Two clips whose pictures take 25 milliseconds longer each, in two runs of the same plan; one is done without a checkpoint.
  init() throws {
    folder = try TemporaryFolder()
    for seed in 1...2 {
      try FileManager.default.createDirectory(at: folder.file("clips"), withIntermediateDirectories: true)
      let made = try ProgramRun(
        ["synthesize", "crossing", "-o", "clips/\(seed).mp4", "--size", "96x64", "--duration", "3", "--seed", "\(seed)", "-q"],
        in: folder.url)
      #expect(made.exitCode == 0, "\(made.errors)")
    }
    for run in ["plain", "run"] {
      let planned = try ProgramRun(
        ["batch", "plan", "clips", "--out", run, "-q", "--", "--detector-delay", "25", "--masks", "--gsd", "0.1"], in: folder.url)
      #expect(planned.exitCode == 0, "\(planned.errors)")
    }
    let run = try ProgramRun(["batch", "run", "plain", "-q"], in: folder.url)
    #expect(run.exitCode == 0, "\(run.errors)")
  }

  private func files(_ run: String) throws -> [String: Data] {
    let place = folder.file(run + "/units").path
    var files: [String: Data] = [:]
    for name in FileManager.default.enumerator(atPath: place)?.compactMap({ $0 as? String }) ?? [] where name.contains(".") {
      files[name] = try Data(contentsOf: URL(fileURLWithPath: place + "/" + name))
    }
    return files
  }

  private func expectEqualResults() throws {
    let (plain, run) = (try files("plain"), try files("run"))
    #expect(plain.keys.sorted() == run.keys.sorted())
    for (name, bytes) in plain where name.hasSuffix(".zst") { #expect(run[name] == bytes, "\(name)") }
    #expect(plain.keys.count { $0.hasSuffix(".zst") } == 2)
  }

  private var arguments: [String] { ["batch", "run", "run", "--checkpoint", "0.1s", "-q"] }

  /// The last process that was asked to end is followed by a whole one.
  @Test(arguments: [SIGTERM, SIGKILL])
  func aWorkerThatIsEndedIsGoneOnWith(signal: Int32) throws {
    var ended = 0
    // A worker that is ended before the first frame of a unit has nothing to keep: of the three one at least was in the midst of one.
    var left: Set<String> = []
    for round in 0..<3 {
      let process = try ProgramRun.started(arguments, in: folder.url)
      usleep(UInt32(500_000 + 150_000 * round))
      kill(process.processIdentifier, signal)
      process.waitUntilExit()
      if process.terminationReason == .uncaughtSignal || process.terminationStatus == 143 { ended += 1 }
      left.formUnion(try files("run").keys)
    }
    #expect(ended > 0)
    if signal == SIGTERM { #expect(left.contains { $0.hasSuffix(".checkpoint") }, "\(left)") }
    let last = try ProgramRun(arguments, in: folder.url)
    #expect(last.exitCode == 0, "\(last.errors)")
    try expectEqualResults()
  }

  /// A tracker that outlived its worker would write into a unit that others have done.
  @Test func theTrackersOfAKilledWorkerEnd() throws {
    let process = try ProgramRun.started(arguments, in: folder.url)
    let clips = folder.file("clips").path
    try #require(waited { try trackers(of: clips) > 0 })
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    #expect(try waited { try trackers(of: clips) == 0 })
  }

  /// How many processes have a folder's files in their arguments.
  private func trackers(of place: String) throws -> Int {
    let search = Process()
    search.executableURL = URL(fileURLWithPath: "/usr/bin/pgrep")
    search.arguments = ["-f", "track " + place]
    return try search.runToEnd().said.split(separator: "\n").count
  }

  /// Whether something comes true, asked a hundred times.
  private func waited(_ isTrue: () throws -> Bool) throws -> Bool {
    for _ in 0..<100 {
      if try isTrue() { return true }
      usleep(20_000)
    }
    return false
  }

  /// A part that is no longer what its checkpoint speaks of is not gone on with, and the unit is done all the same.
  @Test func aDamagedPartIsNotGoneOnWith() throws {
    let process = try ProgramRun.started(arguments, in: folder.url)
    usleep(800_000)
    kill(process.processIdentifier, SIGTERM)
    process.waitUntilExit()
    let part = try #require(try files("run").keys.first { $0.hasSuffix(".zst.part") })
    try Data().write(to: folder.file("run/units/" + part))
    let last = try ProgramRun(arguments, in: folder.url)
    #expect(last.exitCode == 0, "\(last.errors)")
    try expectEqualResults()
  }

  @Test func anIntervalThatIsNoneIsRefused() throws {
    let run = try ProgramRun(["batch", "run", "run", "--checkpoint", "soon"], in: folder.url)
    #expect(run.exitCode == 64 && run.errors.contains("15min"), "\(run.errors)")
  }
}
