import Geometry

/// Reads files of boxes into tables. The format is told by the file or, where told `nil`, guessed from its first lines (`BoxFormatGuess`).
///
/// Files are read in chunks, gzip is unpacked on the way, and every error names file and line.
public enum BoxTableReader {
  /// What a reader is told beforehand.
  public typealias Options = BoxReadingOptions
  /// What column 7 of a MOT file means.
  public typealias Role = BoxReadingOptions.Role
  /// What the scores of a file are.
  public typealias ScoreKind = BoxReadingOptions.ScoreKind

  /// The largest frame number that a file may name.
  public static let maximumFrame = BoxLimits.maximumFrame

  /// Reads a file, or a folder with a file per image or class (DOTA, YOLO, KITTI's objects, VisDrone's detections); one file of such a
  /// folder is one image.
  ///
  /// - Parameter path: The file, gzip or not; `-` is standard input.
  /// - Throws: `RecordsError` with the file's name and, where there is one, the line.
  public static func read(path: String, options: Options = Options()) throws(RecordsError) -> BoxTable {
    if let files = BoxFolder(path: path) {
      return try checked(try files.read(options, as: options.format), path: path)
    }
    var options = options
    if options.classNames.isEmpty { options.ownClasses = ClassLabels.beside(path) }
    return try read(try ByteSource(path: path), options: options)
  }

  /// Whether a folder is the tracks of one sequence with a file for each picture, as DeepStream and Ultralytics write them, rather than a
  /// folder of sequences with a file each.
  public static func isFolderOfPictures(_ path: String) -> Bool { BoxFolder(path: path)?.isOneSequence() ?? false }

  /// Reads the bytes of such a file.
  ///
  /// - Throws: `RecordsError` with the name given and, where there is one, the line.
  public static func read(
    bytes: some Collection<UInt8>, name: String, options: Options = Options()
  ) throws(RecordsError) -> BoxTable {
    try read(ByteSource(bytes: bytes, name: name), options: options)
  }

  private static func read(_ source: ByteSource, options: Options) throws(RecordsError) -> BoxTable {
    let reader = LineReader(source)
    let guess = try reader.peek { BoxFormatGuess(firstBytes: $0) }
    guard guess.hasContent || options.format?.isFolder == true else {
      guard guess.isEmptyFile else {
        throw .malformed(
          path: reader.name, reason: "it has nothing but blank lines; a file without boxes has zero bytes")
      }
      return BoxTable(format: options.format ?? .mot)
    }
    if let number = guess.decimalComma {
      throw .malformed(
        path: reader.name, reason: "its numbers have decimal commas, such as \"\(number)\"; write them with a point, as 10.5")
    }
    guard let format = options.format ?? guess.format else {
      throw .unknownFormat(path: reader.name, reason: guess.reason)
    }
    var table = try checked(
      try read(reader, format: format, separator: guess.separator, options: options), path: reader.name)
    if options.format == nil, let warning = guess.warning { table.warnings.append(warning) }
    return table
  }

  /// What holds for every format: places that can be counted in pixels, and names that do not steer a terminal.
  private static func checked(_ table: consuming BoxTable, path: String) throws(RecordsError) -> BoxTable {
    try table.refuseFarBoxes(path: path)
    table.classes = table.classes.map(MessageText.printable)
    return table
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
    case .visDrone: try BoxRowLoop.read(reader, separator, options, VisDroneRows(options))
    case .boxMOT: try BoxRowLoop.read(reader, separator, options, BoxMOTRows(options))
    case .sextant: try StreamTable.read(reader, options)
    case .csv: try NamedColumnTable.read(reader, options)
    case .hitUAV: try BoxRowLoop.read(reader, .blank, options, HITUAVRows(options))
    case .coco, .cocoVID, .scalabel, .ultralytics, .supervision, .labelStudio, .fiftyOne:
      try JSONBoxes.read(reader, format, options)
    case .detect: try PictureLines.read(reader, options)
    case .cvat: try CVATTable.read(reader, options)
    case .dota, .dotaResults, .yolo, .yoloOriented, .kittiObjects, .visDroneDetections:
      try BoxFolder(file: reader).read(options, as: format)
    }
  }
}
