import Geometry

/// Writes tracks while they come as rows of one of the text formats.
///
/// Rows may come in any order of frames (back-filled ones come late); all these formats leave the order free.
public struct TrackTextWriter: Sendable {
  /// The text formats that can be written while tracks come.
  public enum Format: String, Sendable, CaseIterable {
    /// `frame,id,left,top,width,height,score,class,-1,-1` of the upright hull. Classes have MOTChallenge's numbers (car 3), those that it
    /// has no name for numbers from 101; a single class without a number there is −1.
    case mot
    /// `frame,id,x1,y1,…,x4,y4,score,class,0`, classes from 0.
    case motOriented = "mot-obb"
    /// `frame id type -1 -1 alpha left top right bottom height width length x y z rotation_y score` of the upright hull, frames from 0; boxes
    /// without a place in space have KITTI's values for unknown ones.
    case kitti
    /// All that a track has, with a header that names columns and units.
    case csv
  }

  /// What the rows look like.
  public let format: Format
  private let classes: [String]
  /// What the tracks were seen in.
  private let video: String

  /// MOTChallenge's numbers of the classes.
  private let classNumbers: [Int]

  /// - Parameters:
  ///   - classes: The names that the tracks' class indices point into.
  ///   - video: What the tracks were seen in; CSV says it in each row, so that tables of many videos can be joined.
  public init(format: Format, classes: [String], video: String = "") {
    self.format = format
    self.video = video
    self.classes = classes
    let numbers = ClassNumbering.numbers(of: classes, known: MOTRows.classes, first: 1)
    // One class that MOTChallenge does not know tells nothing apart.
    classNumbers = numbers.count == 1 && numbers[0] >= ClassNumbering.firstFurther ? [-1] : numbers
  }

  /// What comes before the first row.
  public func appendHeader(to text: inout TextBuffer) {
    if format == .csv { text.appendCSV(namesOf: TrackRow.columns) }
  }

  /// Appends a row for each track of a frame.
  ///
  /// - Parameters:
  ///   - frame: From 0, whatever the format counts from.
  ///   - time: Seconds from the start of the stream.
  ///   - view: How the frame lies in the plane that stands still while the camera moves; without one CSV leaves places there out.
  public func append(
    frame: Int, time: Double, tracks: [TrackRecord], view: StabilizedPlane.View? = nil, to text: inout TextBuffer
  ) {
    for track in tracks {
      switch format {
      case .mot: appendMOT(frame, track, &text)
      case .motOriented: appendCorners(frame, track, &text)
      case .kitti: appendKITTI(frame, track, &text)
      case .csv: appendCSV(frame, time, track, view, &text)
      }
    }
  }

  private func appendMOT(_ frame: Int, _ track: TrackRecord, _ text: inout TextBuffer) {
    text.appendMOT(frame: frame, id: track.id, box: track.box.hull, score: track.score ?? 1, .rounded)
    text.append(",")
    text.append(classNumbers.indices.contains(track.classIndex) ? classNumbers[track.classIndex] : -1)
    text.append(",-1,-1\n")
  }

  private func appendCorners(_ frame: Int, _ track: TrackRecord, _ text: inout TextBuffer) {
    text.appendOrientedMOT(
      frame: frame, id: track.id, corners: track.box.corners, score: track.score ?? 1, class: track.classIndex, .rounded)
    text.append(",0\n")
  }

  private func appendKITTI(_ frame: Int, _ track: TrackRecord, _ text: inout TextBuffer) {
    let hull = track.box.hull
    let box = track.world?.box ?? .unknown
    func append(_ values: [Double], decimals: Int) {
      for value in values {
        text.append(" ")
        text.append(value, decimals: decimals)
      }
    }
    text.append("\(frame) \(track.id) \(wordOfClass(track)) -1 -1")
    append([box.alpha], decimals: StreamDecimals.angle)
    append([hull.left, hull.top, hull.right, hull.bottom], decimals: NumberStyle.positionDecimals)
    append([box.height, box.width, box.length, box.x, box.y, box.z], decimals: StreamDecimals.metres)
    append([box.rotationY], decimals: StreamDecimals.angle)
    append([track.score ?? 1], decimals: NumberStyle.scoreDecimals)
    text.append("\n")
  }

  private func wordOfClass(_ track: TrackRecord) -> String { BoxTable.word(ofClass: track.className(in: classes)) }

  private func appendCSV(
    _ frame: Int, _ time: Double, _ track: TrackRecord, _ view: StabilizedPlane.View?, _ text: inout TextBuffer
  ) {
    text.appendCSV(
      TrackRow(frame: frame, time: time, track: track, classes: classes, view: view, video: video), TrackRow.columns)
  }
}
