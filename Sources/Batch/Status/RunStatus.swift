import Checkpoints
import Foundation
import Records

/// How far a run has come, from the receipts and failures in its folder.
public struct RunStatus: Sendable, Equatable {
  /// Recordings in the plan.
  public private(set) var units = 0
  /// Those with a receipt.
  public private(set) var committed = 0
  /// Those that cannot be done, by what was said.
  public private(set) var failures: [(files: [String], code: Int32, sentence: String)] = []
  /// The shards that have units without a receipt and without a failure, ascending.
  public private(set) var missingShards: [Int] = []
  /// Of what is committed: recordings with damaged pieces, and those whose times rest on a rate that nobody gave.
  public private(set) var damaged = 0
  public private(set) var assumedRates = 0
  /// What the trackers of committed recordings warned of, by the recordings' files.
  public private(set) var warnings: [(files: [String], sentence: String)] = []
  /// Of what is committed: frames, tracks, wall time in seconds, and the greatest peak memory in bytes.
  public private(set) var frames = 0
  public private(set) var tracks = 0
  public private(set) var seconds = 0.0
  public private(set) var peakMemory = 0
  /// The cost of what is committed, and of what is neither committed nor failed, seconds of recording.
  public private(set) var doneCost = 0.0
  public private(set) var openCost = 0.0

  /// Units that are neither committed nor failed.
  public var open: Int { units - committed - failures.count }

  /// Processor time that is left, seconds of wall time of one worker; nil while nothing is committed.
  public var secondsLeft: Double? { doneCost > 0 ? seconds / doneCost * openCost : nil }

  /// - Throws: `BatchError` for a run that is not whole.
  public init(of run: RunFolder) throws {
    let plan = try run.plan()
    let places = Dictionary(uniqueKeysWithValues: try run.shards(of: plan).map { ($0.key, $0.shard) })
    var missing: Set<Int> = []
    try run.forEachUnit(of: plan) { unit in
      units += 1
      let folder = run.unit(unit.key)
      if let receipt = Receipt(path: folder.receiptFile, of: unit.key) {
        add(receipt, unit)
      } else if let failure = Failure(path: folder.failureFile, of: unit.key) {
        failures.append((failure.files, failure.code, failure.sentence))
      } else {
        openCost += unit.cost
        if let shard = places[unit.key] { missing.insert(shard) }
      }
    }
    missingShards = missing.sorted()
    warnings.sort { ($0.files.first ?? "", $0.sentence) < ($1.files.first ?? "", $1.sentence) }
    failures.sort { ($0.files.first ?? "") < ($1.files.first ?? "") }
  }

  private mutating func add(_ receipt: Receipt, _ unit: BatchUnit) {
    committed += 1
    if receipt.damaged ?? 0 > 0 { damaged += 1 }
    if receipt.isRateAssumed ?? false { assumedRates += 1 }
    warnings += (receipt.warnings ?? []).map { (unit.files.map(\.name), $0) }
    frames += receipt.frames
    tracks += receipt.tracks
    seconds += receipt.seconds
    peakMemory = max(peakMemory, receipt.peakMemory)
    doneCost += unit.cost
  }

  /// The missing shards as Slurm's `--array` takes them: `0-3,7`.
  public var missingText: String {
    var ranges: [ClosedRange<Int>] = []
    for shard in missingShards {
      if let last = ranges.last, last.upperBound + 1 == shard {
        ranges[ranges.count - 1] = last.lowerBound...shard
      } else {
        ranges.append(shard...shard)
      }
    }
    return ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: ",")
  }

  /// As JSON of one line.
  public var json: JSONValue {
    .object([
      ("units", .integer(units)), ("committed", .integer(committed)), ("failed", .integer(failures.count)),
      ("open", .integer(open)), ("damaged", .integer(damaged)), ("frame_rates_assumed", .integer(assumedRates)),
      ("missing_shards", JSONValue(missingShards)), ("frames", .integer(frames)), ("tracks", .integer(tracks)),
      ("seconds", .real(seconds)), ("peak_memory_bytes", .integer(peakMemory)), ("cost_done", .real(doneCost)),
      ("cost_open", .real(openCost)), ("seconds_left", secondsLeft.map { .real($0) } ?? .null),
      (
        "warnings",
        .list(warnings.map { .object([("files", .list($0.files.map { .text($0) })), ("sentence", .text($0.sentence))]) })
      ),
      (
        "failures",
        .list(
          failures.map {
            .object([
              ("files", .list($0.files.map { .text($0) })), ("code", .integer(Int($0.code))), ("sentence", .text($0.sentence)),
            ])
          })
      ),
    ])
  }

  /// Whether all is the same.
  public static func == (a: RunStatus, b: RunStatus) -> Bool { a.json == b.json }
}
