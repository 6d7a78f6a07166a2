import Checkpoints
import Foundation
import Records

/// Brings the results of a run together as tables that databases read.
///
/// ```
/// DATASET/observations/day=2026-11-27/DIGEST.parquet    and so tracks, events, recordings
/// DATASET/snapshot-3.json                                the parts that belong together; the newest counts
/// ```
///
/// A part is named after the receipts in it: what has not changed is not written again. A reader that took a snapshot's list can go on with
/// it while the next is made; parts that neither of the last two names are removed.
public struct Gathering {
  /// What was gathered.
  public struct Summary: Sendable, Equatable {
    /// Recordings with a receipt.
    public var recordings = 0
    /// Those without.
    public var missing = 0
    /// Parts that were there already.
    public var keptParts = 0
    /// Parts written now.
    public var writtenParts = 0
  }

  private let run: RunFolder
  private let dataset: String

  /// A run's results in a folder of tables.
  public init(run: RunFolder, dataset: String) { (self.run, self.dataset) = (run, dataset) }

  /// One committed unit.
  private struct Result {
    let unit: BatchUnit
    let receipt: Receipt
  }

  /// Writes Parquet files, a part for each day on which recordings were changed last, and a snapshot that names them.
  ///
  /// - Throws: `BatchError` for a run that is not whole or a result that is not that of its receipt; `RecordsError` of the files.
  public func parquet() throws -> Summary {
    var summary = Summary()
    let days = Dictionary(grouping: try results(&summary)) { Day.text($0.unit.files.first?.modified ?? 0) }
    let lock = try lock()
    defer { close(lock) }
    var parts: [String] = []
    for day in days.keys.sorted() {
      let results = days[day] ?? []
      let name = "day=\(day)/\(DigestValue.of(results.map(\.receipt.digest.text) + results.map(\.unit.key.text)).text).parquet"
      let paths = GatheredTables.names.map { "\($0)/\(name)" }
      parts += paths
      if paths.allSatisfy({ FileState(path: "\(dataset)/\($0)")?.size ?? 0 > 0 }) {
        summary.keptParts += 1
        continue
      }
      for table in GatheredTables.names { try makeFolder("\(dataset)/\(table)/day=\(day)") }
      try write(results, to: try GatheredTables(parquet: { "\(dataset)/\($0)/\(name)" }))
      summary.writtenParts += 1
    }
    try Snapshots(dataset: dataset).add(parts: parts, recordings: summary.recordings)
    return summary
  }

  /// Writes one file of comma-separated text a table.
  ///
  /// - Throws: As `parquet`.
  public func csv() throws -> Summary {
    var summary = Summary()
    let results = try results(&summary)
    let lock = try lock()
    defer { close(lock) }
    try write(results, to: try GatheredTables(csv: { "\(dataset)/\($0).csv" }))
    summary.writtenParts = 1
    return summary
  }

  /// Writes all tables into one database of SQLite, `tables.sqlite`.
  ///
  /// - Throws: As `parquet`; also where the library is not there.
  public func sqlite() throws -> Summary {
    var summary = Summary()
    let results = try results(&summary)
    let lock = try lock()
    defer { close(lock) }
    let database = try SQLiteDatabase(path: "\(dataset)/tables.sqlite", overwrite: true)
    try write(results, to: try GatheredTables(sqlite: database))
    try database.close(indices: GatheredTables.indices)
    summary.writtenParts = 1
    return summary
  }

  /// The committed units, by ascending key.
  private func results(_ summary: inout Summary) throws -> [Result] {
    var results: [Result] = []
    var missing = 0
    try run.forEachUnit(of: try run.plan()) { unit in
      if let receipt = Receipt(path: run.unit(unit.key).receiptFile, of: unit.key) {
        results.append(Result(unit: unit, receipt: receipt))
      } else {
        missing += 1
      }
    }
    (summary.recordings, summary.missing) = (results.count, missing)
    return results
  }

  private func write(_ results: [Result], to tables: GatheredTables) throws {
    for (place, result) in results.enumerated() {
      let stream = run.unit(result.unit.key).resultFile
      do throws(RecordsError) {
        try add(result, at: place, to: tables, stream)
      } catch {
        guard error.isAboutReading else { throw error }
        throw BatchError.malformed(
          path: stream, reason: "its receipt stands, but \(error); remove its folder and do the run again, which makes it anew")
      }
    }
    try tables.close()
  }

  private func add(_ result: Result, at place: Int, to tables: GatheredTables, _ stream: String) throws(RecordsError) {
    var text = StreamText()
    try PlainText.read(stream) { text.add($0) }
    guard text.digest.value == result.receipt.digest else {
      throw .malformed(path: stream, reason: "its text is another than the one that the receipt speaks of")
    }
    try UnitTables(tables: tables, unit: result.unit, place: place).add(result.receipt, stream: stream)
  }

  /// Waits until no other gathering writes into the dataset's folder, which is made where it is not there.
  ///
  /// - Returns: A descriptor that keeps others out until it is closed.
  private func lock() throws(BatchError) -> Int32 {
    try makeFolder(dataset)
    let descriptor = open(dataset, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw BatchError.using(dataset, errno) }
    // A file system without locks keeps nobody out; then the locks of the single files tell.
    flock(descriptor, LOCK_EX)
    return descriptor
  }

  private func makeFolder(_ path: String) throws(BatchError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw .cannotCreate(path: path, reason: "the system refuses it")
    }
  }
}

/// The lists of a dataset's parts that belong together: `snapshot-N.json`, the newest counts.
struct Snapshots {
  let dataset: String

  private struct Content: Codable {
    var schema = Snapshots.schema
    var recordings: Int
    var parts: [String]
  }

  private static let schema = "sextant-snapshot/1"
  /// Bytes; a list of a thousand years of days.
  private static let greatest = 256 << 20

  /// The numbers of those that are there, ascending.
  private var numbers: [Int] {
    ((try? FileManager.default.contentsOfDirectory(atPath: dataset)) ?? []).compactMap { name in
      guard name.hasPrefix("snapshot-"), name.hasSuffix(".json") else { return nil }
      return Int(name.dropFirst(9).dropLast(5))
    }.sorted()
  }

  private func path(_ number: Int) -> String { "\(dataset)/snapshot-\(number).json" }

  /// Adds a list, behind that of whoever gathers at the same time, and removes what neither it nor the one before it names.
  func add(parts: [String], recordings: Int) throws {
    try FileManager.default.createDirectory(atPath: dataset, withIntermediateDirectories: true)
    let text = JSONValue.object([
      ("schema", .text(Snapshots.schema)), ("recordings", .integer(recordings)), ("parts", .list(parts.map { .text($0) })),
    ]).json
    var number = (numbers.last ?? 0) + 1
    let part = "\(dataset)/snapshot.\(getpid()).part"
    while try !SmallFile.write(text, to: path(number), by: part, replaces: false) { number += 1 }
    try FolderSync.sync(dataset)
    try removeOldParts()
  }

  private func removeOldParts() throws {
    let kept = numbers.suffix(2)
    for number in numbers where !kept.contains(number) { unlink(path(number)) }
    let lists = kept.compactMap { SmallFile.decoded(path($0), limit: Snapshots.greatest) as Content? }
    // What was written since may belong to a snapshot that somebody else is about to make.
    guard kept.count == 2, lists.count == 2, let first = kept.first, let start = FileState(path: path(first)) else { return }
    let named = Set(lists.flatMap(\.parts))
    for table in GatheredTables.names {
      for day in (try? FileManager.default.contentsOfDirectory(atPath: "\(dataset)/\(table)")) ?? [] where day.hasPrefix("day=") {
        for file in (try? FileManager.default.contentsOfDirectory(atPath: "\(dataset)/\(table)/\(day)")) ?? [] {
          let part = "\(table)/\(day)/\(file)"
          guard !named.contains(part), let state = FileState(path: "\(dataset)/\(part)"), state.modified < start.modified else {
            continue
          }
          unlink("\(dataset)/\(part)")
        }
      }
    }
  }
}

/// Times of files as text, in UTC.
enum Day {
  /// `2026-11-27`.
  static func text(_ nanoseconds: Int) -> String { String(time(nanoseconds).prefix(10)) }

  /// `2026-11-27T10:20:30Z`.
  static func time(_ nanoseconds: Int) -> String {
    var seconds = time_t(nanoseconds / 1_000_000_000)
    var parts = tm()
    guard gmtime_r(&seconds, &parts) != nil else { return "1970-01-01T00:00:00Z" }
    return String(
      format: "%04d-%02d-%02dT%02d:%02d:%02dZ", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min,
      parts.tm_sec)
  }
}
