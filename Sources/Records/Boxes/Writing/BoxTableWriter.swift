import Foundation
import Geometry

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
    case .dota, .dotaResults, .yolo, .yoloOriented: []
    case .visDrone, .boxMOT, .kittiObjects, .visDroneDetections, .scalabel, .ultralytics, .supervision, .cvat: []
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

/// How a text format writes one row.
protocol BoxLines {
  var table: BoxTable { get }
  /// Appends what comes before the first row.
  func appendHeader(to text: inout TextBuffer)
  /// Appends the row's line, or nothing for a row that the format cannot hold.
  func append(_ row: Int, to text: inout TextBuffer)
  /// What depends on the values.
  var losses: [ConversionLoss] { get }
}

extension BoxLines {
  func appendHeader(to text: inout TextBuffer) {}
  var losses: [ConversionLoss] { [] }
}

// MARK: - Values for writing

extension BoxTable {
  /// The score as the file had it, nil where there is none or it is but a truth's flag.
  func writtenScore(_ row: Int) -> Double? {
    if !rawScores.isEmpty { return rawScores[row] }
    return confidences.isEmpty ? nil : confidences[row]
  }

  /// The score, or the flag as 0 or 1.
  func writtenScoreOrFlag(_ row: Int) -> Double? {
    writtenScore(row) ?? (considered.isEmpty ? nil : considered[row] ? 1 : 0)
  }

  /// The corners as the file had them, or those of the rectangle.
  func writtenCorners(_ row: Int) -> BoxCorners {
    if !corners.isEmpty { return corners[row] }
    let c = orientedBox(row).corners
    return BoxCorners(c[0], c[1], c[2], c[3])
  }

  /// The name of a frame's image; a number from 1 where images have no names.
  func writtenImage(_ frame: Int32) -> String {
    if Int(frame) < images.count { return images[Int(frame)] }
    let digits = String(frame + 1)
    return String(repeating: "0", count: max(0, 6 - digits.count)) + digits
  }

  /// The class's name without blanks; `unknown` for none.
  func writtenClass(_ row: Int) -> String {
    let name = className(row) ?? "unknown"
    return name.isEmpty ? "unknown" : String(name.map { $0.isWhitespace ? "_" : $0 })
  }

  /// The numbers that stand for the classes: the file's own, else those of the format's known names and, for names that it does not
  /// have, numbers from `ClassNumbering.firstFurther`; in order from `first` where the format knows no names.
  func writtenClassNumbers(known: [String] = [], first: Int) -> [Int] {
    if !classNumbers.isEmpty { return classNumbers.map(Int.init) }
    return ClassNumbering.numbers(of: classes, known: known, first: first)
  }

  /// A sentence on which number stands for which name, where names are lost.
  func numberingLoss(_ numbers: [Int], known: [String] = [], first: Int) -> [ConversionLoss] {
    let used = Set(classIndices)
    let pairs = zip(numbers, classes).enumerated().filter { used.contains(Int16($0.offset)) }.map(\.element)
    let isEvident = pairs.allSatisfy { number, name in
      String(number) == name || (known.indices.contains(number - first) && known[number - first] == name)
    }
    // Numbers without names that the format would read as names.
    let renamed = pairs.filter { number, name in String(number) == name && known.indices.contains(number - first) }
    let misnomers = renamed.prefix(20).map { "\($0.0) \(known[$0.0 - first])" }.joined(separator: ", ")
    let kept = renamed.isEmpty ? [] : [ConversionLoss("class numbers are kept, which the format has names for: \(misnomers)")]
    guard !isEvident else { return kept }
    let listed = pairs.prefix(20).map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    return [ConversionLoss("class names become numbers: \(listed)")] + kept
  }
}

extension TextBuffer {
  /// Appends a separator and a number with the shortest digits that read back to the same value.
  mutating func append(_ separator: StaticString, exact value: Double) {
    append(separator)
    append(exact: value)
  }

  /// Appends a separator and a number of single precision with the shortest digits that read back to it.
  mutating func append(_ separator: StaticString, exact value: Float) {
    append(separator)
    if value.magnitude < 1e6, value == value.rounded() {
      append(Int(value))
    } else {
      append(value.description)
    }
  }

  /// Appends a separator and a sum or product of a file's numbers: rounded to 6 decimals where that changes it by rounding errors only.
  mutating func append(_ separator: StaticString, derived value: Double) {
    append(separator)
    let rounded = (value * 1e6).rounded() / 1e6
    append(exact: abs(rounded - value) <= 1e-9 ? rounded : value)
  }
}
