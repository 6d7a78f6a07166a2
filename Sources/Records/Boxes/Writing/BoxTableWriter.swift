import Foundation

/// Writes tables of boxes as files of any format, rows in the table's order.
///
/// Numbers have the shortest digits that read back to the same values, so that reading and writing a format again keeps every value.
public enum BoxTableWriter {
  /// What a format needs and a table does not hold.
  public struct Options: Sendable {
    /// Frames per second, for formats that have times.
    public var frameRate: Double
    /// Width and height of the images in pixels, for YOLO's shares and COCO.
    public var imageSize: (width: Double, height: Double)?
    /// The program's name and version for the stream's header.
    public var program: String
    /// Whether an existing file may be replaced.
    public var overwrite: Bool

    /// - Parameters:
    ///   - frameRate: Frames per second, for formats that have times.
    ///   - imageSize: Pixels, for YOLO's shares and COCO; nil where it is not known.
    ///   - program: The program's name and version for the stream's header.
    ///   - overwrite: Whether an existing file may be replaced.
    public init(
      frameRate: Double = 30, imageSize: (width: Double, height: Double)? = nil, program: String = "sextant",
      overwrite: Bool = false
    ) {
      self.frameRate = frameRate
      self.imageSize = imageSize
      self.program = program
      self.overwrite = overwrite
    }
  }

  /// Writes a file, or a folder of files for the formats that are one.
  ///
  /// - Parameter path: `-` is standard output, for formats of one file.
  /// - Returns: What the format could not keep.
  public static func write(
    _ table: BoxTable, as format: BoxFormat, path: String, options: Options = Options()
  ) throws(RecordsError) -> [ConversionLoss] {
    try refuseUnwritable(format, path: path)
    var losses = table.losses(writing: format)
    if format.isFolder {
      guard path != "-" else {
        throw .cannotCreate(path: "standard output", reason: "\(format.rawValue) is a folder of files; name a folder")
      }
      losses += try BoxFolderWriter(table: table, format: format, options: options).write(to: path)
    } else {
      let sink = try OutputSink(path: path, policy: .whole, overwrite: options.overwrite)
      losses += try write(table, as: format, options: options) { text throws(RecordsError) in try sink.write(text) }
      try sink.close()
    }
    return losses
  }

  /// The bytes of a format of one file; nil for formats that are folders.
  public static func text(_ table: BoxTable, as format: BoxFormat, options: Options = Options()) throws(RecordsError) -> [UInt8]? {
    guard !format.isFolder else { return nil }
    try refuseUnwritable(format, path: format.rawValue)
    var bytes: [UInt8] = []
    _ = try write(table, as: format, options: options) { text throws(RecordsError) in bytes += text.bytes }
    return bytes
  }

  private static func write(
    _ table: BoxTable, as format: BoxFormat, options: Options, to output: (TextBuffer) throws(RecordsError) -> Void
  ) throws(RecordsError) -> [ConversionLoss] {
    switch format {
    case .mot: try lines(MOTLines(table), output)
    case .motOriented: try lines(OrientedMOTLines(table), output)
    case .centerAngle: try lines(CenterAngleLines(table), output)
    case .kitti: try lines(KITTILines(table), output)
    case .ab3dmot: try lines(AB3DMOTLines(table), output)
    case .uavdt: try lines(UAVDTLines(table), output)
    case .hitUAV: try lines(HITUAVLines(table), output)
    case .csv: try lines(CSVLines(table), output)
    case .sextant: try StreamFromTable(table: table, options: options).write(output)
    case .coco: try COCOFromTable(table: table, options: options).write(output)
    case .cocoVID: try COCOFromTable(table: table, options: options, isVideo: true).write(output)
    case .fiftyOne: try FiftyOneFromTable(table: table, options: options).write(output)
    case .cvat: try CVATFromTable(table: table, options: options).write(output)
    case .labelStudio: try LabelStudioFromTable(table: table, options: options).write(output)
    case .dota, .dotaResults, .yolo, .yoloOriented: []
    case .visDrone, .boxMOT, .kittiObjects, .visDroneDetections, .scalabel, .ultralytics, .supervision, .detect: []
    }
  }

  private static func refuseUnwritable(_ format: BoxFormat, path: String) throws(RecordsError) {
    guard !format.isWritable else { return }
    throw .cannotCreate(
      path: path,
      reason: "\(format.rawValue) can be read but not written; there are "
        + BoxFormat.allCases.filter(\.isWritable).map(\.rawValue).joined(separator: ", "))
  }

  private static func lines<Lines: BoxLines>(
    _ lines: Lines, _ output: (TextBuffer) throws(RecordsError) -> Void
  ) throws(RecordsError) -> [ConversionLoss] {
    var text = TextBuffer(capacity: 1 << 16)
    lines.appendHeader(to: &text)
    for row in lines.table.frames.indices {
      lines.append(row, to: &text)
      try text.drainIfFull(output)
    }
    try output(text)
    return lines.losses
  }
}
