import Geometry

/// Writes detections while they come, as rows of one of the formats that keep a score and grow row by row.
///
/// ```swift
/// let writer = DetectionTextWriter(format: .csv, classes: ["car"])
/// writer.appendHeader(to: &text)
/// writer.append(frame: 0, detections: found, to: &text)
/// ```
public struct DetectionTextWriter: Sendable {
  /// The formats. COCO's json and folders are made of a whole file by `sextant convert`.
  public static let formats: [BoxFormat] = [.csv, .mot, .motOriented, .centerAngle, .kitti]

  /// The format that a file's name tells: `.csv` is CSV, `.txt` oriented MOT text; a name like `found.kitti.txt` has its format before the
  /// suffix. A suffix of packing (`.gz`, `.zst`) may follow. Nil for all others.
  public static func format(ofName name: String) -> BoxFormat? {
    var parts = name.split(separator: "/").last?.split(separator: ".", omittingEmptySubsequences: false) ?? []
    if ["gz", "zst"].contains(parts.last?.lowercased()) { parts.removeLast() }
    guard parts.count > 1, let suffix = parts.last?.lowercased() else { return nil }
    if suffix == "csv" { return .csv }
    guard suffix == "txt" else { return nil }
    let told = parts.count > 2 ? BoxFormat(rawValue: parts[parts.count - 2].lowercased()) : nil
    return told.map { formats.contains($0) && $0 != .csv ? $0 : nil } ?? .motOriented
  }

  private let format: BoxFormat
  private let classes: [String]

  /// - Parameters:
  ///   - format: One of `formats`.
  ///   - classes: The names that the detections' class indices point into.
  public init(format: BoxFormat, classes: [String]) {
    self.format = format
    self.classes = classes
  }

  /// What comes before the first row.
  public func appendHeader(to text: inout TextBuffer) {
    lines(BoxTable(format: format)).appendHeader(to: &text)
  }

  /// Appends a row for each detection of a frame.
  ///
  /// - Parameter frame: From 0, whatever the format counts from.
  public func append(frame: Int, detections: [DetectedBox], to text: inout TextBuffer) {
    let lines = lines(BoxTable(detections, frame: frame, classes: classes, format: format))
    for row in detections.indices { lines.append(row, to: &text) }
  }

  private func lines(_ table: BoxTable) -> any BoxLines {
    switch format {
    case .mot: MOTLines(table)
    case .motOriented: OrientedMOTLines(table)
    case .centerAngle: CenterAngleLines(table)
    case .kitti: KITTILines(table)
    default: CSVLines(table, hasCovariances: true)
    }
  }
}
