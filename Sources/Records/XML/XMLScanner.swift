/// Goes through a small subset of XML: elements with attributes, text, comments, CDATA, and the five named and the numeric references.
///
/// There are no document types and no further entities, so that nothing expands and nothing outside the file is looked at. Names, values
/// and nesting are bounded.
struct XMLScanner {
  /// What stands next in the file.
  enum Event: Equatable {
    case start(name: String, attributes: [String: String])
    /// The end of an element, of an empty one too.
    case end(name: String)
    case text(String)
  }

  /// Why the text is not XML that this reads.
  struct Problem: Error {
    var line: Int
    var reason: String
  }

  private static let maximumDepth = 64
  private static let maximumAttributes = 256
  private static let maximumNameLength = 256
  private static let maximumTextLength = 1 << 20

  private let bytes: [UInt8]
  private var position = 0
  private var open: [String] = []
  /// The end of an empty element that was given as its start.
  private var pendingEnd: String?

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The next event; nil at the end.
  mutating func next() throws(Problem) -> Event? {
    if let name = pendingEnd {
      pendingEnd = nil
      open.removeLast()
      return .end(name: name)
    }
    while position < bytes.count {
      guard bytes[position] == UInt8(ascii: "<") else {
        let text = try readText()
        if text.contains(where: { !$0.isWhitespace }) { return .text(text) }
        continue
      }
      if starts("<!--") {
        try skip(to: "-->")
      } else if starts("<![CDATA[") {
        try skip(to: "]]>")
      } else if starts("<?") {
        try skip(to: "?>")
      } else if starts("<!") {
        throw problem("a document type, which this program does not read; export the file again without it")
      } else if starts("</") {
        return try readEnd()
      } else {
        return try readStart()
      }
    }
    guard open.isEmpty else { throw problem("the file ends inside of <\(open.last ?? "")>; is it cut off?") }
    return nil
  }

  /// The line of the place reached, from 1.
  var line: Int { bytes[..<min(position, bytes.count)].count { $0 == UInt8(ascii: "\n") } + 1 }

  // MARK: - Elements

  private mutating func readStart() throws(Problem) -> Event {
    position += 1
    let name = try readName()
    var attributes: [String: String] = [:]
    while true {
      skipBlanks()
      guard position < bytes.count else { throw problem("the file ends inside of <\(name)>; is it cut off?") }
      if starts("/>") {
        position += 2
        pendingEnd = name
        break
      }
      if bytes[position] == UInt8(ascii: ">") {
        position += 1
        break
      }
      guard attributes.count < XMLScanner.maximumAttributes else { throw problem("<\(name)> has too many attributes") }
      let key = try readName()
      attributes[key] = try readValue(key)
    }
    guard open.count < XMLScanner.maximumDepth else {
      throw problem("elements are nested more than \(XMLScanner.maximumDepth) deep")
    }
    open.append(name)
    return .start(name: name, attributes: attributes)
  }

  private mutating func readEnd() throws(Problem) -> Event {
    position += 2
    let name = try readName()
    skipBlanks()
    guard open.last == name, position < bytes.count, bytes[position] == UInt8(ascii: ">") else {
      throw problem("</\(name)> ends what is not open")
    }
    position += 1
    open.removeLast()
    return .end(name: name)
  }

  private mutating func readName() throws(Problem) -> String {
    let start = position
    while position < bytes.count, XMLScanner.isName(bytes[position]) { position += 1 }
    guard position > start, position - start <= XMLScanner.maximumNameLength else {
      throw problem("no name where one should stand")
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private static func isName(_ byte: UInt8) -> Bool {
    byte >= 0x80 || "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.:".utf8.contains(byte)
  }

  private mutating func readValue(_ key: String) throws(Problem) -> String {
    skipBlanks()
    guard position < bytes.count, bytes[position] == UInt8(ascii: "=") else { throw problem("\(key) has no value") }
    position += 1
    skipBlanks()
    guard position < bytes.count, [UInt8(ascii: "\""), UInt8(ascii: "'")].contains(bytes[position]) else {
      throw problem("the value of \(key) has no quotes")
    }
    let quote = bytes[position]
    position += 1
    let start = position
    while position < bytes.count, bytes[position] != quote { position += 1 }
    guard position < bytes.count, position - start <= XMLScanner.maximumTextLength else {
      throw problem("the value of \(key) does not end")
    }
    position += 1
    return try resolved(bytes[start..<position - 1])
  }

  private mutating func readText() throws(Problem) -> String {
    let start = position
    while position < bytes.count, bytes[position] != UInt8(ascii: "<") { position += 1 }
    guard position - start <= XMLScanner.maximumTextLength else { throw problem("a text is longer than 1 MiB") }
    return try resolved(bytes[start..<position])
  }

  // MARK: - Characters

  /// The text with its references replaced.
  private func resolved(_ text: ArraySlice<UInt8>) throws(Problem) -> String {
    guard text.contains(UInt8(ascii: "&")) else { return String(decoding: text, as: UTF8.self) }
    var parts = String(decoding: text, as: UTF8.self).split(separator: "&", omittingEmptySubsequences: false)[...]
    var result = String(parts.removeFirst())
    for part in parts {
      guard let end = part.firstIndex(of: ";"), let character = XMLScanner.character(part[..<end]) else {
        throw problem("\"&\(part.prefix(20))\" is no character that this program reads")
      }
      result.append(character)
      result += part[part.index(after: end)...]
    }
    return result
  }

  private static func character(_ name: Substring) -> Character? {
    switch name {
    case "lt": return "<"
    case "gt": return ">"
    case "amp": return "&"
    case "quot": return "\""
    case "apos": return "'"
    default:
      guard name.first == "#", name.count <= 9 else { return nil }
      let digits = name.dropFirst()
      let code = digits.first == "x" ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
      return code.flatMap(Unicode.Scalar.init).map(Character.init)
    }
  }

  private mutating func skipBlanks() {
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) { position += 1 }
  }

  private func starts(_ text: StaticString) -> Bool {
    bytes[position...].starts(with: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  private mutating func skip(to end: StaticString) throws(Problem) {
    while position < bytes.count {
      if starts(end) {
        position += end.utf8CodeUnitCount
        return
      }
      position += 1
    }
    throw problem("the file ends before \(end); is it cut off?")
  }

  private func problem(_ reason: String) -> Problem { Problem(line: line, reason: reason) }
}
