import Checkpoints
import Foundation
import TestSupport
import Testing

@testable import Batch

@Suite struct PlanTests {
  private func builder(_ options: [String] = [], program: String = "p 1", rule: String = "file", shard: Double = 100) -> PlanBuilder
  {
    PlanBuilder(program: program, options: options, files: [], rule: rule, shardSeconds: shard)
  }

  private func keys(_ folder: ScratchFolder, _ builder: PlanBuilder) throws -> [DigestValue] {
    let recordings = try builder.recordings(of: [folder.path]) { $0.hasSuffix(".mp4") }
    return builder.plan(of: recordings, seconds: recordings.map { _ in nil }).units.map(\.key)
  }

  private func clips() throws -> ScratchFolder {
    let folder = try ScratchFolder()
    for name in ["cam1_20260101_00.mp4", "cam1_20260101_01.mp4", "cam2_20260101_00.mp4", "day/cam1_20260102_00.mp4", "notes.txt"] {
      try folder.write(name, to: name)
    }
    return folder
  }

  @Test func aKeyTellsNameSizeOptionsAndProgramAndNothingElse() throws {
    let folder = try clips()
    let keys = try keys(folder, builder())
    #expect(keys.count == 4 && keys == keys.sorted())
    let copy = try ScratchFolder()
    for name in ["cam1_20260101_00.mp4", "cam1_20260101_01.mp4", "cam2_20260101_00.mp4", "day/cam1_20260102_00.mp4"] {
      try copy.write(name, to: name)
    }
    #expect(try self.keys(copy, builder()) == keys)
    #expect(Set(try self.keys(folder, builder(["--smooth"]))).isDisjoint(with: keys))
    #expect(Set(try self.keys(folder, builder(program: "p 2"))).isDisjoint(with: keys))
    try copy.write("longer than it was before", to: "cam2_20260101_00.mp4")
    #expect(Set(try self.keys(copy, builder())).intersection(keys).count == 3)
  }

  @Test func recordingsGoByFileFolderOrPattern() throws {
    let folder = try clips()
    func names(_ rule: String) throws -> [[String]] {
      try builder(rule: rule).recordings(of: [folder.path]) { $0.hasSuffix(".mp4") }.map { $0.map(\.name) }
    }
    #expect(try names("file").count == 4)
    #expect(
      try names("folder") == [
        ["cam1_20260101_00.mp4", "cam1_20260101_01.mp4", "cam2_20260101_00.mp4"], ["day/cam1_20260102_00.mp4"],
      ])
    #expect(
      try names("cam([0-9]+)_([0-9]{8})") == [
        ["cam1_20260101_00.mp4", "cam1_20260101_01.mp4"], ["cam2_20260101_00.mp4"], ["day/cam1_20260102_00.mp4"],
      ])
    #expect(throws: BatchError.self) { try names("cam") }
    #expect(throws: BatchError.self) { try names("cam([0-9]+") }
    #expect {
      try names("cam2_([0-9]{8})")
    } throws: { error in
      "\(error)".contains("does not match")
    }
  }

  @Test func inputsWithoutAVideoAndNamesThatMeetAreRefused() throws {
    let folder = try clips()
    let isVideo: (String) -> Bool = { $0.hasSuffix(".mp4") }
    for input in ["gone.mp4", "*.avi", "empty"] {
      try FileManager.default.createDirectory(at: folder.url.appendingPathComponent("empty"), withIntermediateDirectories: true)
      #expect(throws: BatchError.self) { try builder().recordings(of: [folder.file(input)], isVideo: isVideo) }
    }
    let other = try ScratchFolder()
    try other.write("x", to: "cam2_20260101_00.mp4")
    #expect(throws: BatchError.self) { try builder().recordings(of: [folder.path, other.path], isVideo: isVideo) }
    let glob = try builder().recordings(of: [folder.file("cam?_*_00.mp4")], isVideo: isVideo)
    #expect(glob.map { $0[0].name } == ["cam1_20260101_00.mp4", "cam2_20260101_00.mp4"])
  }

  @Test func whatCannotBeReachedIsTold() throws {
    let folder = try clips()
    try FileManager.default.createSymbolicLink(atPath: folder.file("day/dead.mp4"), withDestinationPath: folder.file("gone.mp4"))
    try folder.write("x", to: "day/two\nlines.mp4")
    var told: [String] = []
    let recordings = try builder().recordings(of: [folder.path], onLeftOut: { told.append($0) }) { $0.hasSuffix(".mp4") }
    #expect(recordings.count == 4 && told.count == 2 && told.allSatisfy { !$0.contains("\n") })
    #expect(told[0].contains("day/dead.mp4 leads to nothing") && told[1].contains("day/two?lines.mp4 has control characters"))
  }

  @Test func aPlanIsReadAsItWasWritten() throws {
    let folder = try ScratchFolder()
    try folder.write("x", to: "in/a \"quoted\" é.mp4")
    try folder.write("xy", to: "in/b.mp4")
    let builder = builder(["--classes", "a b"], shard: 1e-6)
    let recordings = try builder.recordings(of: [folder.file("in")]) { $0.hasSuffix(".mp4") }
    let (plan, units, shards) = builder.plan(of: recordings, seconds: [3.25, nil])
    let run = RunFolder(path: folder.file("run"))
    try run.write(plan, units: units, shards: shards)
    #expect(try run.plan() == plan)
    #expect(Set(try run.units(of: nil, in: plan).map(\.key)) == Set(units.map(\.key)))
    #expect(try run.units(of: 0, in: plan) == [units[shards[0][0]]])
    #expect(throws: BatchError.self) { try run.units(of: plan.shards, in: plan) }
    #expect(throws: BatchError.self) { try run.units(of: -1, in: plan) }
  }

  /// Each text with what it is replaced by: lines that are gone, twice or of no shard, and options that nobody planned.
  @Test func aRunWhoseFilesDoNotFitIsRefused() throws {
    let tracker = try FakeTracker()
    _ = try tracker.plan(["a.mp4": "one", "b.mp4": "two", "c.mp4": "three"], shardSeconds: 10)
    func lines(_ name: String) throws -> [String] {
      try tracker.folder.text("run/" + name).split(separator: "\n").map { $0 + "\n" }
    }
    let (plan, units, shards) = (try lines("plan.json")[0], try lines("units.ndjson"), try lines("shards.tsv"))
    // What a planning with other options left that was killed before it wrote the plan itself.
    let other = try FakeTracker()
    _ = try other.plan(["a.mp4": "one", "b.mp4": "two", "c.mp4": "three"], options: ["--smooth"], shardSeconds: 10)
    let damages: [(String, String)] = [
      ("units.ndjson", try other.folder.text("run/units.ndjson")),
      ("units.ndjson", units[0] + units[2]), ("units.ndjson", units[0] + units[0] + units[1] + units[2]), ("units.ndjson", ""),
      ("units.ndjson", units[1] + units[0] + units[2]), ("shards.tsv", shards[0] + shards[1]), ("shards.tsv", ""),
      ("shards.tsv", shards[0] + shards[0] + shards[2]),
      ("plan.json", plan.replacingOccurrences(of: #""options":[]"#, with: #""options":["--smooth"]"#)),
      ("plan.json", plan.replacingOccurrences(of: #""shards":3"#, with: #""shards":99"#)),
      ("plan.json", plan.replacingOccurrences(of: #""shards":3"#, with: #""shards":-1"#)),
    ]
    #expect(try RunStatus(of: tracker.run).open == 3)
    for (name, text) in damages {
      let whole = try tracker.folder.text("run/" + name)
      #expect(whole != text)
      try tracker.folder.write(text, to: "run/" + name)
      #expect(throws: BatchError.self, "\(name): \(text)") { try RunStatus(of: tracker.run) }
      try tracker.folder.write(whole, to: "run/" + name)
    }
    #expect(try RunStatus(of: tracker.run).open == 3)
  }

  @Test(arguments: ["plan.json", "units.ndjson", "shards.tsv"])
  func aRunThatIsDamagedIsToldAndNeverCrashes(name: String) throws {
    let tracker = try FakeTracker()
    let planned = try tracker.plan(["a.mp4": "one", "b.mp4": "two"])
    let text = Array(try String(contentsOfFile: tracker.run.path + "/" + name, encoding: .utf8).utf8)
    var random = TestRandom(seed: 7)
    for _ in 0..<200 {
      try Data(Mutation.of(text, &random)).write(to: URL(fileURLWithPath: tracker.run.path + "/" + name))
      guard let plan = try? tracker.run.plan() else { continue }
      _ = try? tracker.run.units(of: nil, in: plan)
      _ = try? RunStatus(of: tracker.run)
    }
    try FileManager.default.removeItem(atPath: tracker.run.path + "/" + name)
    #expect(throws: (any Error).self) { try tracker.run.units(of: nil, in: try tracker.run.plan()) }
    _ = planned
  }
}

@Suite struct ShardPackingTests {
  /// The least greatest sum of any division, by trying them all.
  private func best(_ costs: [Double], _ count: Int) -> Double {
    var least = Double.infinity
    func place(_ unit: Int, _ sums: inout [Double]) {
      guard unit < costs.count else {
        least = min(least, sums.max() ?? 0)
        return
      }
      for shard in sums.indices {
        sums[shard] += costs[unit]
        place(unit + 1, &sums)
        sums[shard] -= costs[unit]
      }
    }
    var sums = [Double](repeating: 0, count: count)
    place(0, &sums)
    return least
  }

  @Test func everyUnitIsInOneShardAndNoneIsLongerThanGrahamsBound() {
    var random = TestRandom(seed: 3)
    for _ in 0..<100 {
      let costs = (0..<Int.random(in: 1...8, using: &random)).map { _ in Double.random(in: 1...100, using: &random) }
      let target = Double.random(in: 40...400, using: &random)
      let shards = ShardPacking.shards(of: costs, target: target)
      #expect(shards.flatMap { $0 }.sorted() == Array(costs.indices))
      #expect(shards.count <= max(1, Int((costs.reduce(0, +) / target).rounded(.up))))
      let greatest = shards.map { $0.reduce(0) { $0 + costs[$1] } }.max() ?? 0
      #expect(greatest <= 4.0 / 3 * best(costs, shards.count) + 1e-9)
    }
  }

  @Test func unitsOfNoLengthAndNoUnits() {
    #expect(ShardPacking.shards(of: [], target: 10).isEmpty)
    #expect(ShardPacking.shards(of: [0, 0], target: 10) == [[0, 1]])
  }
}

@Suite struct ShardNumberTests {
  @Test(
    arguments: [
      (["SLURM_ARRAY_TASK_ID": "7"], 7), (["JOB_COMPLETION_INDEX": "0"], 0), (["AWS_BATCH_JOB_ARRAY_INDEX": "3"], 3),
      (["PBS_ARRAY_INDEX": "2"], 2), (["SGE_TASK_ID": "1"], 0), (["SGE_TASK_ID": "undefined"], nil), ([:], nil),
    ] as [([String: String], Int?)])
  func isTheEngines(environment: [String: String], number: Int?) throws {
    #expect(try ShardNumber.given(in: environment) == number)
  }

  @Test func whatIsNoNumberIsRefused() {
    #expect(throws: BatchError.self) { try ShardNumber.given(in: ["SLURM_ARRAY_TASK_ID": "x"]) }
    #expect(throws: BatchError.self) { try ShardNumber.given(in: ["SGE_TASK_ID": "0"]) }
  }
}

@Suite struct RunStatusTests {
  @Test func tellsMissingShardsAsSlurmTakesThem() throws {
    let tracker = try FakeTracker()
    let planned = try tracker.plan(Dictionary(uniqueKeysWithValues: (0..<6).map { ("\($0).mp4", "x") }), shardSeconds: 10)
    #expect(planned.plan.shards == 6)
    #expect(try RunStatus(of: tracker.run).missingText == "0-5")
    let done = try [1, 4].flatMap { try tracker.run.units(of: $0, in: planned.plan) }
    _ = try tracker.perform((planned.plan, done))
    let status = try RunStatus(of: tracker.run)
    #expect(status.missingText == "0,2-3,5")
    #expect(status.committed == 2 && status.open == 4 && status.frames == 14 && status.tracks == 4)
    #expect(status.doneCost == 20 && status.openCost == 40)
  }
}

@Suite struct JobScriptTests {
  @Test func wordsOfAShellComeBackAsTheyWere() throws {
    for text in ["/data/run 1", "it's", "a\"b$c`d\\e", "", "/plain-1.2_x"] {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = ["-c", "printf %s \(JobScript.word(text))"]
      let pipe = Pipe()
      process.standardOutput = pipe
      try process.run()
      #expect(String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self) == text)
    }
  }

  @Test func theArrayCountsTheShardsFromZero() {
    let text = JobScript(run: "/data/run", shards: 8, cores: 2, image: "sextant", recordings: "/data/clips").text(for: .slurm)
    #expect(text.contains("#SBATCH --array=0-7\n") && text.contains("exec sextant batch run /data/run --checkpoint 15min\n"))
  }
}
