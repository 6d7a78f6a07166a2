/// MOTChallenge's `seqinfo.ini`: what a sequence is called and how long and large it is.
public struct SequenceInfo: Sendable, Equatable {
  public var name: String?
  /// The folder of the images.
  public var imageFolder: String?
  /// Frames per second.
  public var frameRate: Double?
  /// Number of frames.
  public var length: Int?
  /// Pixels.
  public var width: Int?
  public var height: Int?
  /// With its point.
  public var imageSuffix: String?

  public init() {}

  public static func read(path: String) throws(RecordsError) -> SequenceInfo {
    try read(try LineReader(path: path))
  }

  public static func read(bytes: some Collection<UInt8>, name: String) throws(RecordsError) -> SequenceInfo {
    try read(LineReader(ByteSource(bytes: bytes, name: name)))
  }

  /// Keys are read whatever their case, other sections and keys skipped.
  private static func read(_ reader: LineReader) throws(RecordsError) -> SequenceInfo {
    var info = SequenceInfo()
    var section = ""
    var problems = LineProblems(limit: 10)
    try reader.forEachLine { line throws(RecordsError) in
      let text = trimmed(String(decoding: line.bytes, as: UTF8.self)[...])
      guard let first = text.first, first != ";", first != "#" else { return }
      if first == "[" {
        section = text.dropFirst().prefix { $0 != "]" }.lowercased()
      } else if section == "sequence" {
        guard let equals = text.firstIndex(of: "=") else {
          problems.add(line: line.number, "neither a section nor key=value")
          return
        }
        let value = String(trimmed(text[text.index(after: equals)...]))
        let key = trimmed(text[..<equals]).lowercased()
        if !info.take(key, value) { problems.add(line: line.number, "\(key) is not a number from 1 to \(Int32.max)") }
      }
    }
    try problems.throwIfAny(path: reader.name)
    return info
  }

  /// Takes a key's value; false where it should be a number and is none.
  private mutating func take(_ key: String, _ value: String) -> Bool {
    switch key {
    case "name": name = value
    case "imdir": imageFolder = value
    case "imext": imageSuffix = value
    case "framerate":
      frameRate = Double(value)
      return frameRate.map { $0.isFinite && $0 > 0 } ?? false
    case "seqlength": return SequenceInfo.set(&length, value)
    case "imwidth": return SequenceInfo.set(&width, value)
    case "imheight": return SequenceInfo.set(&height, value)
    default: break
    }
    return true
  }

  private static func set(_ place: inout Int?, _ value: String) -> Bool {
    guard let number = Int(value), (1...Int(Int32.max)).contains(number) else { return false }
    place = number
    return true
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}
