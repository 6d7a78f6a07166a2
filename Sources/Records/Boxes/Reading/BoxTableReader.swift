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
    /// Whether a MOTChallenge or KITTI result keeps its scores; a truth's flags are kept in any case.
    public var keepsScores = true
    var readsScores: Bool { keepsScores || role == .truth }
    /// How many bad lines are told in full before the rest is only counted; reading goes on to the file's end for that.
    public var listedBadLines: Int
    /// A file with more boxes is refused.
    public var maximumRows: Int
    /// About the images of formats that name images.
    public var images = ImageOptions()

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

  /// What the formats that name images leave open.
  public struct ImageOptions: Sendable {
    /// How files named after images become frames.
    public enum Numbering: Sendable {
      /// By their place in the list of images.
      case byImage
      /// By the number at the end of their names, so that frames without a file stay empty; from 1 unless one is numbered 0.
      case byNumber
    }

    public var numbering = Numbering.byImage
    /// All images in order, those without boxes too, without folder and suffix; empty: those that the files name, sorted.
    public var names: [String] = []
    /// Width and height in pixels, which YOLO's shares are multiplied by.
    public var size: (width: Double, height: Double)?
    /// Sizes of single images by name, before `size`.
    public var sizes: [String: (width: Double, height: Double)] = [:]

    public init() {}
  }

  /// The largest frame number that a file may name: over a month at 30 frames a second.
  public static let maximumFrame = 100_000_000

  /// Reads a file, or a folder with a file per image or class (DOTA, YOLO).
  ///
  /// - Parameter path: The file, gzip or not; `-` is standard input.
  public static func read(path: String, options: Options = Options()) throws(RecordsError) -> BoxTable {
    if let files = BoxFolder(path: path) { return try files.read(options) }
    return try read(try ByteSource(path: path), options: options)
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
          path: reader.name, reason: "it has nothing but blank lines; a file without boxes has zero bytes")
      }
      return BoxTable(format: options.format ?? .mot)
    }
    guard let format = options.format ?? guess.format else {
      throw .unknownFormat(path: reader.name, reason: guess.reason)
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
    // KITTI's class names may hold commas.
    case .kitti: try BoxRowLoop.read(reader, .blank, options, KITTIRows(options))
    case .ab3dmot: try BoxRowLoop.read(reader, separator, options, AB3DMOTRows(options))
    case .uavdt: try BoxRowLoop.read(reader, separator, options, UAVDTRows(options))
    case .sextant: try StreamTable.read(reader, options)
    case .csv: try TrackCSVTable.read(reader, options)
    case .hitUAV: try BoxRowLoop.read(reader, .blank, options, HITUAVRows(options))
    case .coco: try COCODataset.read(reader, options).table
    case .dota, .dotaResults, .yolo, .yoloOriented:
      throw .unknownFormat(path: reader.name, reason: "\(format.rawValue) is a folder of files; name the folder")
    }
  }
}
