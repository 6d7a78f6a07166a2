import Foundation
import Testing

/// A stream of a real run in other people's readers, through the very code of docs/analysis.md.
///
/// They come from PyPI (`make test-slow` fetches them into .build-python); without them the suite is skipped and says so.
@Suite struct AnalysisSlowTests {
  private static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// The Python of the virtual environment where there is one, else the machine's.
  private static let python: String = {
    let own = package.appendingPathComponent(".build-python/bin/python").path
    return FileManager.default.isExecutableFile(atPath: own) ? own : "python3"
  }()

  private static let hasReaders = (try? run("import duckdb, matplotlib, pandas, pyarrow", in: nil)) == ""

  private static let need: Comment = "needs Python's pandas, pyarrow, duckdb and matplotlib (make test-slow)"

  /// What a program prints; nil where it fails.
  private static func run(_ program: String, in folder: URL?) throws -> String? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [python, "-W", "ignore", "-c", program]
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(["MPLBACKEND": "Agg"]) { $1 }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return process.terminationStatus == 0 ? text : nil
  }

  /// The first block of code under a heading of the page.
  private static func block(under heading: String) throws -> String {
    let page = try String(contentsOf: package.appendingPathComponent("docs/analysis.md"), encoding: .utf8)
    let section = try #require(page.components(separatedBy: "\n## ").first { $0.hasPrefix(heading + "\n") })
    let code = try #require(section.components(separatedBy: "```python\n").dropFirst().first)
    return try #require(code.components(separatedBy: "```").first)
  }

  /// A folder with the stream of a run that fills gaps and gives earlier rows too.
  private static func tracked() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let clip = package.appendingPathComponent("samples/crossing.mp4").path
    let run = try ProgramRun(
      ["track", clip, "--forecast", "0.5", "--backfill", "-o", folder.file("tracks.ndjson").path, "--quiet"])
    #expect(run.exitCode == 0, "\(run.errors)")
    return folder
  }

  /// The last row of each track and frame, read by Foundation: their number, and the sum of their cx in hundredths of a pixel.
  private static func truth(_ folder: TemporaryFolder) throws -> (rows: Int, sum: Int, ids: Int) {
    var places: [String: Double] = [:]
    var ids = Set<Int>()
    for line in try String(contentsOf: folder.file("tracks.ndjson"), encoding: .utf8).split(separator: "\n") {
      let record = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      for track in record["tracks"] as? [[String: Any]] ?? [] {
        let (id, frame) = (try #require(track["id"] as? Int), try #require(record["frame"] as? Int))
        places["\(id) \(frame)"] = (track["box"] as? [String: Any])?["cx"] as? Double
        ids.insert(id)
      }
    }
    return (places.count, Int((places.values.reduce(0, +) * 100).rounded()), ids.count)
  }

  @Test(.enabled(if: hasReaders, need))
  func thePagesCodeReadsEveryRowAndDraws() throws {
    let folder = try Self.tracked()
    let truth = try Self.truth(folder)
    #expect(truth.rows > 100)
    let pandas =
      try Self.block(under: "pandas") + """

        assert tracks["course"].dtype == float and tracks["id"].dtype == int
        print(len(tracks), round(tracks["box.cx"].sum() * 100), tracks["id"].nunique())
        """
    #expect(try Self.run(pandas, in: folder.url) == "\(truth.rows) \(truth.sum) \(truth.ids)\n")
    #expect(try Data(contentsOf: folder.file("paths.png")).count > 1000)
    try FileManager.default.removeItem(at: folder.file("paths.png"))
    let duck =
      try Self.block(under: "DuckDB") + """

        print(sum(len(x) for _, x, _ in paths), round(sum(sum(x) for _, x, _ in paths) * 100), len(paths))
        """
    #expect(try Self.run(duck, in: folder.url) == "\(truth.rows) \(truth.sum) \(truth.ids)\n")
    #expect(try Data(contentsOf: folder.file("paths.png")).count > 1000)
  }

  /// Typed columns, said or found: every record is read, and no column has two types.
  @Test(.enabled(if: hasReaders, need))
  func typedReadersTakeTheWholeStream() throws {
    let folder = try Self.tracked()
    let lines = try String(contentsOf: folder.file("tracks.ndjson"), encoding: .utf8).split(separator: "\n").count
    let arrow =
      try Self.block(under: "Arrow") + """

        found = pa.json.read_json("tracks.ndjson", read_options=pa.json.ReadOptions(block_size=64 << 20))
        assert pa.types.is_list(found.schema.field("tracks").type) and pa.types.is_integer(found.schema.field("ids").type)
        assert table.schema.equals(types)
        print(table.num_rows, found.num_rows)
        """
    #expect(try Self.run(arrow, in: folder.url) == "\(lines) \(lines)\n")
    let duck = """
      import duckdb
      count, ids = duckdb.sql("SELECT count(*), max(ids) FROM read_json('tracks.ndjson', sample_size = -1)").fetchall()[0]
      types = dict(duckdb.sql("DESCRIBE SELECT tracks, ids FROM read_json('tracks.ndjson', sample_size = -1)").project("column_name, column_type").fetchall())
      assert types["ids"] == "BIGINT" and types["tracks"].startswith("STRUCT(") and types["tracks"].endswith("[]"), types
      print(count, ids)
      """
    let ids = try Self.truth(folder).ids
    #expect(try Self.run(duck, in: folder.url) == "\(lines) \(ids)\n")
  }
}
