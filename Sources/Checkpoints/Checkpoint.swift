import Foundation
public import Records

/// What a run knew at one of its frames, in a file from which another process goes on.
///
/// The first line is the SHA-256 digest of what follows, the second says as JSON what the checkpoint belongs to, and the rest is the state
/// (`StateEncoder`), which only the same program with the same options on the same files can use.
///
/// ```swift
/// try Checkpoint(summary: summary, state: try StateEncoder.bytes(of: state)).write(to: "run.checkpoint")
/// let checkpoint = try Checkpoint.read("run.checkpoint")
/// ```
public struct Checkpoint: Sendable, Equatable {
  /// What the state belongs to.
  public struct Summary: Sendable, Equatable, Codable {
    /// Of the form of the file and of the state.
    public var format = Checkpoint.format
    /// The program with its version.
    public var program: String
    /// The header of the stream: the source, and every option that changes a result.
    public var header: String
    /// The files that the run reads.
    public var files: [InputFile]
    /// What the run writes, by the names of the options.
    public var outputs: [String]
    /// Frames that were tracked.
    public var frames: Int
    /// Seconds of the recording that were tracked.
    public var seconds: Double

    /// - Parameters: As the properties of their names.
    public init(program: String, header: String, files: [InputFile], outputs: [String], frames: Int, seconds: Double) {
      (self.program, self.header, self.files, self.outputs) = (program, header, files, outputs)
      (self.frames, self.seconds) = (frames, seconds)
    }
  }

  /// What the state belongs to.
  public var summary: Summary
  /// The state.
  public var state: [UInt8]

  /// Counted up with every change of the form of the file or of what is in it.
  public static let format = 4
  /// Larger files are refused unread: the state of a day without a look ahead takes some megabytes.
  static let greatestBytes = 8 << 30

  /// A state with what it belongs to.
  public init(summary: Summary, state: [UInt8]) {
    (self.summary, self.state) = (summary, state)
  }

  /// Writes the file, whole or not at all, in the place of an earlier one.
  ///
  /// - Throws: `RecordsError` where it cannot be written.
  public func write(to path: String) throws(RecordsError) {
    let line = [UInt8](summary.line.utf8)
    var digest = Digest()
    for part in [line, state] { part.withUnsafeBytes { digest.add($0) } }
    let sink = try OutputSink(path: path, policy: .whole, overwrite: true)
    try sink.write(digest.value.text + "\n")
    for part in [line, state] {
      let result = part.withUnsafeBytes { bytes in Result { () throws(RecordsError) in try sink.write(bytes) } }
      try result.get()
    }
    try sink.close()
  }

  /// Reads a file.
  ///
  /// - Throws: `RecordsError` for a file that cannot be read, is damaged or is no checkpoint of this form.
  public static func read(_ path: String) throws(RecordsError) -> Checkpoint {
    let (digestLine, rest) = try split(try bytes(of: path), path: path)
    var digest = Digest()
    rest.withUnsafeBytes { digest.add($0) }
    guard DigestValue(digestLine) == digest.value else {
      throw .malformed(path: path, reason: "its digest is not that of its content")
    }
    guard let end = rest.firstIndex(of: UInt8(ascii: "\n")),
      let summary = try? JSONDecoder().decode(Summary.self, from: Data(rest[..<end]))
    else { throw .malformed(path: path, reason: "it is no checkpoint") }
    guard summary.format == format else {
      throw .malformed(path: path, reason: "it is a checkpoint of form \(summary.format), this program writes \(format)")
    }
    return Checkpoint(summary: summary, state: Array(rest[(end + 1)...]))
  }

  private static func split(_ bytes: [UInt8], path: String) throws(RecordsError) -> (String, ArraySlice<UInt8>) {
    guard let end = bytes.prefix(digestLength + 1).firstIndex(of: UInt8(ascii: "\n")) else {
      throw .malformed(path: path, reason: "it is no checkpoint")
    }
    return (String(decoding: bytes[..<end], as: UTF8.self), bytes[(end + 1)...])
  }

  /// Hexadecimal digits of a digest.
  private static let digestLength = 64

  private static func bytes(of path: String) throws(RecordsError) -> [UInt8] {
    let size = ((try? FileManager.default.attributesOfItem(atPath: path)[.size]) as? Int) ?? 0
    guard size <= greatestBytes else { throw .malformed(path: path, reason: "it is larger than any checkpoint") }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw .cannotOpen(path: path, reason: "there is no such readable file")
    }
    return [UInt8](data)
  }
}

extension Checkpoint.Summary {
  /// As JSON, the same content as the same bytes, with a line feed.
  fileprivate var line: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Texts and finite numbers always have a form in JSON.
    let data = (try? encoder.encode(self)) ?? Data()
    return String(decoding: data, as: UTF8.self) + "\n"
  }
}

/// A file that a run reads, by what tells whether it is still the same.
public struct InputFile: Sendable, Equatable, Codable {
  /// As it was named.
  public var path: String
  /// Bytes.
  public var size: Int
  /// Nanoseconds since 1970.
  public var modified: Int

  /// The file as it is now; nil where there is none.
  public init?(path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    self.path = path
    size = Int(status.st_size)
    modified = status.st_mtim.tv_sec &* 1_000_000_000 &+ status.st_mtim.tv_nsec
  }
}
