import Geometry
import Records

/// Detections that stand in a file: the picture is not looked at, only the frame's number.
public struct FileDetector: Detector, Sendable {
  /// The file's classes, or "object" where it names none.
  public let classes: [String]
  private let table: BoxTable
  private let rows: RowIndex

  /// - Parameter table: Frames from 0, the same as the ordinals of the pictures.
  public init(table: BoxTable) {
    self.table = table
    rows = table.rowsByFrame()
    classes = table.classes.isEmpty ? MotionDetector.classes : table.classes
  }

  /// The detections of the frame with the input's ordinal.
  public mutating func detect(_ input: DetectionInput) -> [DetectedBox] {
    detections(inFrame: input.ordinal)
  }

  /// The detections of a frame; none for a frame that the file does not name.
  public func detections(inFrame frame: Int) -> [DetectedBox] {
    table.detections(rows.rows(of: frame))
  }
}
