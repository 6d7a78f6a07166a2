import Foundation

/// What MOTChallenge's `seqinfo.ini` says of a sequence; every key may be absent.
public struct SequenceInformation: Sendable, Hashable {
  /// The sequence's name.
  public var name: String?
  /// The folder of the images.
  public var imageFolder: String?
  /// With its point.
  public var imageSuffix: String?
  /// Frames per second.
  public var frameRate: Double?
  /// The number of frames.
  public var frameCount: Int?
  /// Pixels.
  public var width: Int?
  /// Pixels.
  public var height: Int?

  /// Width and height in pixels; nil where one of them is not told.
  public var size: (width: Int, height: Int)? { width.flatMap { width in height.map { (width, $0) } } }

  private static let greatestNumber = 100_000_000
  private static let greatestRate = 100_000.0

  /// A description that tells nothing.
  public init() {}

  /// Reads the text of such a file: section `[Sequence]` or none, keys in any case; unknown keys and values out of range are passed over.
  public init(text: String) {
    // Reading from memory fails only for a line of more than a mebibyte, and then what came before it is known.
    self = (try? Self.parse(LineReader(ByteSource(bytes: Array(text.utf8), name: "seqinfo.ini"))).information) ?? Self()
  }

  /// Reads such a file.
  ///
  /// - Throws: `RecordsError` with the line of each value that is not what its key asks for.
  public static func read(path: String) throws(RecordsError) -> SequenceInformation {
    try read(try LineReader(path: path))
  }

  /// Reads the bytes of such a file.
  public static func read(bytes: some Collection<UInt8>, name: String) throws(RecordsError) -> SequenceInformation {
    try read(LineReader(ByteSource(bytes: bytes, name: name)))
  }

  /// The description that lies beside a sequence's file or one folder above, as in `NAME/seqinfo.ini` with `NAME/det/det.txt`; values
  /// out of range are passed over.
  public static func beside(_ path: String) -> SequenceInformation? {
    self.path(beside: path).flatMap { try? LineReader(path: $0) }.flatMap { try? parse($0) }?.information
  }

  /// Where the description of `beside` stands; nil where there is none. A pipe of that name is none, for it could be waited for without end.
  public static func path(beside path: String) -> String? {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    return [folder, folder.deletingLastPathComponent()].map { $0.appendingPathComponent("seqinfo.ini").path }
      .first { FileIdentity(path: $0)?.isRegular ?? false }
  }

  private static func read(_ reader: LineReader) throws(RecordsError) -> SequenceInformation {
    let (information, problems) = try parse(reader)
    try problems.throwIfAny(path: reader.name)
    return information
  }

  private static func parse(
    _ reader: LineReader
  ) throws(RecordsError) -> (information: SequenceInformation, problems: LineProblems) {
    var information = SequenceInformation()
    var problems = LineProblems()
    var section = ""
    try reader.forEachLine { line throws(RecordsError) in
      let text = trimmed(String(decoding: line.bytes, as: UTF8.self)[...])
      guard let first = text.first, first != ";", first != "#" else { return }
      if first == "[" {
        section = text.dropFirst().prefix { $0 != "]" }.lowercased()
      } else if section.isEmpty || section == "sequence" {
        guard let equals = text.firstIndex(of: "=") else {
          problems.add(line: line.number, "neither a section nor key=value")
          return
        }
        let key = trimmed(text[..<equals]).lowercased()
        if !information.take(key, String(trimmed(text[text.index(after: equals)...]))) {
          problems.add(line: line.number, "\(key) is not a number from 1 to \(greatestNumber)")
        }
      }
    }
    return (information, problems)
  }

  /// Takes a key's value; false where it should be a number in range and is none.
  private mutating func take(_ key: String, _ value: String) -> Bool {
    switch key {
    case "name": name = value
    case "imdir": imageFolder = value
    case "imext": imageSuffix = value
    case "framerate":
      frameRate = Double(value).flatMap { $0 > 0 && $0 <= Self.greatestRate ? $0 : nil }
      return frameRate != nil
    case "seqlength": return Self.set(&frameCount, value)
    case "imwidth": return Self.set(&width, value)
    case "imheight": return Self.set(&height, value)
    default: break
    }
    return true
  }

  private static func set(_ place: inout Int?, _ value: String) -> Bool {
    place = Int(value).flatMap { (1...greatestNumber).contains($0) ? $0 : nil }
    return place != nil
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}
