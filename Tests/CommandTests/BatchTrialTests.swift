import Foundation
import Testing

/// What people met who tried `sextant batch`.
@Suite struct BatchTrialTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func clip(_ name: String, seed: Int = 1) throws {
    let path = folder.file(name)
    try FileManager.default.createDirectory(at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
    let made = try ProgramRun(
      ["synthesize", "crossing", "-o", path.path, "--size", "96x64", "--duration", "0.5", "--seed", "\(seed)", "-q"])
    #expect(made.exitCode == 0, "\(made.errors)")
  }

  private func batch(_ arguments: String...) throws -> ProgramRun { try ProgramRun(["batch"] + arguments, in: folder.url) }

  /// Their digests are part of the units' keys.
  @Test(arguments: [["--detector", "det.onnx"], ["--motion", "motion.json"], ["--detections", "d.txt"], ["--roi", "mask.png"]])
  func filesThatOptionsNameAreNamedWholeAndAreThere(options: [String]) throws {
    try clip("clips/a.mp4")
    _ = try folder.write("anything", options[1])
    let relative = try ProgramRun(["batch", "plan", "clips", "--out", "run", "--"] + options, in: folder.url)
    #expect(relative.exitCode == 64 && relative.errors.contains("whole path"), "\(relative.errors)")
    let absent = try ProgramRun(
      ["batch", "plan", "clips", "--out", "run", "--", options[0], folder.file("absent" + options[1]).path], in: folder.url)
    #expect(absent.exitCode == 66, "\(absent.errors)")
    var keys: Set<String> = []
    for content in ["one", "two"] {
      _ = try folder.write(content, options[1])
      let planned = try ProgramRun(
        ["batch", "plan", "clips", "--out", "run", "-q", "--", options[0], folder.file(options[1]).path], in: folder.url)
      #expect(planned.exitCode == 0, "\(planned.errors)")
      keys.insert(String(decoding: try Data(contentsOf: folder.file("run/units.ndjson")), as: UTF8.self))
    }
    #expect(keys.count == 2)
  }

  @Test func aModelThatGoesAwayIsNoFaultOfTheRecordings() throws {
    try clip("clips/a.mp4")
    let mask = try folder.write("no picture", "mask.png")
    #expect(try batch("plan", "clips", "--out", "run", "-q", "--", "--roi", mask).exitCode == 0)
    try FileManager.default.removeItem(atPath: mask)
    let run = try batch("run", "run")
    #expect(run.exitCode == 66 && run.errors.contains("mask.png"), "\(run.errors)")
    #expect(try batch("status", "run").exitCode == 1)
  }

  /// The clip is replaced by one of the same size and time, and then by a copy of another time.
  @Test func contentsDecideWhereTheyAreKnown() throws {
    try clip("clips/a.mp4")
    let path = folder.file("clips/a.mp4")
    let date = Date(timeIntervalSince1970: 1.7e9)
    func touch(_ bytes: Data, _ date: Date) throws {
      try bytes.write(to: path)
      try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path.path)
    }
    var bytes = try Data(contentsOf: path)
    let original = bytes
    try touch(original, date)
    func key() throws -> String {
      let planned = try batch("plan", "clips", "--out", "run", "--verify", "-q")
      #expect(planned.exitCode == 0, "\(planned.errors)")
      return try String(contentsOf: folder.file("run/units.ndjson"), encoding: .utf8).components(separatedBy: "\"")[3]
    }
    let first = try key()
    bytes[bytes.count / 2] ^= 1
    try touch(bytes, date)
    #expect(try key() != first)
    try touch(original, date)
    #expect(try key() == first)
    try touch(original, date + 60)
    let copied = try batch("run", "run")
    #expect(copied.exitCode == 0 && copied.errors.contains("1 done"), "\(copied.errors)")
  }

  @Test func aLinkThatGoesRoundAddsNothing() throws {
    try clip("clips/a.mp4")
    try FileManager.default.createSymbolicLink(atPath: folder.file("clips/self").path, withDestinationPath: ".")
    let planned = try batch("plan", "clips", "--out", "run")
    #expect(planned.exitCode == 0 && planned.errors.contains("1 recording of"), "\(planned.errors)")
  }

  @Test func jobsAreQuotedAndFollowThePlan() throws {
    try clip("clips/a.mp4")
    #expect(try batch("plan", "clips", "--out", "a run 5%", "-q").exitCode == 0)
    let slurm = try batch("script", "slurm", "a run 5%").output
    #expect(slurm.contains("--output='\(folder.file("a run 5%%").path)'/slurm-%a.log\n"), "\(slurm)")
    #expect(try batch("script", "snakemake", "a run 5%").output.contains("input: RUN + \"/plan.json\""))
  }

  /// A clip that is cut in its middle is tracked up to there.
  @Test func damagedRecordingsAreCounted() throws {
    try clip("clips/a.mp4")
    let whole = try ProgramRun(
      ["synthesize", "crossing", "-o", "clips/b.ts", "--size", "96x64", "--duration", "2", "--seed", "2", "-q"], in: folder.url)
    guard whole.exitCode == 0 else { return }
    var bytes = try Data(contentsOf: folder.file("clips/b.ts"))
    for place in stride(from: bytes.count / 3, to: bytes.count * 2 / 3, by: 3) { bytes[place] ^= 0x55 }
    try bytes.write(to: folder.file("clips/b.ts"))
    #expect(try batch("plan", "clips", "--out", "run", "-q").exitCode == 0)
    let run = try batch("run", "run")
    #expect(run.exitCode == 0, "\(run.errors)")
    let status = try batch("status", "run")
    #expect(status.output.contains("damaged  1"), "\(status.output)")
    // What the tracker said of it is told here and in the table.
    #expect(status.output.contains("  warning  b.ts: ") && status.output.contains("damaged"), "\(status.output)")
    #expect(try batch("gather", "run", "-o", "tables", "--to", "csv", "-q").exitCode == 0)
    let table = try String(contentsOf: folder.file("tables/recordings.csv"), encoding: .utf8)
    #expect(table.split(separator: "\n")[0].contains(",warnings,") && table.contains("clips/b.ts: "), "\(table)")
  }

  /// A result that the disk has spoilt names the way out; a receipt that cannot be read does not stand in the way.
  @Test func spoiltResultsAreMadeAnew() throws {
    try clip("clips/a.mp4")
    #expect(try batch("plan", "clips", "--out", "run", "-q").exitCode == 0)
    #expect(try batch("run", "run", "-q").exitCode == 0)
    let names = FileManager.default.enumerator(atPath: folder.file("run/units").path)?.compactMap { $0 as? String } ?? []
    let receipt = folder.file("run/units/" + (try #require(names.first { $0.hasSuffix("receipt.json") })))
    let stream = folder.file("run/units/" + (try #require(names.first { $0.hasSuffix(".zst") })))
    let text = try Data(contentsOf: receipt)
    try text.prefix(50).write(to: receipt)
    #expect(try batch("run", "run", "-q").exitCode == 0)
    #expect(try Data(contentsOf: receipt).count > 50)
    try Data(contentsOf: stream).prefix(100).write(to: stream)
    let gathered = try batch("gather", "run", "-o", "tables")
    #expect(gathered.exitCode == 65 && gathered.errors.contains("remove its folder"), "\(gathered.errors)")
    try FileManager.default.removeItem(at: stream.deletingLastPathComponent())
    #expect(try batch("run", "run", "-q").exitCode == 0)
    #expect(try batch("gather", "run", "-o", "tables", "-q").exitCode == 0)
  }

  /// Python's own reader of SQLite sees the fields of the comma-separated text.
  @Test func aDatabaseHoldsTheSameFieldsAsText() throws {
    for seed in 1...2 { try clip("clips/\(seed).mp4", seed: seed) }
    #expect(try batch("plan", "clips", "--out", "run", "-q").exitCode == 0)
    #expect(try batch("run", "run", "-q").exitCode == 0)
    for form in ["csv", "sqlite"] {
      let gathered = try batch("gather", "run", "-o", "tables", "--to", form)
      #expect(gathered.exitCode == 0, "\(gathered.errors)")
    }
    let program = """
      import csv, sqlite3
      base = sqlite3.connect('file:tables/tables.sqlite?mode=ro', uri=True)
      assert base.execute('pragma integrity_check').fetchone() == ('ok',)
      fields = 0
      for table in ('observations', 'tracks', 'events', 'recordings'):
          text = list(csv.reader(open('tables/' + table + '.csv', newline='')))
          rows = base.execute('select * from ' + table + ' order by rowid')
          assert [c[0] for c in rows.description] == text[0], table
          rows = rows.fetchall()
          assert len(rows) == len(text) - 1 > 0, table
          for row, expected in zip(rows, text[1:]):
              for value, field in zip(row, expected):
                  same = field == '' if value is None else float(field) == value if not isinstance(value, str) else field == value
                  assert same, (table, value, field)
                  fields += 1
      print(fields)
      """
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", program]
    process.currentDirectoryURL = folder.url
    let errors = Pipe()
    process.standardError = errors
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(said)")
  }

  /// A disk of a megabyte, full but for a few kilobytes: nothing is committed, and the next run does what is missing.
  @Test(.enabled(if: getuid() == 0, "needs to be root, to mount a disk of a megabyte"))
  func aFullDiskCommitsNothing() throws {
    for seed in 1...2 { try clip("clips/\(seed).mp4", seed: seed) }
    let disk = folder.file("disk").path
    try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
    guard try system("mount", "-t", "tmpfs", "-o", "size=1m", "none", disk) == 0 else { return }
    defer { _ = try? system("umount", disk) }
    #expect(try batch("plan", "clips", "--out", "disk/run", "-q").exitCode == 0)
    let filler = disk + "/filler"
    try Data().write(to: URL(fileURLWithPath: filler))
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: filler))
    while (try? file.write(contentsOf: Data(count: 4096))) != nil {}
    try file.close()
    for option in [[], ["--checkpoint", "0.1s"]] {
      let run = try ProgramRun(["batch", "run", "disk/run"] + option, in: folder.url)
      #expect(run.exitCode == 74, "\(run.exitCode): \(run.errors)")
      let names = FileManager.default.enumerator(atPath: disk)?.compactMap { $0 as? String } ?? []
      #expect(!names.contains { $0.hasSuffix("receipt.json") || $0.hasSuffix("failure.json") }, "\(names)")
    }
    try FileManager.default.removeItem(atPath: filler)
    let next = try batch("run", "disk/run")
    #expect(next.exitCode == 0 && next.errors.contains("2 done, 0 done before"), "\(next.errors)")
  }

  private func system(_ arguments: String...) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}
