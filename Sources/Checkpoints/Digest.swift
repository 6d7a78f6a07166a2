internal import CMessageDigest

/// A SHA-256 digest (FIPS 180-4) of bytes that come piece by piece.
public struct Digest {
  private var context = SHA2_CTX()

  /// Of no bytes yet.
  public init() { SHA256Init(&context) }

  /// Adds bytes.
  public mutating func add(_ bytes: UnsafeRawBufferPointer) {
    SHA256Update(&context, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count)
  }

  /// Adds a text and a zero byte behind it, which no name holds, so that texts cannot run into each other.
  public mutating func add(_ text: String) {
    var text = text
    text.withUTF8 { add(UnsafeRawBufferPointer($0)) }
    withUnsafeBytes(of: UInt8(0)) { add($0) }
  }

  /// The digest of what was added.
  public var value: DigestValue {
    var context = context
    var bytes = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
    SHA256Final(&bytes, &context)
    return DigestValue(bytes: bytes)
  }
}

/// A digest: 32 bytes, written as 64 hexadecimal digits.
public struct DigestValue: Hashable, Comparable, Sendable {
  // Four words instead of an array: a plan holds millions of these.
  private let words: SIMD4<UInt64>

  init(bytes: [UInt8]) {
    var words = SIMD4<UInt64>()
    for (index, byte) in bytes.prefix(32).enumerated() { words[index / 8] = words[index / 8] << 8 | UInt64(byte) }
    self.words = words
  }

  /// nil for a text that is not 64 hexadecimal digits in lower case.
  public init?(_ text: some StringProtocol) {
    guard text.utf8.count == 64 else { return nil }
    var words = SIMD4<UInt64>()
    for (index, character) in text.utf8.enumerated() {
      let digit: UInt8
      switch character {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = character - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = character - UInt8(ascii: "a") + 10
      default: return nil
      }
      words[index / 16] = words[index / 16] << 4 | UInt64(digit)
    }
    self.words = words
  }

  /// 64 hexadecimal digits.
  public var text: String {
    (0..<4).map { index in
      let digits = String(words[index], radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  /// By the digits.
  public static func < (a: DigestValue, b: DigestValue) -> Bool {
    for index in 0..<4 where a.words[index] != b.words[index] { return a.words[index] < b.words[index] }
    return false
  }
}

extension DigestValue: Codable {
  /// From its digits.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let value = DigestValue(try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "a digest has 64 hexadecimal digits")
    }
    self = value
  }

  /// As its digits.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}

extension DigestValue {
  /// The digest of texts, which cannot run into each other.
  public static func of(_ texts: [String]) -> DigestValue {
    var digest = Digest()
    for text in texts { digest.add(text) }
    return digest.value
  }
}
