import Geometry

/// Sums tracks up while they come, one row of comma-separated text for each: class, times, way, speed, and why it ended.
///
/// The rows of a track may come in any order of frames before its end (back-filled ones come late); a later row of a frame replaces an
/// earlier one. Memory is that of the recent past of the tracks that have not ended.
///
/// ```swift
/// var summary = TrackSummary(classes: header.classes, video: "clip.mp4", memory: 60)
/// summary.add(frame: 0, time: 0, tracks: record.tracks, view: nil)
/// summary.end(1, reason: "left", to: &text)
/// ```
public struct TrackSummary: Sendable {
  private struct Sighting {
    var frame: Int
    var time: Double
    /// Index into the class names.
    var classIndex: Int
    /// The plane's frame and the place there, px; nil where it has none.
    var place: (origin: Int, point: Point)?
  }

  /// A track that has not ended.
  private struct Story {
    /// Of what no later row can change any more.
    var first: Sighting?
    var last: Sighting?
    var count = 0
    /// Pixels.
    var path = 0.0
    /// What came since, in any order.
    var recent: [Sighting] = []

    /// Takes the recent sightings up to a time into the sums: one a frame, the one that came last, by ascending frame.
    mutating func settle(until time: Double) {
      var ofFrame: [Int: Sighting] = [:]
      for sighting in recent { ofFrame[sighting.frame] = sighting }
      let ordered = ofFrame.values.sorted { $0.frame < $1.frame }
      for sighting in ordered.prefix(while: { $0.time <= time }) {
        if let last { path += TrackSummary.distance(from: last, to: sighting) }
        first = first ?? sighting
        last = sighting
        count += 1
      }
      recent = Array(ordered.drop { $0.time <= time })
    }
  }

  private let classes: [String]
  private let video: String
  private let memory: Double
  private var tracks: [Int: Story] = [:]
  /// Sightings that are kept of a track before they are summed up: settling costs nothing per frame, and a track that lives for days no memory.
  private static let mostRecent = 8192

  /// - Parameters:
  ///   - classes: The names that the tracks' class indices point into.
  ///   - video: What the tracks were seen in, for the last column.
  ///   - memory: How late rows of earlier frames can come, seconds.
  public init(classes: [String], video: String, memory: Double) {
    self.memory = memory
    self.classes = classes.map(CSVField.quoted)
    self.video = CSVField.quoted(video)
  }

  /// What comes before the first row.
  public static func appendHeader(to text: inout TextBuffer) {
    text.append("id,class,start_s,end_s,duration_s,first_frame,last_frame,rows,path_px,mean_speed_px_per_s,ended,video\n")
  }

  /// Takes in the rows of a frame.
  ///
  /// - Parameters:
  ///   - time: Seconds from the start of the stream.
  ///   - view: How the frame lies in the plane that ways are measured in; nil for the picture itself.
  public mutating func add(frame: Int, time: Double, tracks rows: [TrackRecord], view: StabilizedPlane.View?) {
    for row in rows {
      let view = view ?? StabilizedPlane.View(origin: 0, map: .identity)
      let place = view.place(row.box.center).map { (origin: view.origin, point: $0) }
      let sighting = Sighting(frame: frame, time: time, classIndex: row.classIndex, place: place)
      tracks[row.id, default: Story()].recent.append(sighting)
      if tracks[row.id]?.recent.count ?? 0 > TrackSummary.mostRecent { tracks[row.id]?.settle(until: time - memory) }
    }
  }

  /// Appends the row of a track that has ended and forgets the track; nothing for one without sightings.
  ///
  /// - Parameter reason: Why it ended; empty where nobody knows.
  public mutating func end(_ id: Int, reason: String, to text: inout TextBuffer) {
    guard var story = tracks.removeValue(forKey: id) else { return }
    story.settle(until: .infinity)
    guard let first = story.first, let last = story.last else { return }
    let duration = last.time - first.time
    text.append(id)
    text.append(",")
    text.append(classes.indices.contains(last.classIndex) ? classes[last.classIndex] : "unknown")
    for time in [first.time, last.time, duration] {
      text.append(",")
      text.append(time, decimals: StreamDecimals.seconds)
    }
    for count in [first.frame, last.frame, story.count] {
      text.append(",")
      text.append(count)
    }
    text.append(",")
    text.append(story.path, decimals: StreamDecimals.position)
    text.append(",")
    let speed = story.path / duration
    if duration > 0, speed.isFinite { text.append(speed, decimals: StreamDecimals.position) }
    text.append("," + CSVField.quoted(reason) + "," + video + "\n")
  }

  /// Appends the rows of the tracks that are left, by ascending id: the stream broke off, and nobody knows why they would have ended.
  public mutating func endAll(to text: inout TextBuffer) {
    for id in tracks.keys.sorted() { end(id, reason: "", to: &text) }
  }

  /// The way from one sighting to the next, px; a step from one plane to another counts nothing.
  private static func distance(from: Sighting, to: Sighting) -> Double {
    guard let start = from.place, let end = to.place, start.origin == end.origin else { return 0 }
    return (end.point - start.point).length
  }
}
