/// How far an output has come, so that another process can go on with it.
public struct OutputPosition: Sendable, Codable {
  /// Bytes of the file that stay.
  public var bytes: Int
  /// Of those bytes.
  var checksum: FileChecksum
  /// Text behind them, of a packed file, that is packed again.
  var tail: [UInt8]
  /// The file.
  var file: FileIdentity?
}
