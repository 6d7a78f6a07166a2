/// A JSON value whose objects keep the order of their keys, so that the same content is always written as the same bytes.
public indirect enum JSONValue: Sendable, Equatable {
  case null
  case flag(Bool)
  case integer(Int)
  /// A real number; anything not finite is written as null.
  case real(Double)
  case text(String)
  case list([JSONValue])
  case object([(String, JSONValue)])

  /// A list of real numbers.
  public init(_ values: [Double]) { self = .list(values.map { .real($0) }) }
  /// A real number rounded to so many decimals (at most 12).
  public static func real(_ value: Double, decimals: Int) -> JSONValue {
    .real(DecimalDigits.rounded(value, decimals: decimals))
  }
  /// A list of real numbers rounded to so many decimals.
  public init(_ values: [Double], decimals: Int) { self = .list(values.map { .real($0, decimals: decimals) }) }
  /// A list of whole numbers.
  public init(_ values: [Int]) { self = .list(values.map { .integer($0) }) }

  /// The value of a key; nil where this is no object or has no such key.
  public subscript(key: String) -> JSONValue? {
    guard case .object(let pairs) = self else { return nil }
    return pairs.first { $0.0 == key }?.1
  }

  /// The value as JSON without line feeds; numbers with every digit.
  public var json: String {
    var text = TextBuffer()
    text.append(json: self)
    return text.string
  }

  /// Whether two values are equal; the keys of objects are compared in their order, a NaN equals nothing.
  public static func == (a: JSONValue, b: JSONValue) -> Bool {
    switch (a, b) {
    case (.null, .null): true
    case (.flag(let x), .flag(let y)): x == y
    case (.integer(let x), .integer(let y)): x == y
    case (.real(let x), .real(let y)): x == y
    case (.text(let x), .text(let y)): x == y
    case (.list(let x), .list(let y)): x == y
    case (.object(let x), .object(let y)): x.elementsEqual(y) { $0.0 == $1.0 && $0.1 == $1.1 }
    default: false
    }
  }
}

extension TextBuffer {
  /// Appends a value as JSON without line feeds.
  public mutating func append(json value: JSONValue) {
    switch value {
    case .null: append("null")
    case .flag(let flag): append(flag ? "true" : "false")
    case .integer(let integer): append(integer)
    case .real(let real): append(real.isFinite ? real.description : "null")
    case .text(let text): append(jsonString: text)
    case .list(let values):
      append("[")
      for (index, value) in values.enumerated() {
        if index > 0 { append(",") }
        append(json: value)
      }
      append("]")
    case .object(let pairs):
      append("{")
      for (index, pair) in pairs.enumerated() {
        if index > 0 { append(",") }
        append(jsonString: pair.0)
        append(":")
        append(json: pair.1)
      }
      append("}")
    }
  }

  /// Appends a string in quotes with what JSON reserves escaped.
  public mutating func append(jsonString text: String) {
    append(byte: UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): append("\\\"")
      case UInt8(ascii: "\\"): append("\\\\")
      case UInt8(ascii: "\n"): append("\\n")
      case UInt8(ascii: "\r"): append("\\r")
      case UInt8(ascii: "\t"): append("\\t")
      case 0..<0x20:
        append("\\u00")
        append(byte: TextBuffer.hexadecimal[Int(byte >> 4)])
        append(byte: TextBuffer.hexadecimal[Int(byte & 15)])
      default: append(byte: byte)
      }
    }
    append(byte: UInt8(ascii: "\""))
  }

  private static let hexadecimal = Array("0123456789abcdef".utf8)
}
