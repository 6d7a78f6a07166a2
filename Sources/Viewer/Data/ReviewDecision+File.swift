import Foundation
import Records

extension ReviewDecision {
  /// Where the decisions on a stream stand: `NAME.review.ndjson` beside it, also of one that is still `.part`.
  public static func path(beside stream: String) -> String {
    var name = stream
    for suffix in [".part", ".gz", ".zst", ".ndjson", ".jsonl", ".json"] where name.hasSuffix(suffix) {
      name.removeLast(suffix.count)
    }
    return name + ".review.ndjson"
  }

  /// Reads decisions, one JSON object a line.
  ///
  /// - Throws: `ViewerError.review` for a line that is none.
  public static func read(bytes: [UInt8], name: String) throws(ViewerError) -> [ReviewDecision] {
    try readChanges(bytes: bytes, name: name).map(\.decision)
  }

  /// Reads decisions that a page adds to a list, and those with `"undone":true` that it takes back.
  ///
  /// - Throws: `ViewerError.review` for a line that is none.
  static func readChanges(bytes: [UInt8], name: String) throws(ViewerError) -> [(decision: ReviewDecision, isUndone: Bool)] {
    var changes: [(ReviewDecision, Bool)] = []
    for (index, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
      changes.append(try change(Array(line), name: name, line: index + 1))
    }
    return changes
  }

  /// Reads the decisions of a file.
  public static func read(path: String) throws -> [ReviewDecision] {
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw RecordsError.cannotOpen(path: path, reason: "no such file")
    }
    return try read(bytes: Array(bytes), name: path)
  }

  /// Writes decisions in place of those that the file has.
  public static func write(_ decisions: [ReviewDecision], path: String) throws(RecordsError) {
    let sink = try OutputSink(path: path, policy: .whole, overwrite: true)
    for decision in decisions { try sink.write(decision.json.json + "\n") }
    try sink.close()
  }

  /// The keys of a line.
  private struct Line: Decodable {
    var record: String
    var kind: String
    var id: Int
    var frame: Int
    var other: Int?
    var undone: Bool?
  }

  private static func change(
    _ bytes: [UInt8], name: String, line: Int
  ) throws(ViewerError) -> (decision: ReviewDecision, isUndone: Bool) {
    guard let read = try? JSONDecoder().decode(Line.self, from: Data(bytes)), read.record == "review" else {
      throw .review(path: name, line: line, reason: "no object with \"record\" \"review\", \"kind\", \"id\" and \"frame\"")
    }
    guard let kind = Kind(rawValue: read.kind) else {
      let known = Kind.allCases.map(\.rawValue).joined(separator: ", ")
      throw .review(path: name, line: line, reason: "\"kind\" is none of \(known)")
    }
    let needsOther = kind == .swap || kind == .join
    guard read.id >= 0, read.frame >= 0, (read.other ?? -1) >= 0 || !needsOther, read.other != read.id else {
      throw .review(path: name, line: line, reason: "an id, a frame or the other track's id is not one")
    }
    let decision = ReviewDecision(kind, id: read.id, other: needsOther ? read.other : nil, frame: read.frame)
    return (decision, read.undone ?? false)
  }
}
