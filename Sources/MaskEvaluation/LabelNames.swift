import Foundation
import Records
import Reports

/// The names of labels, from a text with a name a line, or lines of `index,name[,…]` with or without a heading; a name with a comma stands in
/// quotes.
public enum LabelNames {
  /// A file with more bytes is refused: 256 names need no more.
  private static let maximumBytes = 1 << 20

  /// Reads a file. Labels that it does not name are called by their number.
  ///
  /// - Throws: `EvaluationError.missing` where there is no text, `unusable` with the line where it is not as described.
  public static func read(_ path: String) throws(EvaluationError) -> [String] { filled(try given(path)) }

  /// Reads a file: the names of those labels alone that have one.
  ///
  /// - Throws: As `read`.
  public static func given(_ path: String) throws(EvaluationError) -> [Int: String] {
    let found: Data?
    do {
      // Nothing is read of an empty file, which is there.
      found = try FileHandle(forReadingFrom: URL(fileURLWithPath: path)).read(upToCount: maximumBytes + 1)
    } catch {
      throw .missing(what: "the class names \(path)", lookedFor: [])
    }
    let bytes = found ?? Data()
    guard bytes.count <= maximumBytes, let text = String(data: bytes, encoding: .utf8) else {
      throw .unusable(path: path, reason: "it is no text of class names; write a name a line, or lines of index,name")
    }
    return try given(text: text, path: path)
  }

  /// The names in the order of their labels, numbers between them where there are none.
  static func filled(_ names: [Int: String]) -> [String] {
    (0...(names.keys.max() ?? 0)).map { names[$0] ?? "\($0)" }
  }

  static func given(text: String, path: String) throws(EvaluationError) -> [Int: String] {
    var names: [Int: String] = [:]
    for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() where !line.isEmpty
    {
      guard let fields = CSVField.fields(of: line) else {
        throw .unusable(
          path: path,
          reason: "line \(number + 1) has a quote that is not closed, or text behind one that is; write a quote within a name twice"
        )
      }
      let place = fields.count == 1 ? names.count : Int(fields[0].trimmingPrefix(while: \.isWhitespace))
      guard let place, (0..<256).contains(place) else {
        if fields.count > 1, names.isEmpty { continue }
        throw .unusable(
          path: path, reason: "line \(number + 1) does not begin with a label from 0 to 255, or is the 257th name; write index,name"
        )
      }
      guard names[place] == nil else {
        throw .unusable(path: path, reason: "line \(number + 1) names label \(place) again; give each label one line")
      }
      names[place] = fields[fields.count == 1 ? 0 : 1]
    }
    guard !names.isEmpty else {
      let fault = text.isEmpty ? "is empty" : "names no class"
      throw .unusable(path: path, reason: "it \(fault); write a name a line, or lines of index,name")
    }
    return names
  }
}
