import Checkpoints
import Foundation

/// What a run over many recordings was asked to do: `plan.json` of its folder.
public struct BatchPlan: Sendable, Equatable, Codable {
  /// The form of the files of a run.
  public static let schema = "sextant-batch/1"

  /// The form of this file.
  public let schema: String
  /// The program that made the plan; no other may carry it out.
  public let program: String
  /// The options of `sextant track`, without inputs and outputs, as they were given.
  public let options: [String]
  /// The files that the results depend on besides the recordings: the settings file under its name in the run, and those that options name.
  public let files: [NamedDigest]
  /// The digest of the options and of the digests of these files.
  public let optionsDigest: DigestValue
  /// Which files are one recording: `file`, `folder` or a pattern.
  public let recording: String
  /// The number of recordings.
  public let units: Int
  /// The number of shards.
  public let shards: Int
  /// What a shard is to cost, seconds of recording.
  public let shardSeconds: Double
  /// The sum of what the units cost, seconds of recording.
  public let cost: Double
  /// The sum of the files' sizes.
  public let bytes: Int

  /// Whether the digest is that of the options and files.
  var isSound: Bool { optionsDigest == BatchPlan.digest(of: options, files) && units > 0 && (1...units).contains(shards) }

  /// What the results depend on besides the recordings.
  var context: DigestValue { BatchPlan.context(program: program, optionsDigest) }

  static func context(program: String, _ options: DigestValue) -> DigestValue { .of([schema, program, options.text]) }

  static func digest(of options: [String], _ files: [NamedDigest]) -> DigestValue {
    .of([String(options.count)] + options + files.map(\.digest.text))
  }

  enum CodingKeys: String, CodingKey {
    case schema, program, options, files, recording, units, shards, cost, bytes
    case optionsDigest = "options_digest"
    case shardSeconds = "shard_seconds"
  }
}

/// A file and what it held.
public struct NamedDigest: Sendable, Equatable, Codable {
  /// Where it lies.
  public let path: String
  /// Of its bytes.
  public let digest: DigestValue

  /// A file as it is now.
  ///
  /// - Throws: `BatchError.missing` or `.inputOutput`.
  public init(path: String) throws(BatchError) { try self.init(path: path, contentOf: path) }

  /// A file that is yet to be copied from another.
  ///
  /// - Throws: `BatchError.missing` or `.inputOutput`.
  public init(path: String, contentOf source: String) throws(BatchError) {
    self.path = path
    digest = try .ofFile(source)
  }
}

/// Makes a plan: a pure function of the inputs' names, sizes, times of change and durations, of the options and of the program.
public struct PlanBuilder {
  /// The program's name and version.
  public let program: String
  /// The options of `sextant track`.
  public let options: [String]
  /// The settings file, and the files that options name, such as models.
  public let files: [NamedDigest]
  /// Which files are one recording.
  public let rule: RecordingRule
  /// The rule as it was given.
  public let ruleText: String
  /// What a shard is to cost, seconds of recording.
  public let shardSeconds: Double

  /// A plan of these parts.
  public init(program: String, options: [String], files: [NamedDigest], rule: String, shardSeconds: Double) {
    self.program = program
    self.options = options
    self.files = files
    self.rule = RecordingRule(rule)
    ruleText = rule
    self.shardSeconds = shardSeconds
  }

  private var optionsDigest: DigestValue { BatchPlan.digest(of: options, files) }

  /// The files that the inputs lead to, in recordings.
  ///
  /// - Parameters:
  ///   - onLeftOut: Is told, by a sentence, of each name in a folder that no file can be reached by.
  ///   - isVideo: Whether a file in a folder is a video, by its name.
  /// - Throws: `BatchError` for inputs without a video, of one name, or that match no pattern.
  public func recordings(
    of inputs: [String], onLeftOut: @escaping (String) -> Void = { _ in }, isVideo: @escaping (String) -> Bool
  ) throws(BatchError) -> [[RecordingFile]] {
    guard !inputs.isEmpty else { throw .usage("no input is given") }
    return try rule.recordings(of: InputListing(isVideo: isVideo, onLeftOut: onLeftOut).files(of: inputs))
  }

  /// The plan, its units by ascending key, and for each shard the places of its units, the costliest first.
  ///
  /// - Parameter seconds: How long each recording lasts; nil where nobody knows.
  public func plan(of recordings: [[RecordingFile]], seconds: [Double?]) -> (plan: BatchPlan, units: [BatchUnit], shards: [[Int]]) {
    let digest = optionsDigest
    let context = BatchPlan.context(program: program, digest)
    var units: [BatchUnit] = []
    units.reserveCapacity(recordings.count)
    for (files, seconds) in zip(recordings, seconds) { units.append(BatchUnit(files: files, seconds: seconds, context: context)) }
    units.sort { $0.key < $1.key }
    let shards = ShardPacking.shards(of: units.map(\.cost), target: shardSeconds)
    let plan = BatchPlan(
      schema: BatchPlan.schema, program: program, options: options, files: files, optionsDigest: digest, recording: ruleText,
      units: units.count,
      shards: shards.count, shardSeconds: shardSeconds, cost: units.reduce(0) { $0 + $1.cost },
      bytes: units.reduce(0) { $0 + $1.files.reduce(0) { $0 + $1.size } })
    return (plan, units, shards)
  }
}
