/// What can go wrong with a file of records, each told in one sentence.
public enum RecordsError: Error, Sendable, Equatable {
  /// The input is not there or may not be opened.
  case cannotOpen(path: String, reason: String)
  /// Reading failed half-way.
  case cannotRead(path: String, reason: String)
  /// A packed file breaks off or is damaged.
  case damagedArchive(path: String, reason: String)
  /// Lines that are not what the format asks for: their causes, each with its first line, and how many lines there are in all.
  case malformedLines(path: String, lines: [LineProblem], total: Int)
  /// The file as a whole is not what it should be.
  case malformed(path: String, reason: String)
  /// The file's format cannot be told, or is not one that this reader takes.
  case unknownFormat(path: String, reason: String)
  /// Boxes that are shares of their images, whose size nobody told.
  case unknownImageSize(path: String)
  /// The file is larger than this program reads.
  case tooLarge(path: String, reason: String)
  /// The output exists and was not to be replaced.
  case outputExists(path: String)
  /// The output cannot be created.
  case cannotCreate(path: String, reason: String)
  /// Writing failed half-way.
  case cannotWrite(path: String, reason: String)
  /// No room is left on the output's device.
  case diskFull(path: String)
  /// The reader of a pipe has gone; not a failure of this program.
  case brokenPipe(path: String)
}

extension RecordsError: CustomStringConvertible {
  /// One sentence without control characters, whatever the file holds.
  public var description: String { MessageText.printable(sentence) }

  private var sentence: String {
    switch self {
    case .cannotOpen(let path, let reason): "cannot open \(path): \(reason)"
    case .cannotRead(let path, let reason): "cannot read \(path): \(reason)"
    case .damagedArchive(let path, let reason):
      "cannot unpack \(path): its packed data are damaged or break off (\(reason)); copy or download the file again"
    case .malformedLines(let path, let lines, let total):
      RecordsError.describe(path: path, lines: lines, total: total)
    case .malformed(let path, let reason): "cannot use \(path): \(reason)"
    case .unknownFormat(let path, let reason): "cannot tell the format of \(path): \(reason)"
    case .unknownImageSize(let path): "cannot use \(path): its boxes are shares of the images, whose size is not known"
    case .tooLarge(let path, let reason): "cannot read \(path): \(reason)"
    case .outputExists(let path): "cannot write \(path): the file exists, and replacing it was not asked for"
    case .cannotCreate(let path, let reason): "cannot create \(path): \(reason)"
    case .cannotWrite(let path, let reason): "cannot write \(path): \(reason)"
    case .diskFull(let path): "cannot write \(path): no space is left on the device"
    case .brokenPipe(let path): "cannot write \(path): the reader of the pipe has gone"
    }
  }

  private static func describe(path: String, lines: [LineProblem], total: Int) -> String {
    let rest = total - lines.reduce(0) { $0 + $1.count }
    let listed = lines.map(\.description).joined(separator: "; ") + (rest > 0 ? "; and \(rest) more" : "")
    guard total > 1 else { return "cannot read \(path), \(lines.first?.description ?? "a line is not what it should be")" }
    return "cannot read \(path), \(total) bad lines: \(listed)"
  }
}
