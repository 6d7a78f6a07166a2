/// A value of a report that is written as JSON: keys keep their order, numbers every digit.
public indirect enum ReportValue: Sendable {
  case null
  case flag(Bool)
  case integer(Int)
  /// A real number; anything not finite is written as null.
  case real(Double)
  case text(String)
  case list([ReportValue])
  case object([(String, ReportValue)])

  public init(_ cell: MetricCell) {
    self =
      switch cell {
      case .text(let text): .text(text)
      case .integer(let value): .integer(value)
      case .real(let value): .real(value)
      case .missing: .null
      }
  }

  public init(_ values: [Double]) { self = .list(values.map { .real($0) }) }
  public init(_ values: [Int]) { self = .list(values.map { .integer($0) }) }

  /// The value as JSON without line feeds.
  public var json: String {
    var text = ""
    write(to: &text)
    return text
  }

  private func write(to text: inout String) {
    switch self {
    case .null: text += "null"
    case .flag(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .real(let value): text += value.isFinite ? "\(value)" : "null"
    case .text(let value): ReportValue.write(value, to: &text)
    case .list(let values):
      text += "["
      for (index, value) in values.enumerated() {
        if index > 0 { text += "," }
        value.write(to: &text)
      }
      text += "]"
    case .object(let pairs):
      text += "{"
      for (index, pair) in pairs.enumerated() {
        if index > 0 { text += "," }
        ReportValue.write(pair.0, to: &text)
        text += ":"
        pair.1.write(to: &text)
      }
      text += "}"
    }
  }

  private static func write(_ value: String, to text: inout String) {
    text += "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      default:
        if scalar.value < 0x20 {
          let digits = String(scalar.value, radix: 16)
          text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        } else {
          text.unicodeScalars.append(scalar)
        }
      }
    }
    text += "\""
  }
}
