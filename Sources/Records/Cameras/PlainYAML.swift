/// Reads the part of YAML that files of cameras use: maps and lists by indentation, lists in brackets, texts; tags and comments are passed over.
///
/// There are no anchors, no maps in braces, no texts over several lines and no further documents, so nothing expands.
struct PlainYAML {
  private typealias Problem = CameraDocument.Problem

  private struct Line {
    var number: Int
    var indent: Int
    var text: Substring
  }

  private var lines: [Line]
  private var position = 0

  /// - Throws: `CameraDocument.Problem` with the line.
  static func parse(_ text: String) throws(CameraDocument.Problem) -> CameraDocument {
    var parser = try PlainYAML(text)
    guard let first = parser.lines.first else { throw Problem(line: 1, reason: "there is nothing in it") }
    let document = try parser.block(indent: first.indent, depth: 0)
    guard parser.position == parser.lines.count else {
      throw Problem(line: parser.lines[parser.position].number, reason: "a line is indented like none before it")
    }
    return document
  }

  private init(_ text: String) throws(CameraDocument.Problem) {
    lines = []
    // A line feed behind a carriage return is one character with it.
    for (index, raw) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      let line = PlainYAML.withoutComment(raw)
      let indent = line.prefix { $0 == " " }.count
      let body = line.dropFirst(indent)
      guard !body.allSatisfy(\.isWhitespace), !(indent == 0 && (body.hasPrefix("%") || body == "---" || body == "...")) else {
        continue
      }
      if body.hasPrefix("\t") { throw Problem(line: index + 1, reason: "a line is indented by a tabulator; use blanks") }
      lines.append(Line(number: index + 1, indent: indent, text: body))
    }
  }

  /// The line up to a number sign that begins a comment.
  private static func withoutComment(_ line: Substring) -> Substring {
    var quote: Character?
    var previous: Character = " "
    for index in line.indices {
      let character = line[index]
      if let open = quote {
        if character == open { quote = nil }
      } else if character == "\"" || character == "'" {
        quote = character
      } else if character == "#", previous.isWhitespace {
        return line[..<index]
      }
      previous = character
    }
    return line
  }

  // MARK: - Blocks

  private mutating func block(indent: Int, depth: Int) throws(CameraDocument.Problem) -> CameraDocument {
    guard depth < CameraDocument.maximumDepth else {
      throw Problem(line: lines[position].number, reason: "it is nested more than \(CameraDocument.maximumDepth) deep")
    }
    return PlainYAML.isItem(lines[position].text) ? try items(indent, depth) : try entries(indent, depth)
  }

  private static func isItem(_ text: Substring) -> Bool { text == "-" || text.hasPrefix("- ") }

  private mutating func items(_ indent: Int, _ depth: Int) throws(CameraDocument.Problem) -> CameraDocument {
    var values: [CameraDocument] = []
    while position < lines.count, lines[position].indent == indent, PlainYAML.isItem(lines[position].text) {
      values.append(try value(lines[position].text.dropFirst(), of: indent, depth))
    }
    return .list(values)
  }

  private mutating func entries(_ indent: Int, _ depth: Int) throws(CameraDocument.Problem) -> CameraDocument {
    var map: [String: CameraDocument] = [:]
    while position < lines.count, lines[position].indent == indent {
      let line = lines[position]
      guard let colon = line.text.firstIndex(of: ":"), colon != line.text.startIndex else {
        throw Problem(line: line.number, reason: "there is no \"key: value\"")
      }
      let key = String(line.text[..<colon]).trimmingQuotes
      guard map[key] == nil else { throw Problem(line: line.number, reason: "\"\(key)\" stands there twice") }
      map[key] = try value(line.text[line.text.index(after: colon)...], of: indent, depth)
    }
    return .map(map)
  }

  /// What stands behind a colon or a dash, on the line reached and those that belong to it; goes on behind them.
  private mutating func value(_ text: Substring, of indent: Int, _ depth: Int) throws(CameraDocument.Problem) -> CameraDocument {
    let number = lines[position].number
    var rest = text.drop(while: \.isWhitespace)
    if rest.hasPrefix("!") { rest = rest.drop { !$0.isWhitespace }.drop(while: \.isWhitespace) }
    position += 1
    if rest.hasPrefix("{") || rest.hasPrefix("&") || rest.hasPrefix("*") || rest.hasPrefix("|") || rest.hasPrefix(">") {
      throw Problem(line: number, reason: "\"\(rest.prefix(1))\" begins what files of cameras do not have")
    }
    if rest.hasPrefix("[") { return try bracketed(rest, from: number) }
    guard rest.allSatisfy(\.isWhitespace) else { return .text(String(rest).trimmingQuotes) }
    guard position < lines.count else { return .text("") }
    let next = lines[position]
    // A list may stand as far left as its key.
    let isOwn =
      next.indent > indent || (next.indent == indent && PlainYAML.isItem(next.text) && !PlainYAML.isItem(lines[position - 1].text))
    return isOwn ? try block(indent: next.indent, depth: depth + 1) : .text("")
  }

  // MARK: - Lists in brackets

  private mutating func bracketed(_ start: Substring, from number: Int) throws(CameraDocument.Problem) -> CameraDocument {
    var open: [[CameraDocument]] = []
    var word = ""
    var text = start
    while true {
      for character in text {
        switch character {
        case "[":
          guard open.count < CameraDocument.maximumDepth else {
            throw Problem(line: number, reason: "brackets are nested too deep")
          }
          open.append([])
        case "]", ",":
          let item = word.trimmingQuotes
          if !item.isEmpty { open[open.count - 1].append(.text(item)) }
          word = ""
          guard character == "]" else { continue }
          let closed = CameraDocument.list(open.removeLast())
          if open.isEmpty { return closed }
          open[open.count - 1].append(closed)
        default: word.append(character)
        }
      }
      guard position < lines.count else { throw Problem(line: number, reason: "a bracket is not closed; is the file cut off?") }
      word += " "
      text = lines[position].text
      position += 1
    }
  }
}

extension String {
  /// Without blanks around it, and without quotes around the rest.
  fileprivate var trimmingQuotes: String {
    let text = drop(while: \.isWhitespace)
    let body = text[..<(text.lastIndex { !$0.isWhitespace }.map { text.index(after: $0) } ?? text.startIndex)]
    guard body.count >= 2, let quote = body.first, quote == "\"" || quote == "'", body.last == quote else { return String(body) }
    return String(body.dropFirst().dropLast())
  }
}
