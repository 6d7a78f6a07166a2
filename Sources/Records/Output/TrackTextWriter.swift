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
    /// All that a track has, with a header that names columns and units.
    case csv
  }

  /// What the rows look like.
  public let format: Format
  private let classes: [String]
  /// What the tracks were seen in, as a field of CSV.
  private let video: String

  /// MOTChallenge's numbers of the classes.
  private let classNumbers: [Int]

  /// - Parameters:
  ///   - classes: The names that the tracks' class indices point into.
  ///   - video: What the tracks were seen in; CSV says it in each row, so that tables of many videos can be joined.
  public init(format: Format, classes: [String], video: String = "") {
    self.format = format
    self.video = CSVField.quoted(video)
    self.classes = classes.map(CSVField.quoted)
    let numbers = ClassNumbering.numbers(of: classes, known: MOTRows.classes, first: 1)
    // One class that MOTChallenge does not know tells nothing apart.
    classNumbers = numbers.count == 1 && numbers[0] >= ClassNumbering.firstFurther ? [-1] : numbers
  }

  /// What comes before the first row.
  public func appendHeader(to text: inout TextBuffer) {
    guard format == .csv else { return }
    text.append(
      "frame,time_s,id,class,state,score,existence,cx_px,cy_px,w_px,h_px,angle_rad,angle_sd_rad,vx_px_per_s,vy_px_per_s,"
    )
    text.append("heading_rad,heading_sd_rad,heading_confidence,speed_px_per_s,observation,detection,")
    text.append("course_rad,course_sd_rad,image_vx_px_per_s,image_vy_px_per_s,stable_x_px,stable_y_px,stable_frame,video\n")
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

  private func appendCSV(
    _ frame: Int, _ time: Double, _ track: TrackRecord, _ view: StabilizedPlane.View?, _ text: inout TextBuffer
  ) {
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
    append(optional: track.course, StreamDecimals.angle, &text)
    append(optional: track.courseDeviation, StreamDecimals.angle, &text)
    append(optional: track.imageVelocity?.x, StreamDecimals.position, &text)
    append(optional: track.imageVelocity?.y, StreamDecimals.position, &text)
    let place = view?.place(track.box.center)
    append(optional: place?.x, StreamDecimals.position, &text)
    append(optional: place?.y, StreamDecimals.position, &text)
    text.append(",")
    if let view { text.append(view.origin) }
    text.append("," + video + "\n")
  }

  private func className(_ index: Int) -> String {
    classes.indices.contains(index) ? classes[index] : "unknown"
  }

  private func append(position value: Double, _ text: inout TextBuffer) {
    text.append(",")
    text.append(value, decimals: StreamDecimals.position)
  }

  private func append(optional value: Double?, _ decimals: Int, _ text: inout TextBuffer) {
    text.append(",")
    if let value, value.isFinite { text.append(value, decimals: decimals) }
  }
}
