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
  fileprivate struct Sighting: Codable {
    var frame: Int
    var time: Double
    /// Index into the class names.
    var classIndex: Int
    /// The plane's frame and the place there, px; nil where it has none.
    var place: Place?
  }

  fileprivate struct Place: Codable {
    var origin: Int
    var point: Point
  }

  /// A track that has not ended.
  fileprivate struct Story: Codable {
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
  /// How late rows of earlier frames can come, seconds.
  private let lateness: Double
  private var tracks: [Int: Story] = [:]
  /// Sightings that are kept of a track before they are summed up: settling costs nothing per frame, and a track that lives for days no memory.
  private static let mostRecent = 8192

  /// What it knows of the tracks that have not ended, to go on with another time.
  public struct Memory: Sendable, Codable {
    fileprivate struct Entry: Codable {
      var id: Int
      var story: Story
    }

    fileprivate var entries: [Entry]
  }

  /// What it knows of the tracks that have not ended; by ascending id.
  public var memory: Memory {
    get { Memory(entries: tracks.sorted { $0.key < $1.key }.map { Memory.Entry(id: $0.key, story: $0.value) }) }
    set { tracks = Dictionary(newValue.entries.map { ($0.id, $0.story) }) { _, last in last } }
  }

  /// - Parameters:
  ///   - classes: The names that the tracks' class indices point into.
  ///   - video: What the tracks were seen in, for the last column.
  ///   - memory: How late rows of earlier frames can come, seconds.
  public init(classes: [String], video: String, memory: Double) {
    lateness = memory
    self.classes = classes
    self.video = video
  }

  /// What is known of a track that has ended.
  public struct Row: Sendable {
    /// The track.
    public let id: Int
    let className: String
    let first: (time: Double, frame: Int)
    let last: (time: Double, frame: Int)
    let rows: Int
    /// Pixels.
    let path: Double
    let reason: String
    let video: String

    var duration: Double { last.time - first.time }
  }

  /// What is told of a track.
  public static let columns: [TableColumn<Row>] = [
    TableColumn("id", .integer) { .integer($0.id) },
    TableColumn("class", .text) { .text($0.className) },
    TableColumn("start_s", .real(decimals: StreamDecimals.seconds, isLong: true)) { .real($0.first.time) },
    TableColumn("end_s", .real(decimals: StreamDecimals.seconds, isLong: true)) { .real($0.last.time) },
    TableColumn("duration_s", .real(decimals: StreamDecimals.seconds, isLong: true)) { .real($0.duration) },
    TableColumn("first_frame", .integer) { .integer($0.first.frame) },
    TableColumn("last_frame", .integer) { .integer($0.last.frame) },
    TableColumn("rows", .integer) { .integer($0.rows) },
    TableColumn("path_px", .real(decimals: StreamDecimals.position)) { .real($0.path) },
    TableColumn("mean_speed_px_per_s", .real(decimals: StreamDecimals.position)) { row in
      row.duration > 0 ? .real(Optional(row.path / row.duration)) : .none
    },
    TableColumn("ended", .text) { .text($0.reason) },
    TableColumn("video", .text) { .text($0.video) },
  ]

  /// What comes before the first row.
  public static func appendHeader(to text: inout TextBuffer) { text.appendCSV(namesOf: columns) }

  /// Takes in the rows of a frame.
  ///
  /// - Parameters:
  ///   - time: Seconds from the start of the stream.
  ///   - view: How the frame lies in the plane that ways are measured in; nil for the picture itself.
  public mutating func add(frame: Int, time: Double, tracks rows: [TrackRecord], view: StabilizedPlane.View?) {
    for row in rows {
      let view = view ?? StabilizedPlane.View(origin: 0, map: .identity)
      let place = view.place(row.box.center).map { Place(origin: view.origin, point: $0) }
      let sighting = Sighting(frame: frame, time: time, classIndex: row.classIndex, place: place)
      tracks[row.id, default: Story()].recent.append(sighting)
      if tracks[row.id]?.recent.count ?? 0 > TrackSummary.mostRecent { tracks[row.id]?.settle(until: time - lateness) }
    }
  }

  /// The row of a track that has ended, which is forgotten; nil for one without sightings.
  ///
  /// - Parameter reason: Why it ended; empty where nobody knows.
  public mutating func end(_ id: Int, reason: String) -> Row? {
    guard var story = tracks.removeValue(forKey: id) else { return nil }
    story.settle(until: .infinity)
    guard let first = story.first, let last = story.last else { return nil }
    return Row(
      id: id, className: classes.indices.contains(last.classIndex) ? classes[last.classIndex] : TrackRecord.unknownClass,
      first: (first.time, first.frame), last: (last.time, last.frame), rows: story.count, path: story.path, reason: reason,
      video: video)
  }

  /// The rows of the tracks that are left, by ascending id: the stream broke off, and nobody knows why they would have ended.
  public mutating func endAll() -> [Row] { tracks.keys.sorted().compactMap { end($0, reason: "") } }

  /// Appends the row of a track that has ended, if it has one.
  public mutating func end(_ id: Int, reason: String, to text: inout TextBuffer) {
    if let row = end(id, reason: reason) { text.appendCSV(row, TrackSummary.columns) }
  }

  /// Appends the rows of the tracks that are left.
  public mutating func endAll(to text: inout TextBuffer) {
    for row in endAll() { text.appendCSV(row, TrackSummary.columns) }
  }

  /// The way from one sighting to the next, px; a step from one plane to another counts nothing.
  private static func distance(from: Sighting, to: Sighting) -> Double {
    guard let start = from.place, let end = to.place, start.origin == end.origin else { return 0 }
    return (end.point - start.point).length
  }
}
