import Foundation
import Testing

/// What batch runs need others for: a real Slurm, and Arrow and DuckDB that read the gathered tables.
@Suite struct BatchSlowTests {
  private static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  private static let python = package.appendingPathComponent(".build-python/bin/python").path
  private static let hasReaders = FileManager.default.isExecutableFile(atPath: python)

  /// Every field of every table, a float of 32 bits as such; rows in the order of the text.
  private static let program = """
    import csv, glob, json, sys, numpy, duckdb, pyarrow.parquet as pq
    snapshot = json.load(open(sorted(glob.glob('tables/snapshot-*.json'))[-1]))
    parts_of = lambda table: ['tables/' + p for p in snapshot['parts'] if p.startswith(table + '/')]
    fields = 0
    for table in ('observations', 'tracks', 'events', 'recordings'):
        parts = parts_of(table)
        rows = [r for p in parts for r in pq.ParquetFile(p).read().to_pylist()]
        schema = pq.ParquetFile(parts[0]).schema_arrow
        text = list(csv.DictReader(open('text/' + table + '.csv', newline='')))
        assert len(rows) == len(text) > 0, (table, len(rows), len(text))
        assert list(rows[0]) == list(text[0]), table
        key = lambda r: (r['unit'], int(r.get('id') or 0), int(r.get('frame') or 0))
        if table != 'events':
            rows, text = sorted(rows, key=key), sorted(text, key=key)
        for got, want in zip(rows, text):
            for name, value in got.items():
                kind, expected = str(schema.field(name).type), want[name]
                if name in ('work_s', 'peak_memory_bytes'): continue
                if value is None: assert expected == '', (table, name, expected)
                elif kind == 'float': assert numpy.float32(expected) == numpy.float32(value), (table, name, expected, value)
                elif kind == 'double': assert float(expected) == value, (table, name, expected, value)
                elif kind == 'int64': assert int(expected) == value, (table, name, expected, value)
                else: assert expected == value, (table, name, expected, value)
                fields += 1
        count = duckdb.sql(f"select count(*) from read_parquet({parts})").fetchall()[0][0]
        assert count == len(text), (table, count)
    parts = parts_of('observations')
    # The question of docs/scale.md, by its own code, against sums over the text.
    code = open(sys.argv[1]).read().split('```python')[1].split('```')[0]
    space = {}
    exec(code.replace('print(duckdb', 'answer = (duckdb'), space)
    speeds = {}
    for row in csv.DictReader(open('text/tracks.csv', newline='')):
        if row['mean_speed_px_per_s']:
            speeds.setdefault((row['class'], float(row['start_s']) // 3600), []).append(float(row['mean_speed_px_per_s']))
    answer = {row[:2]: row[2] for row in space['answer'].fetchall()}
    assert answer.keys() == speeds.keys() and len(speeds) > 0, answer
    for key, values in speeds.items(): assert abs(answer[key] - sum(values) / len(values)) < 1e-3 * answer[key], key
    # A single stream as a table of its own.
    unit = json.loads(open('run/units.ndjson').readline())['key']
    single = pq.ParquetFile('single.parquet').read().to_pylist()
    gathered = [r for p in parts_of('observations') for r in pq.ParquetFile(p).read().to_pylist() if r.pop('unit') == unit]
    order = lambda r: (r['id'], r['frame'])
    assert sorted(single, key=order) == sorted(gathered, key=order) and len(single) > 0
    print(fields, duckdb.sql(f"select count(distinct class) from read_parquet({parts}, hive_partitioning = true) group by day").fetchall())
    """

  /// A real Slurm whose daemons and workers are killed; the script installs it, for which it must be root.
  @Test(.enabled(if: getuid() == 0, "needs to be root, to install and run Slurm"))
  func slurmsDaemonsMayBeKilled() throws {
    let (code, said) = try Process(script: "test-slurm").runToEnd()
    #expect(code == 0, "\(said)")
  }

  @Test(.enabled(if: hasReaders, "needs Python's pyarrow and duckdb (make test-slow)"))
  func otherReadersSeeTheSameFields() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(at: folder.file("clips"), withIntermediateDirectories: true)
    for seed in 1...3 {
      let made = try ProgramRun(
        ["synthesize", "aerial", "-o", "clips/\(seed).mp4", "--size", "320x240", "--duration", "4", "--seed", "\(seed)", "-q"],
        in: folder.url)
      #expect(made.exitCode == 0, "\(made.errors)")
    }
    for arguments in [
      ["plan", "clips", "--out", "run", "-q"], ["run", "run", "-q"], ["gather", "run", "-o", "tables", "-q"],
      ["gather", "run", "-o", "text", "--to", "csv", "-q"],
    ] {
      let run = try ProgramRun(["batch"] + arguments, in: folder.url)
      #expect(run.exitCode == 0, "\(arguments) \(run.errors)")
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Self.python)
    let keys = try String(contentsOf: folder.file("run/units.ndjson"), encoding: .utf8).split(separator: "\n")
    let unit = try #require(try JSONSerialization.jsonObject(with: Data(keys[0].utf8)) as? [String: Any])
    let key = try #require(unit["key"] as? String)
    let single = try ProgramRun(
      ["convert", "run/units/\(key.prefix(2))/\(key)/tracks.ndjson.zst", "single.parquet", "--to", "parquet", "-q"], in: folder.url)
    #expect(single.exitCode == 0, "\(single.errors)")
    process.arguments = ["-c", Self.program, Self.package.appendingPathComponent("docs/scale.md").path]
    process.currentDirectoryURL = folder.url
    let errors = Pipe()
    process.standardError = errors
    try process.run()
    let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(said)")
  }
}
