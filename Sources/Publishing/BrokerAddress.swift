/// Where messages go: `mqtt://HOST[:PORT]/PREFIX`, `nats://…` or `redis://…`, or `mqtts`, `tls` and `rediss` for the same under TLS.
public struct BrokerAddress: Sendable, Equatable {
  /// The protocol of a broker.
  public enum Kind: String, Sendable, CaseIterable {
    case mqtt, nats, redis

    /// Debian's package of the library that speaks it.
    public var package: String {
      switch self {
      case .mqtt: "libmosquitto1"
      case .nats: "libnats3.4"
      case .redis: "libhiredis0.14"
      }
    }
  }

  /// The protocol.
  public let kind: Kind
  /// Whether what is said is encrypted.
  public let isEncrypted: Bool
  /// A name or number of a machine.
  public let host: String
  /// The port there.
  public let port: Int
  /// What topics begin with, word by word.
  public let prefix: [String]
  /// Who asks to be let in.
  public var credentials: BrokerCredentials

  private static let schemes: [(name: String, kind: Kind, isEncrypted: Bool, port: Int)] = [
    ("mqtt", .mqtt, false, 1883), ("mqtts", .mqtt, true, 8883), ("nats", .nats, false, 4222), ("tls", .nats, true, 4222),
    ("redis", .redis, false, 6379), ("rediss", .redis, true, 6379),
  ]
  /// What topics begin with where the address does not say.
  private static let usualPrefix = "sextant"

  /// - Throws: `BrokerAddressError` for a text that is no such address.
  public init(_ text: String) throws(BrokerAddressError) {
    guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://"),
      let scheme = BrokerAddress.schemes.first(where: { $0.name == text[..<colon].lowercased() })
    else {
      let known = BrokerAddress.schemes.map { $0.name + "://" }.joined(separator: ", ")
      throw BrokerAddressError(problem: "begins with none of \(known)")
    }
    let rest = text[text.index(colon, offsetBy: 3)...]
    let slash = rest.firstIndex(of: "/") ?? rest.endIndex
    let authority = rest[..<slash]
    let at = authority.lastIndex(of: "@")
    (kind, isEncrypted) = (scheme.kind, scheme.isEncrypted)
    credentials = try BrokerCredentials(at.map { authority[..<$0] })
    let place = try BrokerAddress.place(at.map { authority[authority.index(after: $0)...] } ?? authority)
    host = place.host
    port = place.port ?? scheme.port
    prefix = try BrokerAddress.prefix(rest[slash...].dropFirst())
  }

  private static func place(_ text: Substring) throws(BrokerAddressError) -> (host: String, port: Int?) {
    var (host, port) = (text, Substring?.none)
    if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
      host = text[text.index(after: text.startIndex)..<end]
      let behind = text[text.index(after: end)...]
      guard behind.isEmpty || behind.hasPrefix(":") else { throw BrokerAddressError(problem: "names no host") }
      if !behind.isEmpty { port = behind.dropFirst() }
    } else if let colon = text.lastIndex(of: ":") {
      (host, port) = (text[..<colon], text[text.index(after: colon)...])
    }
    // Only an address of version 6, which stands in brackets, has colons.
    let isBracketed = text.hasPrefix("[") && host.startIndex != text.startIndex
    guard !host.isEmpty, host.utf8.allSatisfy({ $0 > 32 && $0 < 127 }), !host.contains("["), !host.contains("]"),
      isBracketed || !host.contains(":")
    else { throw BrokerAddressError(problem: "names no host") }
    guard let port else { return (String(host), nil) }
    guard let number = UInt16(port), number > 0 else { throw BrokerAddressError(problem: "has the port \(port), which is none") }
    return (String(host), Int(number))
  }

  private static func prefix(_ text: Substring) throws(BrokerAddressError) -> [String] {
    if text.isEmpty { return [usualPrefix] }
    let words = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard words.allSatisfy({ BrokerName($0)?.text == $0 }) else {
      throw BrokerAddressError(
        problem: "has the prefix \(text), whose words must be of letters, digits, - and _ with / between them")
    }
    return words
  }

  /// The address without secrets.
  public var text: String {
    let scheme = BrokerAddress.schemes.first { $0.kind == kind && $0.isEncrypted == isEncrypted }
    return "\(scheme?.name ?? kind.rawValue)://\(host.contains(":") ? "[\(host)]" : host):\(port)/\(prefix.joined(separator: "/"))"
  }
}

/// A text that is no address of a broker.
public struct BrokerAddressError: Error, Sendable, Equatable {
  /// To be read behind the address; holds no secret.
  public let problem: String
}

/// A word of a topic: letters, digits, `-` and `_`, which mean nothing to any broker.
public struct BrokerName: Sendable, Equatable {
  /// The word.
  public let text: String
  private static let longest = 64

  /// nil where there is nothing in the text that can be kept.
  public init?(_ text: String) {
    let kept = text.unicodeScalars.map { scalar -> Character in
      let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
      return isPlain || scalar == "_" || scalar == "-" ? Character(scalar) : "-"
    }
    let name = String(kept).drop { $0 == "-" }.prefix(BrokerName.longest)
    guard !name.isEmpty else { return nil }
    self.text = String(name)
  }

  /// A camera's name from the address or file that it is read from: the host and the way on it, without secrets; a file's name
  /// without its extension.
  public init?(ofInput input: String) {
    guard let scheme = input.range(of: "://") else {
      let file = input.split(separator: "/").last.map(String.init) ?? input
      self.init(file.split(separator: ".").first.map(String.init) ?? file)
      return
    }
    let rest = input[scheme.upperBound...].prefix { $0 != "?" && $0 != "#" }
    let slash = rest.firstIndex(of: "/") ?? rest.endIndex
    let host = rest[..<slash].split(separator: "@").last ?? ""
    self.init(String(host + rest[slash...]))
  }
}
