import Foundation
import Records
import Video

/// When a live stream goes on in a new file.
public enum Rotation: Sendable, Equatable {
  /// Behind so many seconds of the stream.
  case seconds(Double)
  /// Behind so many bytes of text.
  case bytes(Int)

  private static let units: [(suffix: String, bytes: Double)] = [("kB", 1e3), ("MB", 1e6), ("GB", 1e9)]

  /// From `1h`, `30min` or `1GB`; nil for another text.
  public init?(_ text: String) {
    if let unit = Rotation.units.first(where: { text.hasSuffix($0.suffix) }), let number = Double(text.dropLast(2)),
      (1.0...1e15).contains(number * unit.bytes)
    {
      // Bounded: by the range above.
      self = .bytes(Int(number * unit.bytes))
    } else if let seconds = TimeSpan.seconds(text), seconds > 0 {
      self = .seconds(seconds)
    } else {
      return nil
    }
  }
}

/// The stream of records in files that follow each other in time: `NAME-000001.ndjson`, `NAME-000002.ndjson` and so on.
///
/// Each is whole, with a header and an end of its own, which counts its own frames; identities and times go on. A file has its name once it is
/// complete; until then it grows as `.part`.
final class RotatedStreamSink: TrackSink {
  private let path: String
  private let rotation: Rotation
  private let overwrites: Bool
  private var header: StreamHeader?
  private var encoder = StreamEncoder(classes: [])
  private var output: OutputSink?
  private var number: Int
  /// Of the present file: when its first frame was, its frames, bytes, pieces of damage, and frames that were dropped.
  private var start: Double?
  private var frames = 0
  private var bytes = 0
  private var damaged = 0
  private var dropped = 0
  private var highestID = 0

  init(path: String, rotation: Rotation, overwrites: Bool) {
    (self.path, self.rotation, self.overwrites) = (path, rotation, overwrites)
    number = RotatedStreamSink.firstNumber(path, overwrites: overwrites) - 1
  }

  /// The number of the first file: behind those that are there, whole or left unfinished by a run that was killed.
  static func firstNumber(_ path: String, overwrites: Bool) -> Int {
    let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let folder = slash == path.startIndex ? "." : String(path[..<slash])
    let stem = path[slash...].dropFirst().firstIndex(of: ".").map { path[slash..<$0] } ?? path[slash...]
    guard !overwrites, let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return 1 }
    let numbers = names.compactMap { name -> Int? in
      guard name.hasPrefix(stem + "-") else { return nil }
      let digits = name.dropFirst(stem.count + 1).prefix { $0.isASCII && $0.isNumber }
      guard let number = Int(digits) else { return nil }
      let own = RotatedStreamSink.name(String(path[slash...]), number: number)
      return name == own || name == own + PartialFile.suffix ? number : nil
    }
    return (numbers.max() ?? 0) + 1
  }

  /// The name of a file by its number, which stands before the extensions.
  static func name(_ path: String, number: Int) -> String {
    let digits = String(number)
    let tail = "-" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    guard let point = path[slash...].dropFirst().firstIndex(of: ".") else { return path + tail }
    return path[..<point] + tail + path[point...]
  }

  func begin(_ header: StreamHeader, isResumed: Bool) throws {
    self.header = header
    encoder = StreamEncoder(classes: header.classes)
    try beginFile()
  }

  func frame(_ record: FrameRecord, picture: Frame?) throws {
    if isDue(at: record.time) {
      try endFile(.complete, error: nil)
      try beginFile()
    }
    start = start ?? record.time
    frames += 1
    for track in record.tracks { highestID = max(highestID, track.id) }
    try write(.frame(record))
  }

  /// Rows of earlier frames may be of a file that is complete: options that give them are refused together with this.
  func backfill(_ record: BackfillRecord) throws { try write(.backfill(record)) }

  func event(_ record: EventRecord) throws {
    if record.kind == .damage { damaged += 1 }
    if record.kind == .dropped, case .integer(let count)? = record["count"] { dropped += count }
    try write(.event(record))
  }

  func end(_ record: EndRecord) throws { try endFile(record.status, error: record.error) }

  func memory() throws -> SinkMemory { throw PipelineError.notResumable(what: "a stream in several files") }

  private func isDue(at time: Double) -> Bool {
    guard let start else { return false }
    return switch rotation {
    case .seconds(let seconds): time - start >= seconds
    case .bytes(let most): bytes >= most
    }
  }

  private func beginFile() throws {
    number += 1
    (start, frames, bytes, damaged, dropped) = (nil, 0, 0, 0, 0)
    output = try OutputSink(
      path: RotatedStreamSink.name(path, number: number), policy: .whole, overwrite: overwrites,
      packedInterval: StreamSink.packedInterval)
    if let header { try write(.header(header)) }
  }

  private func endFile(_ status: EndRecord.Status, error: String?) throws {
    try write(
      .end(EndRecord(frames: frames, dropped: dropped, damaged: damaged, tracks: highestID, status: status, error: error)))
    try output?.close(keepsPart: true)
    output = nil
  }

  private func write(_ record: StreamRecord) throws {
    try encoder.encode(record) { text in
      bytes += text.count
      try output?.write(text)
    }
    try output?.flush()
  }
}
