import Checkpoints

/// A file of a recording as it was when the plan was made.
public struct RecordingFile: Sendable, Equatable, Codable {
  /// Where it lies.
  public let path: String
  /// Its path below the input that it was found in.
  public let name: String
  /// Bytes.
  public let size: Int
  /// When it was changed last, nanoseconds since 1970.
  public let modified: Int
  /// Of its content, where the plan was asked for it.
  public var digest: DigestValue?

  enum CodingKeys: String, CodingKey {
    case path, name, size, digest
    case modified = "modified_ns"
  }
}

/// One recording: what is tracked, retried and committed as a whole.
public struct BatchUnit: Sendable, Equatable, Codable {
  /// The digest of the files' names and sizes (and contents, where the plan was asked for them), of the options and of the program: with other options it is another unit.
  public let key: DigestValue
  /// In the order of time.
  public let files: [RecordingFile]
  /// How long it lasts, seconds; nil where nobody knows.
  public let seconds: Double?
  /// What it is expected to cost, in seconds of recording.
  public let cost: Double

  /// The costs of a byte where the duration is not known, in seconds: cameras commonly record 8 Mbit/s.
  static let secondsPerByte = 1e-6

  /// - Parameters:
  ///   - seconds: How long it lasts; nil where nobody knows.
  ///   - context: The digest of everything besides the files that the result depends on.
  init(files: [RecordingFile], seconds: Double?, context: DigestValue) {
    self.files = files
    self.seconds = seconds
    cost = seconds ?? Double(files.reduce(0) { $0 + $1.size }) * BatchUnit.secondsPerByte
    key = BatchUnit.key(of: files, context: context)
  }

  private static func key(of files: [RecordingFile], context: DigestValue) -> DigestValue {
    .of([context.text] + files.flatMap { [$0.name, String($0.size)] + [$0.digest?.text].compactMap { $0 } })
  }

  /// Whether the key is that of the files under a plan's options: else the unit is of another plan, or was changed.
  ///
  /// - Parameter context: `BatchPlan.context`.
  func isOf(_ context: DigestValue) -> Bool { !files.isEmpty && key == BatchUnit.key(of: files, context: context) }
}
