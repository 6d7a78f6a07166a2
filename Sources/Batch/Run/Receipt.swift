import Checkpoints
import Foundation
import Records

/// The machine and libraries that a result was made with, as far as they can change its last digits.
public struct MachineClass: Sendable, Equatable, Codable {
  /// The processor's extensions that libraries choose their code by.
  public let processor: String
  /// The type that networks compute in; empty where there is none.
  public let precision: String
  /// The libraries and their versions.
  public let libraries: String

  /// A class by its parts.
  public init(processor: String, precision: String, libraries: String) {
    self.processor = processor
    self.precision = precision
    self.libraries = libraries
  }
}

/// That the result of a unit is whole: `receipt.json`, whose presence is the commit.
public struct Receipt: Sendable, Equatable, Codable {
  /// The form of receipts.
  public static let schema = "sextant-receipt/1"

  let schema: String
  let key: DigestValue
  /// Of the stream's text, not of its packed bytes, which depend on the version of the packing library.
  let digest: DigestValue
  /// Bytes of the stream's text.
  let length: Int
  let frames: Int
  let tracks: Int
  /// Pieces of the recording that were damaged, and whether its times rest on a rate that nobody gave; nil in receipts of earlier versions.
  let damaged: Int?
  let isRateAssumed: Bool?
  /// What the tracker warned of; nil in receipts of earlier versions.
  let warnings: [String]?
  /// Wall time, seconds.
  let seconds: Double
  /// Bytes.
  let peakMemory: Int
  let program: String
  let machine: MachineClass
  let worker: String

  enum CodingKeys: String, CodingKey {
    case schema, key, digest, length, frames, tracks, damaged, warnings, seconds, program, machine, worker
    case peakMemory = "peak_memory_bytes"
    case isRateAssumed = "frame_rate_assumed"
  }

  /// As JSON of one line.
  var text: String {
    JSONValue.object([
      ("schema", .text(schema)), ("key", .text(key.text)), ("digest", .text(digest.text)), ("length", .integer(length)),
      ("frames", .integer(frames)), ("tracks", .integer(tracks)),
      ("damaged", .integer(damaged ?? 0)), ("frame_rate_assumed", .flag(isRateAssumed ?? false)), ("seconds", .real(seconds)),
      ("peak_memory_bytes", .integer(peakMemory)), ("warnings", .list((warnings ?? []).map { .text($0) })),
      ("program", .text(program)),
      (
        "machine",
        .object([
          ("processor", .text(machine.processor)), ("precision", .text(machine.precision)), ("libraries", .text(machine.libraries)),
        ])
      ),
      ("worker", .text(worker)),
    ]).json
  }

  /// The receipt in a file; nil where there is none that can be read, or another unit's.
  init?(path: String, of key: DigestValue) {
    guard let receipt: Receipt = SmallFile.decoded(path), receipt.schema == Receipt.schema, receipt.key == key else { return nil }
    self = receipt
  }

  init(
    key: DigestValue, digest: DigestValue, length: Int, end: EndRecord, isRateAssumed: Bool, seconds: Double, peakMemory: Int,
    warnings: [String] = [], program: String, machine: MachineClass, worker: WorkerName
  ) {
    schema = Receipt.schema
    (self.key, self.digest, self.length, frames, tracks) = (key, digest, length, end.frames, end.tracks)
    (damaged, self.isRateAssumed, self.warnings) = (end.damaged, isRateAssumed, warnings)
    (self.seconds, self.peakMemory, self.program, self.machine, self.worker) = (seconds, peakMemory, program, machine, worker.text)
  }
}

/// That a unit cannot be done, however often it is tried: `failure.json`.
public struct Failure: Sendable, Equatable, Codable {
  /// The form of failures.
  public static let schema = "sextant-failure/1"

  let schema: String
  let key: DigestValue
  /// The exit code of `sextant track`, or 65 for files that are not those of the plan.
  let code: Int32
  /// What was said.
  let sentence: String
  /// The names of the unit's files.
  let files: [String]

  init(key: DigestValue, code: Int32, sentence: String, files: [String]) {
    schema = Failure.schema
    (self.key, self.code, self.sentence, self.files) = (key, code, sentence, files)
  }

  /// The failure in a file; nil where there is none that can be read, or another unit's.
  init?(path: String, of key: DigestValue) {
    guard let failure: Failure = SmallFile.decoded(path), failure.schema == Failure.schema, failure.key == key else { return nil }
    self = failure
  }

  /// As JSON of one line.
  var text: String {
    JSONValue.object([
      ("schema", .text(schema)), ("key", .text(key.text)), ("code", .integer(Int(code))), ("sentence", .text(sentence)),
      ("files", .list(files.map { .text($0) })),
    ]).json
  }
}

/// Small files of JSON.
enum SmallFile {
  /// Larger ones are none of ours.
  static let greatest = 1 << 20

  /// nil for a file that is not there, too large, or not of this type.
  static func decoded<Content: Decodable>(_ path: String, limit: Int = greatest) -> Content? {
    guard let state = FileState(path: path), state.isRegular, state.size <= limit,
      let data = FileManager.default.contents(atPath: path)
    else { return nil }
    return try? JSONDecoder().decode(Content.self, from: data)
  }

  /// Writes a text and brings it to the disk; the name appears at once, whole, and whoever was first keeps it.
  ///
  /// - Parameter replaces: Whether a file of this name is replaced.
  /// - Returns: Whether the file is ours; false where one was there and is kept.
  static func write(_ text: String, to path: String, by part: String, replaces: Bool) throws(BatchError) -> Bool {
    let descriptor = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o666)
    guard descriptor >= 0 else { throw .creating(part, errno) }
    defer { unlink(part) }
    let bytes = Array((text + "\n").utf8)
    let written = Foundation.write(descriptor, bytes, bytes.count)
    let code = written == bytes.count ? 0 : written < 0 ? errno : ENOSPC
    let isKept = code == 0 && fsync(descriptor) == 0
    let syncCode = errno
    guard close(descriptor) == 0, isKept else { throw .using(path, code == 0 ? syncCode : code) }
    if replaces {
      guard rename(part, path) == 0 else { throw .using(path, errno) }
      return true
    }
    // Unlike a renaming, a link does not replace what another worker has put there.
    guard link(part, path) == 0 else {
      if errno == EEXIST { return false }
      // A file system without links: the lock on the folder, or else nothing, keeps two workers apart.
      guard [EPERM, ENOTSUP, ENOSYS].contains(errno), rename(part, path) == 0 else { throw .using(path, errno) }
      return true
    }
    return true
  }
}
