import Checkpoints
import Foundation
import Records

/// The folder of a run: the plan, its units and shards, and what came out of each unit.
///
/// ```
/// RUN/plan.json       what was asked for
/// RUN/settings.yaml   the settings file, where one was given
/// RUN/units.ndjson    a recording a line, by ascending key
/// RUN/shards.tsv      shard, cost in seconds of recording, key; the costliest shard and unit first
/// RUN/units/ab/KEY/   tracks.ndjson.zst and receipt.json, or failure.json
/// ```
public struct RunFolder: Sendable {
  /// Where it lies.
  public let path: String

  /// - Parameter path: The folder, there or not.
  public init(path: String) { self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path }

  var planFile: String { path + "/plan.json" }
  var unitsFile: String { path + "/units.ndjson" }
  var shardsFile: String { path + "/shards.tsv" }
  /// The settings file that the options name.
  public var settingsFile: String { path + "/settings.yaml" }

  /// The folder of a unit. Two digits lie between: file systems slow down in folders of a million entries.
  func unit(_ key: DigestValue) -> UnitFolder { UnitFolder(path: "\(path)/units/\(key.text.prefix(2))/\(key.text)") }

  // MARK: - Writing

  /// Writes a plan. The plan itself comes last, so that a run without one was not planned to its end; results that are there stay.
  ///
  /// - Throws: `BatchError.cannotCreate`; `RecordsError` of the files.
  public func write(_ plan: BatchPlan, units: [BatchUnit], shards: [[Int]]) throws {
    try create()
    try writeUnits(units)
    try writeShards(shards, units)
    try text(plan.text + "\n", to: planFile)
    try FolderSync.sync(path)
  }

  /// Makes the folder, in one that is there.
  ///
  /// - Throws: `BatchError.cannotCreate`.
  public func create() throws(BatchError) {
    guard mkdir(path, 0o777) == 0 || errno == EEXIST && FileState(path: path)?.isFolder == true else {
      throw .creating(path, errno == EEXIST ? ENOTDIR : errno)
    }
  }

  /// Copies the settings file into the run, so that a later change of it changes no result.
  ///
  /// - Throws: `BatchError.missing` for a file that cannot be read, `RecordsError` where the copy cannot be made.
  public func keepSettings(of file: String) throws {
    guard let state = FileState(path: file), state.isRegular, state.size <= RunFolder.greatestPlan,
      let data = FileManager.default.contents(atPath: file)
    else { throw BatchError.missing(path: file, reason: "there is no such readable settings file of at most 4 MiB") }
    try text(String(decoding: data, as: UTF8.self), to: settingsFile)
  }

  private func writeUnits(_ units: [BatchUnit]) throws {
    let sink = try OutputSink(path: unitsFile, policy: .whole, overwrite: true)
    var line = TextBuffer()
    for unit in units {
      line.removeAll()
      line.append(unit)
      try sink.write(line)
    }
    try sink.close()
  }

  private func writeShards(_ shards: [[Int]], _ units: [BatchUnit]) throws {
    let sink = try OutputSink(path: shardsFile, policy: .whole, overwrite: true)
    for (number, places) in shards.enumerated() {
      for place in places { try sink.write("\(number)\t\(units[place].cost)\t\(units[place].key.text)\n") }
    }
    try sink.close()
  }

  private func text(_ text: String, to file: String) throws {
    let sink = try OutputSink(path: file, policy: .whole, overwrite: true)
    try sink.write(text)
    try sink.close()
  }

  // MARK: - Reading

  /// Refuses a plan that this program or these files would carry out otherwise than it was made for.
  ///
  /// - Throws: `BatchError.malformed` for a plan of another program, or where the settings or a file that options name has changed.
  public func check(_ plan: BatchPlan, program: String) throws(BatchError) {
    guard plan.program == program else {
      throw .malformed(path: planFile, reason: "it was made by \(plan.program), and this is \(program); make it anew")
    }
    for file in plan.files where try NamedDigest(path: file.path) != file {
      throw .malformed(path: file.path, reason: "it has changed since the plan was made; make the plan anew")
    }
  }

  /// Larger plans are none.
  private static let greatestPlan = 4 << 20

  /// The plan.
  ///
  /// - Throws: `BatchError.missing` where there is none, `.malformed` for one that cannot be read or is of another form.
  public func plan() throws(BatchError) -> BatchPlan {
    guard let state = FileState(path: planFile), state.isRegular else {
      throw .missing(path: planFile, reason: "there is no plan; sextant batch plan makes it")
    }
    guard state.size <= RunFolder.greatestPlan, let data = FileManager.default.contents(atPath: planFile) else {
      throw .malformed(path: planFile, reason: "it is larger than a plan can be, or cannot be read")
    }
    guard let form = try? JSONDecoder().decode(SchemaName.self, from: data) else {
      throw .malformed(path: planFile, reason: "it is no plan; make it anew with sextant batch plan")
    }
    guard form.schema == BatchPlan.schema else {
      throw .malformed(path: planFile, reason: "it has the form \(form.schema), and this program reads \(BatchPlan.schema)")
    }
    guard let plan = try? JSONDecoder().decode(BatchPlan.self, from: data) else {
      throw .malformed(path: planFile, reason: "something that a plan has is missing in it or of another kind")
    }
    guard plan.isSound else {
      throw .malformed(path: planFile, reason: "its options or numbers are not those that it was made with; make it anew")
    }
    return plan
  }

  /// Gives every unit of the plan in the order of the file.
  ///
  /// - Throws: `BatchError.malformed` for a line that is no unit, and where they are not the plan's, each once; what the body throws.
  func forEachUnit(of plan: BatchPlan, _ body: (BatchUnit) throws -> Void) throws {
    let context = plan.context
    var (count, last) = (0, DigestValue?.none)
    try forEachLine(of: unitsFile) { line, number in
      let unit = try unit(ofLine: line, number, context)
      guard last.map({ $0 < unit.key }) ?? true else {
        throw BatchError.malformed(path: unitsFile, reason: "line \(number) is out of order; make the plan anew")
      }
      (count, last) = (count + 1, unit.key)
      try body(unit)
    }
    guard count == plan.units else {
      throw BatchError.malformed(path: unitsFile, reason: "it has \(count) units and the plan \(plan.units); make the plan anew")
    }
  }

  /// The units of a shard, the costliest first; of all shards where none is named.
  ///
  /// - Throws: `BatchError.usage` for a number that no shard has, `.malformed` for files that do not fit each other.
  public func units(of shard: Int?, in plan: BatchPlan) throws -> [BatchUnit] {
    if let shard, !(0..<plan.shards).contains(shard) {
      throw BatchError.usage("there is no shard \(shard): the plan of \(path) has \(plan.shards), numbered from 0")
    }
    let keys = try shards(of: plan).filter { shard == nil || $0.shard == shard }.map(\.key)
    let context = plan.context
    var units: [DigestValue: BatchUnit] = [:]
    let wanted = Set(keys)
    try forEachLine(of: unitsFile) { line, number in
      // The key stands first in every line: the others need not be parsed.
      guard let key = RunFolder.key(ofLine: line) else {
        throw BatchError.malformed(path: unitsFile, reason: "line \(number) is no unit; make the plan anew")
      }
      guard wanted.contains(key) else { return }
      units[key] = try unit(ofLine: line, number, context)
    }
    return try keys.map { key in
      guard let unit = units[key] else {
        throw BatchError.malformed(
          path: unitsFile, reason: "the unit \(key.text) of \(shardsFile) is not in it; make the plan anew")
      }
      return unit
    }
  }

  /// The lines of `shards.tsv`.
  ///
  /// - Throws: `BatchError.malformed` for a line that is none, and where they are not the plan's.
  @discardableResult
  public func shards(of plan: BatchPlan) throws -> [(shard: Int, key: DigestValue)] {
    var shards: [(shard: Int, key: DigestValue)] = []
    try forEachLine(of: shardsFile) { line, number in
      let fields = String(decoding: line, as: UTF8.self).split(separator: "\t")
      guard fields.count == 3, let shard = Int(fields[0]), let key = DigestValue(fields[2]) else {
        throw BatchError.malformed(path: shardsFile, reason: "line \(number) is no unit of a shard; make the plan anew")
      }
      shards.append((shard, key))
    }
    guard shards.count == plan.units, Set(shards.map(\.key)).count == plan.units, Set(shards.map(\.shard)) == Set(0..<plan.shards)
    else {
      throw BatchError.malformed(
        path: shardsFile,
        reason: "it has not each of the plan's \(plan.units) units in one of \(plan.shards) shards; make the plan anew")
    }
    return shards
  }

  private func unit(ofLine line: [UInt8], _ number: Int, _ context: DigestValue) throws(BatchError) -> BatchUnit {
    guard let unit = try? JSONDecoder().decode(BatchUnit.self, from: Data(line)) else {
      throw .malformed(path: unitsFile, reason: "line \(number) is no unit; make the plan anew")
    }
    guard unit.isOf(context) else {
      throw .malformed(path: unitsFile, reason: "line \(number) is no unit of the plan beside it; make the plan anew")
    }
    return unit
  }

  /// The deepest folder that holds all recordings of a plan.
  ///
  /// - Throws: `BatchError.malformed` for files that do not fit each other.
  public func recordingsFolder(of plan: BatchPlan) throws -> String {
    var common: [Substring]?
    try forEachUnit(of: plan) { unit in
      for file in unit.files {
        let parts = file.path.split(separator: "/").dropLast()
        common = common.map { zip($0, parts).prefix { $0 == $1 }.map(\.0) } ?? Array(parts)
      }
    }
    return "/" + (common ?? []).joined(separator: "/")
  }

  private static let keyStart = Array("{\"key\":\"".utf8)

  private static func key(ofLine line: [UInt8]) -> DigestValue? {
    guard line.starts(with: keyStart) else { return nil }
    return DigestValue(String(decoding: line.dropFirst(keyStart.count).prefix(64), as: UTF8.self))
  }

  private func forEachLine(of file: String, _ body: ([UInt8], Int) throws -> Void) throws {
    guard FileState(path: file)?.isRegular == true else {
      throw BatchError.missing(path: file, reason: "the run is not whole; make the plan anew")
    }
    try TextLines.forEach(of: file, body)
  }
}

extension BatchPlan {
  /// As JSON of one line.
  var text: String {
    JSONValue.object([
      ("schema", .text(schema)), ("program", .text(program)), ("options", .list(options.map { .text($0) })),
      ("files", .list(files.map { .object([("path", .text($0.path)), ("digest", .text($0.digest.text))]) })),
      ("options_digest", .text(optionsDigest.text)), ("recording", .text(recording)), ("units", .integer(units)),
      ("shards", .integer(shards)), ("shard_seconds", .real(shardSeconds)), ("cost", .real(cost)), ("bytes", .integer(bytes)),
    ]).json
  }
}

extension TextBuffer {
  /// Appends a unit as a line of JSON, its key first.
  mutating func append(_ unit: BatchUnit) {
    append("{\"key\":\"" + unit.key.text + "\",\"files\":[")
    for (index, file) in unit.files.enumerated() {
      append(index > 0 ? ",{\"path\":" : "{\"path\":")
      append(jsonString: file.path)
      append(",\"name\":")
      append(jsonString: file.name)
      append(
        ",\"size\":\(file.size),\"modified_ns\":\(file.modified)" + (file.digest.map { ",\"digest\":\"\($0.text)\"" } ?? "") + "}")
    }
    append("],\"seconds\":" + (unit.seconds.map(\.description) ?? "null") + ",\"cost\":\(unit.cost)}\n")
  }
}

/// What tells the form of a file.
private struct SchemaName: Decodable {
  let schema: String
}
