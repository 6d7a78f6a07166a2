/// The ways in which a text can be packed, told by its first bytes when it is read and by its name when it is written.
public enum Packing: Sendable, CaseIterable {
  /// RFC 1952.
  case gzip
  /// RFC 8878.
  case zstandard

  /// A file's name without `.gz` or `.zst`.
  public static func plainName(of path: String) -> String {
    Packing(path: path).map { String(path.dropLast($0.suffix.count + 1)) } ?? path
  }

  /// The names that a text's file can have: its own, and those of packed ones.
  public static func names(of path: String) -> [String] { [path] + allCases.map { path + "." + $0.suffix } }

  /// The packing that a file's name asks for: `.gz` or `.zst`.
  init?(path: String) {
    guard let packing = Packing.allCases.first(where: { path.hasSuffix("." + $0.suffix) }) else { return nil }
    self = packing
  }

  /// The packing of a text that begins with these bytes.
  init?(firstBytes: some Collection<UInt8>) {
    guard let packing = Packing.allCases.first(where: { firstBytes.starts(with: $0.magic) }) else { return nil }
    self = packing
  }

  /// The end of the names of such files, without a point.
  public var suffix: String {
    switch self {
    case .gzip: "gz"
    case .zstandard: "zst"
    }
  }

  /// What tells a file apart by its first bytes, and the longest of these.
  var magic: [UInt8] {
    switch self {
    case .gzip: [0x1F, 0x8B]
    case .zstandard: [0x28, 0xB5, 0x2F, 0xFD]
    }
  }

  static let longestMagic = 4

  /// - Throws: `UnpackingProblem` where there is no memory for it.
  func decoder() throws(UnpackingProblem) -> any UnpackingDecoder {
    switch self {
    case .gzip: try GzipDecoder()
    case .zstandard: try ZstandardDecoder()
    }
  }

  /// - Throws: `RecordsError.cannotCreate` where there is no memory for it.
  func encoder(for name: String) throws(RecordsError) -> any PackingEncoder {
    switch self {
    case .gzip: try GzipEncoder(name: name)
    case .zstandard: try ZstandardEncoder(name: name)
    }
  }
}
