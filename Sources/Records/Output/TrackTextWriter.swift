import Geometry

/// Writes tracks while they come as rows of one of the text formats.
///
/// Rows may come in any order of frames (back-filled ones come late); all these formats leave the order free.
public struct TrackTextWriter: Sendable {
  public enum Format: String, Sendable, CaseIterable {
    /// `frame,id,left,top,width,height,score,class,-1,-1` of the upright hull; the class is −1 unless there are several.
    case mot
    /// `frame,id,x1,y1,…,x4,y4,score,class,0`, classes from 0.
    case motOriented = "mot-obb"
    /// `frame,id,cx,cy,w,h,angle,score,class`, classes from 0.
    case centerAngle = "mot-obb-angle"
    /// KITTI tracking result, 18 columns.
    case kitti
    /// All that a track has, with a header that names columns and units.
    case csv
  }

  public let format: Format
  private let classes: [String]

  /// Digits after the point of pixels, angles and probabilities.
  private static let positionDecimals = 3
  private static let angleDecimals = 6
  private static let scoreDecimals = 4

  /// - Parameter classes: The names that the tracks' class indices point into.
  public init(format: Format, classes: [String]) {
    self.format = format
    self.classes = classes.map {
      switch format {
      case .kitti: $0.isEmpty ? "unknown" : $0.map { $0.isWhitespace ? "_" : String($0) }.joined()
      case .csv: CSVField.quoted($0)
      default: $0
      }
    }
  }

  /// What comes before the first row.
  public func appendHeader(to text: inout TextBuffer) {
    guard format == .csv else { return }
    text.append(
      "frame,time_s,id,class,state,score,existence,cx_px,cy_px,w_px,h_px,angle_rad,angle_sd_rad,vx_px_per_s,vy_px_per_s,"
    )
    text.append("heading_rad,heading_sd_rad,heading_confidence,speed_px_per_s,observation,detection\n")
  }

  /// Appends a row for each track of a frame.
  ///
  /// - Parameter frame: From 0, whatever the format counts from.
  public func append(frame: Int, time: Double, tracks: [TrackRecord], to text: inout TextBuffer) {
    for track in tracks {
      switch format {
      case .mot: appendMOT(frame, track, &text)
      case .motOriented: appendCorners(frame, track, &text)
      case .centerAngle: appendCenterAngle(frame, track, &text)
      case .kitti: appendKITTI(frame, track, &text)
      case .csv: appendCSV(frame, time, track, &text)
      }
    }
  }

  private func appendMOT(_ frame: Int, _ track: TrackRecord, _ text: inout TextBuffer) {
    let box = track.box.hull
    text.append(frame + 1)
    text.append(",")
    text.append(track.id)
    for value in [box.left, box.top, box.width, box.height] { append(position: value, &text) }
    append(score: track, &text)
    text.append(",")
    text.append(classes.count > 1 ? track.classIndex + 1 : -1)
    text.append(",-1,-1\n")
  }

  private func appendCorners(_ frame: Int, _ track: TrackRecord, _ text: inout TextBuffer) {
    text.append(frame + 1)
    text.append(",")
    text.append(track.id)
    for corner in track.box.corners {
      append(position: corner.x, &text)
      append(position: corner.y, &text)
    }
    append(score: track, &text)
    text.append(",")
    text.append(track.classIndex)
    text.append(",0\n")
  }

  private func appendCenterAngle(_ frame: Int, _ track: TrackRecord, _ text: inout TextBuffer) {
    text.append(frame + 1)
    text.append(",")
    text.append(track.id)
    for value in [track.box.center.x, track.box.center.y, track.box.width, track.box.height] {
      append(position: value, &text)
    }
    text.append(",")
    text.append(track.box.angle, decimals: TrackTextWriter.angleDecimals)
    append(score: track, &text)
    text.append(",")
    text.append(track.classIndex)
    text.append("\n")
  }

  private func appendKITTI(_ frame: Int, _ track: TrackRecord, _ text: inout TextBuffer) {
    let box = track.box.hull
    text.append(frame)
    text.append(" ")
    text.append(track.id)
    text.append(" ")
    text.append(className(track.classIndex))
    text.append(" -1 -1 -10")
    for value in [box.left, box.top, box.right, box.bottom] {
      text.append(" ")
      text.append(value, decimals: TrackTextWriter.positionDecimals)
    }
    text.append(" -1 -1 -1 -1000 -1000 -1000 -10 ")
    text.append(track.score ?? 1, decimals: TrackTextWriter.scoreDecimals)
    text.append("\n")
  }

  private func appendCSV(_ frame: Int, _ time: Double, _ track: TrackRecord, _ text: inout TextBuffer) {
    text.append(frame)
    text.append(",")
    text.append(time, decimals: StreamDecimals.seconds)
    text.append(",")
    text.append(track.id)
    text.append(",")
    text.append(className(track.classIndex))
    text.append(",")
    text.append(track.state.rawValue)
    append(optional: track.score, StreamDecimals.probability, &text)
    append(optional: track.existence, StreamDecimals.probability, &text)
    let box = track.box
    for value in [box.center.x, box.center.y, box.width, box.height] { append(position: value, &text) }
    append(optional: track.isAngleDefined ? box.angle : nil, StreamDecimals.angle, &text)
    append(optional: track.isAngleDefined ? track.angleDeviation : nil, StreamDecimals.angle, &text)
    append(optional: track.velocity?.x, StreamDecimals.position, &text)
    append(optional: track.velocity?.y, StreamDecimals.position, &text)
    append(optional: track.heading, StreamDecimals.angle, &text)
    append(optional: track.headingDeviation, StreamDecimals.angle, &text)
    append(optional: track.headingConfidence, StreamDecimals.probability, &text)
    append(optional: track.speed, StreamDecimals.position, &text)
    text.append(",")
    text.append(track.observation.rawValue)
    text.append(",")
    if let index = track.detectionIndex { text.append(index) }
    text.append("\n")
  }

  private func className(_ index: Int) -> String {
    classes.indices.contains(index) ? classes[index] : "unknown"
  }

  private func append(position value: Double, _ text: inout TextBuffer) {
    text.append(",")
    text.append(value, decimals: TrackTextWriter.positionDecimals)
  }

  private func append(score track: TrackRecord, _ text: inout TextBuffer) {
    text.append(",")
    text.append(track.score ?? 1, decimals: TrackTextWriter.scoreDecimals)
  }

  private func append(optional value: Double?, _ decimals: Int, _ text: inout TextBuffer) {
    text.append(",")
    if let value, value.isFinite { text.append(value, decimals: decimals) }
  }
}

/// Fields of comma-separated text (RFC 4180).
enum CSVField {
  /// The text, in quotes where it holds a comma, a quote or a line end.
  static func quoted(_ text: String) -> String {
    let needsQuotes = text.utf8.contains { [0x2C, 0x22, 0x0A, 0x0D].contains($0) }
    guard needsQuotes else { return text }
    return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }
}
