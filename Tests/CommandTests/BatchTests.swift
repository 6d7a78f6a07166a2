import Foundation
import Testing

/// A folder of small clips, one of them below another folder, and the runs over them.
private struct Clips {
  let folder: TemporaryFolder
  private static let names = ["a.mp4", "b.mp4", "night/c.mp4"]

  init() throws {
    folder = try TemporaryFolder()
    for (seed, name) in Clips.names.enumerated() {
      let path = folder.file("clips/" + name)
      try FileManager.default.createDirectory(at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
      let made = try ProgramRun(
        // Large enough for tracks: objects of smaller pictures are a few unsure pixels.
        ["synthesize", "crossing", "-o", path.path, "--size", "160x120", "--duration", "1", "--seed", "\(seed + 1)", "-q"])
      #expect(made.exitCode == 0, "\(made.errors)")
    }
  }

  func batch(_ arguments: String..., variables: [String: String] = [:]) throws -> ProgramRun {
    try ProgramRun(["batch"] + arguments, in: folder.url, variables: variables)
  }

  func plan(_ run: String = "run", options: [String] = []) throws {
    let planned = try ProgramRun(
      ["batch", "plan", "clips", "--out", run, "-q"] + (options.isEmpty ? [] : ["--"] + options), in: folder.url)
    #expect(planned.exitCode == 0, "\(planned.errors)")
  }

  func text(_ name: String) throws -> String { try String(contentsOf: folder.file(name), encoding: .utf8) }

  /// The units of a run: key and the path of the only file.
  func units(_ run: String = "run") throws -> [(key: String, path: String)] {
    try text(run + "/units.ndjson").split(separator: "\n").map { line in
      let unit = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      let files = try #require(unit["files"] as? [[String: Any]])
      return (try #require(unit["key"] as? String), try #require(files[0]["path"] as? String))
    }
  }

  /// The digests of the receipts, by key.
  func digests(_ run: String = "run") throws -> [String: String] {
    var digests: [String: String] = [:]
    for (key, _) in try units(run) {
      let receipt = try JSONSerialization.jsonObject(
        with: Data(contentsOf: folder.file("\(run)/units/\(key.prefix(2))/\(key)/receipt.json")))
      digests[key] = (receipt as? [String: Any])?["digest"] as? String
    }
    return digests
  }
}

@Suite struct BatchTests {
  @Test func gatheredRowsAreThoseOfSingleRuns() throws {
    let clips = try Clips()
    try clips.plan(options: ["--smooth"])
    #expect(try clips.batch("status", "run").exitCode == 1)
    let run = try clips.batch("run", "run", "--jobs", "2")
    #expect(run.exitCode == 0 && run.errors.contains("3 done, 0 done before"), "\(run.errors)")
    let again = try clips.batch("run", "run")
    #expect(again.errors.contains("0 done, 3 done before"), "\(again.errors)")
    #expect(try clips.batch("status", "run").exitCode == 0)

    #expect(try clips.batch("gather", "run", "-o", "tables", "--to", "csv").exitCode == 0)
    var observations: [String] = [], tracks: [String] = []
    for (key, path) in try clips.units() {
      let single = try ProgramRun(
        [
          "track", path, "--smooth", "-o", "/dev/null", "--csv", "single.csv", "--summary", "single-tracks.csv", "--overwrite",
          "-q",
        ],
        in: clips.folder.url)
      #expect(single.exitCode == 0, "\(single.errors)")
      func rows(_ name: String) throws -> [String] {
        try clips.text(name).split(separator: "\n").enumerated().map { "\($1)," + ($0 == 0 ? "unit" : key) }
      }
      observations += try rows("single.csv").dropFirst(observations.isEmpty ? 0 : 1)
      tracks += try rows("single-tracks.csv").dropFirst(tracks.isEmpty ? 0 : 1)
    }
    #expect(observations.count > 10 && tracks.count > 3)
    // Byte for byte: a run gives its tables the values that its stream has.
    #expect(try clips.text("tables/observations.csv") == observations.joined(separator: "\n") + "\n")
    #expect(try clips.text("tables/tracks.csv") == tracks.joined(separator: "\n") + "\n")
    #expect(try clips.text("tables/recordings.csv").split(separator: "\n").count == 4)
  }

  @Test func whatIsKilledIsDoneByTheNextRunWithTheSameBytes() throws {
    let clips = try Clips()
    try clips.plan()
    try clips.plan("killed")
    let start = ContinuousClock.now
    #expect(try clips.batch("run", "run").exitCode == 0)
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    var generator = SystemlessRandom(state: 5)
    for _ in 0..<6 {
      let process = try ProgramRun.started(["batch", "run", "killed"], in: clips.folder.url)
      usleep(UInt32(min(seconds, 60) * generator.unit() * 1e6))
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    #expect(try clips.batch("run", "killed").exitCode == 0)
    #expect(try clips.digests("killed") == clips.digests())
    let left = FileManager.default.enumerator(atPath: clips.folder.file("killed").path)?.compactMap { $0 as? String } ?? []
    #expect(!left.contains { $0.contains("part.") })
  }

  @Test func shardsAreTakenFromTheEngineAndMissingOnesTold() throws {
    let clips = try Clips()
    let planned = try clips.batch("plan", "clips", "--out", "run", "--shard", "1s")
    #expect(planned.errors.contains("3 recordings") && planned.errors.contains("in 3 shards"), "\(planned.errors)")
    #expect(try clips.batch("run", "run", variables: ["SLURM_ARRAY_TASK_ID": "1"]).exitCode == 0)
    let status = try clips.batch("status", "run", "--missing")
    #expect(status.output == "0,2\n" && status.exitCode == 1)
    #expect(try clips.batch("run", "run", variables: ["SLURM_ARRAY_TASK_ID": "3"]).exitCode == 64)
    for engine in ["slurm", "kubernetes", "snakemake"] {
      let script = try clips.batch("script", engine, "run")
      #expect(script.exitCode == 0 && script.output.contains(clips.folder.file("run").path), "\(script.errors)")
    }
  }

  @Test func damagedClipsAreToldOnceAndTheOthersAreDone() throws {
    let clips = try Clips()
    _ = try clips.folder.write("no video at all", "clips/broken.mp4")
    try clips.plan()
    let run = try clips.batch("run", "run")
    #expect(run.exitCode == 0 && run.errors.contains("broken.mp4"), "\(run.errors)")
    #expect(try !clips.batch("run", "run").errors.contains("broken.mp4:"))
    let status = try clips.batch("status", "run")
    #expect(status.exitCode == 65 && status.output.contains("broken.mp4"), "\(status.output)")
    let json =
      try JSONSerialization.jsonObject(with: Data(try clips.batch("status", "run", "--json").output.utf8)) as? [String: Any]
    #expect(json?["committed"] as? Int == 3 && json?["failed"] as? Int == 1 && json?["open"] as? Int == 0)
  }

  @Test func theSettingsFileIsKeptAndAnotherMakesOtherUnits() throws {
    let clips = try Clips()
    let settings = try clips.folder.write("max_frames: 3\n", "s.yaml")
    #expect(try clips.batch("plan", "clips", "--out", "run", "--config", settings, "-q").exitCode == 0)
    let keys = Set(try clips.units().map(\.key))
    _ = try clips.folder.write("max_frames: 9\n", "s.yaml")
    #expect(try clips.batch("run", "run").exitCode == 0)
    let status = try clips.batch("status", "run", "--json").output
    #expect(status.contains("\"frames\":9,"), "\(status)")
    #expect(try clips.batch("plan", "clips", "--out", "run", "--config", settings, "-q").exitCode == 0)
    #expect(keys.isDisjoint(with: try clips.units().map(\.key)))
    _ = try clips.folder.write("max_frames: 8\n", "run/settings.yaml")
    let changed = try clips.batch("run", "run")
    #expect(changed.exitCode == 65 && changed.errors.contains("settings.yaml"), "\(changed.errors)")
  }

  @Test func badInputsEachHaveTheirSentenceAndCode() throws {
    let clips = try Clips()
    let cases: [([String], Int32, String)] = [
      (["plan", "none/*.mp4", "--out", "run"], 66, "there is no video"), (["plan", "--out", "run"], 64, "no input"),
      (["plan", "clips", "--out", "run", "--shard", "3x"], 64, "--shard"),
      (["plan", "clips", "--out", "run", "--recording", "x["], 64, "regular expression"),
      (["plan", "clips", "--out", "run", "--", "--no-such"], 64, "--no-such"),
      (["plan", "clips", "--out", "run", "--", "--overlay", "x.mp4"], 64, "outputs"),
      (["plan", "clips", "--out", "run", "--", "more.mp4"], 64, "more.mp4"),
      (["plan", "clips", "--out", "clips/a.mp4"], 73, "a.mp4"), (["run", "clips"], 66, "plan.json"),
      (["status", "gone"], 66, "gone"),
      (["gather", "gone", "-o", "t"], 66, "gone"), (["run", "clips", "--jobs", "0"], 64, "--jobs"),
    ]
    for (arguments, code, word) in cases {
      let run = try ProgramRun(["batch"] + arguments, in: clips.folder.url)
      #expect(run.exitCode == code && run.errors.contains(word), "\(arguments): \(run.exitCode) \(run.errors)")
    }
    try clips.plan()
    let plan = try clips.text("run/plan.json")
    _ = try clips.folder.write(plan.replacingOccurrences(of: "sextant 0", with: "sextant 9"), "run/plan.json")
    let other = try clips.batch("run", "run")
    #expect(other.exitCode == 65 && other.errors.contains("make it anew"), "\(other.errors)")
    _ = try clips.folder.write("{", "run/plan.json")
    #expect(try clips.batch("run", "run").exitCode == 65)
    // A half deleted run.
    _ = try clips.folder.write(plan, "run/plan.json")
    try FileManager.default.removeItem(at: clips.folder.file("run/units.ndjson"))
    #expect(try clips.batch("run", "run").exitCode == 66)
  }

  @Test func aFileThatChangedSinceThePlanIsNamed() throws {
    let clips = try Clips()
    try clips.plan()
    let path = clips.folder.file("clips/b.mp4")
    let more = try FileHandle(forWritingTo: path)
    try more.seekToEnd()
    try more.write(contentsOf: Data([0]))
    try more.close()
    let run = try clips.batch("run", "run")
    #expect(run.exitCode == 0 && run.errors.contains("b.mp4 has another size"), "\(run.errors)")
    #expect(try clips.batch("status", "run").exitCode == 65)
  }

  @Test func twoMayGatherAtOnce() throws {
    let clips = try Clips()
    try clips.plan()
    _ = try clips.batch("run", "run", "-q")
    for _ in 0..<5 {
      let both = try (0..<2).map { _ in
        try ProgramRun.started(["batch", "gather", "run", "-o", "tables", "-q"], in: clips.folder.url)
      }
      for process in both {
        process.waitUntilExit()
        #expect(process.terminationReason == .exit && process.terminationStatus == 0)
      }
      let names = try FileManager.default.contentsOfDirectory(atPath: clips.folder.file("tables").path)
      let newest = try #require(names.compactMap { Int($0.dropFirst(9).dropLast(5)) }.max())
      let text = try clips.text("tables/snapshot-\(newest).json")
      let snapshot = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
      let parts = try #require(snapshot?["parts"] as? [String])
      #expect(!parts.isEmpty)
      for part in parts { #expect(FileManager.default.fileExists(atPath: clips.folder.file("tables/" + part).path), "\(part)") }
    }
  }

  @Test func anUnchangedDayIsNotWrittenAgain() throws {
    let clips = try Clips()
    try clips.plan()
    _ = try clips.batch("run", "run", "-q")
    #expect(try clips.batch("gather", "run", "-o", "tables", "-q").exitCode == 0)
    let again = try clips.batch("gather", "run", "-o", "tables")
    #expect(again.errors.contains("1 days as they were") || again.errors.contains("as they were"), "\(again.errors)")
    let snapshot = try JSONSerialization.jsonObject(with: Data(try clips.text("tables/snapshot-2.json").utf8)) as? [String: Any]
    let parts = try #require(snapshot?["parts"] as? [String])
    #expect(parts.count % 4 == 0 && parts.count >= 4)
    for part in parts {
      let bytes = try Data(contentsOf: clips.folder.file("tables/" + part))
      #expect(bytes.prefix(4) == Data("PAR1".utf8) && bytes.suffix(4) == Data("PAR1".utf8))
    }
  }
}
