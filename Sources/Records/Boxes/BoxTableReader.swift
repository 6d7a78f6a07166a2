import Geometry

/// Reads files of boxes into tables. The format is told by the file or, where told `nil`, guessed from its first lines (`BoxFormatGuess`).
///
/// Files are read in chunks, gzip is unpacked on the way, and every error names file and line.
public enum BoxTableReader {
  /// What column 7 of a MOT file means, which the file alone does not always say.
  public enum Role: Sendable {
    /// Flag and confidence alike where all values are 0 or 1; a confidence otherwise.
    case automatic
    /// A flag: 0 is left out of account, all else counts.
    case truth
    /// A confidence.
    case result
    case detections
  }

  /// What the scores of a file are.
  public enum ScoreKind: Sendable {
    /// Probabilities if all lie in [0, 1], else logits.
    case automatic
    case probability
    /// Turned into probabilities by 1 / (1 + exp(−score)).
    case logit
  }

  public struct Options: Sendable {
    /// nil: guessed.
    public var format: BoxFormat?
    public var role: Role
    public var scores: ScoreKind
    /// Names for the class numbers of formats without names.
    public var classNames: [Int: String]
    /// Whether the table keeps the line of each row.
    public var keepsLines: Bool
    /// Whether the table keeps corners as the file has them.
    public var keepsCorners: Bool
    /// How many bad lines are told in full before the rest is only counted; reading goes on to the file's end for that.
    public var listedBadLines: Int
    /// A file with more boxes is refused.
    public var maximumRows: Int

    public init(
      format: BoxFormat? = nil, role: Role = .automatic, scores: ScoreKind = .automatic,
      classNames: [Int: String] = [:], keepsLines: Bool = false, keepsCorners: Bool = false, listedBadLines: Int = 10,
      maximumRows: Int = 50_000_000
    ) {
      self.format = format
      self.role = role
      self.scores = scores
      self.classNames = classNames
      self.keepsLines = keepsLines
      self.keepsCorners = keepsCorners
      self.listedBadLines = listedBadLines
      self.maximumRows = maximumRows
    }
  }

  /// The largest frame number that a file may name: over a month at 30 frames a second.
  public static let maximumFrame = 100_000_000

  /// Reads a file of one sequence.
  ///
  /// - Parameter path: The file, gzip or not; `-` is standard input.
  public static func read(path: String, options: Options = Options()) throws(RecordsError) -> BoxTable {
    try read(try ByteSource(path: path), options: options)
  }

  /// Reads the bytes of such a file.
  public static func read(
    bytes: some Collection<UInt8>, name: String, options: Options = Options()
  ) throws(RecordsError) -> BoxTable {
    try read(ByteSource(bytes: bytes, name: name), options: options)
  }

  private static func read(_ source: ByteSource, options: Options) throws(RecordsError) -> BoxTable {
    let reader = LineReader(source)
    let guess = try reader.peek { BoxFormatGuess(firstBytes: $0) }
    guard guess.hasContent else {
      guard guess.isEmptyFile else {
        throw .malformed(
          path: reader.name, reason: "it has nothing but blank lines; an empty result is a file of zero bytes")
      }
      return BoxTable(format: options.format ?? .mot)
    }
    guard let format = options.format ?? guess.format else {
      throw .unknownFormat(path: reader.name, reason: guess.reason + "; name the format")
    }
    return try read(reader, format: format, separator: guess.separator, options: options)
  }

  private static func read(
    _ reader: LineReader, format: BoxFormat, separator: ColumnSeparator, options: Options
  ) throws(RecordsError) -> BoxTable {
    switch format {
    case .mot: try BoxRowLoop.read(reader, separator, options, MOTRows(options))
    case .motOriented: try BoxRowLoop.read(reader, separator, options, OrientedMOTRows(options))
    case .centerAngle: try BoxRowLoop.read(reader, separator, options, CenterAngleRows(options))
    case .kitti: try BoxRowLoop.read(reader, separator, options, KITTIRows(options))
    case .ab3dmot: try BoxRowLoop.read(reader, separator, options, AB3DMOTRows(options))
    case .uavdt: try BoxRowLoop.read(reader, separator, options, UAVDTRows(options))
    case .sextant: try StreamTable.read(reader, options)
    default:
      throw .unknownFormat(path: reader.name, reason: "\(format.rawValue) is not a format of one sequence in one text")
    }
  }
}

/// What a text format adds to the reader: how one row becomes an entry of the table.
protocol BoxRows {
  /// Bit n is set where column n holds text.
  static var textColumns: UInt32 { get }
  static var format: BoxFormat { get }
  /// Checks the row and appends it whole, or throws and leaves the table as it was. Frames are appended as the file has them.
  mutating func append(_ row: borrowing RowScanner, to table: inout BoxTable) throws(RowProblem)
  /// Moves what was collected beside the table into it and decides what only the whole file decides.
  mutating func finish(_ table: inout BoxTable)
}

/// The loop over a file's rows, the same for all text formats.
enum BoxRowLoop {
  static func read<Rows: BoxRows>(
    _ reader: LineReader, _ separator: ColumnSeparator, _ options: BoxTableReader.Options, _ rows: Rows
  ) throws(RecordsError) -> BoxTable {
    var rows = rows
    var table = BoxTable(format: Rows.format)
    var scanner = RowScanner(separator: separator, textColumns: Rows.textColumns)
    var problems = LineProblems(limit: options.listedBadLines)
    try reader.forEachLine { line throws(RecordsError) in
      do throws(RowProblem) {
        try scanner.scan(line.bytes)
        guard scanner.count > 0 else { return }
        try rows.append(scanner, to: &table)
        if options.keepsLines { table.lines.append(Int32(clamping: line.number)) }
      } catch {
        problems.add(line: line.number, error.reason(line: line.bytes, separator: separator))
      }
      guard table.count <= options.maximumRows else {
        throw .tooLarge(
          path: reader.name, reason: "it has more than \(options.maximumRows) boxes; split it into sequences")
      }
    }
    try problems.throwIfAny(path: reader.name)
    rows.finish(&table)
    table.settleFrames()
    return table
  }
}

/// Bad lines: the first few in full, the rest counted.
struct LineProblems {
  let limit: Int
  private(set) var lines: [LineProblem] = []
  private(set) var total = 0

  init(limit: Int) { self.limit = max(1, limit) }

  mutating func add(line: Int, _ reason: @autoclosure () -> String) {
    total += 1
    if lines.count < limit { lines.append(LineProblem(line: line, reason: reason())) }
  }

  func throwIfAny(path: String) throws(RecordsError) {
    if total > 0 { throw .malformedLines(path: path, lines: lines, total: total) }
  }
}

extension BoxTable {
  /// Turns the file's frame numbers into frames from 0.
  mutating func settleFrames() {
    guard format.firstFrame == 1, let first = frames.min() else { return }
    guard first > 0 else {
      warnings.append("frames begin at 0 where \(format.rawValue) counts from 1; taken as counting from 0")
      return
    }
    for row in frames.indices { frames[row] -= 1 }
  }

  /// Turns the file's scores into probabilities, or drops a column that says −1 throughout.
  mutating func settleScores(_ kind: BoxTableReader.ScoreKind) {
    guard !confidences.isEmpty else { return }
    if kind != .logit, confidences.allSatisfy({ $0 == -1 }) {
      confidences = []
      return
    }
    let isProbability = confidences.allSatisfy { $0 >= 0 && $0 <= 1 }
    guard kind == .logit || !isProbability else { return }
    if kind == .automatic {
      warnings.append("scores outside [0, 1] are taken as logits, probability = 1 / (1 + exp(-score))")
    }
    rawScores = confidences
    for row in confidences.indices { confidences[row] = Logistic.probability(confidences[row]) }
  }
}
