import Geometry
import Records

/// The longest part of a stream without a cut: how each of its frames lies in one plane, and where its tracks were there.
struct StreamScene {
  /// A track's box in a frame.
  struct Row {
    var frame: Int
    var box: OrientedBox
  }

  /// How frames lie in the plane, which is the pixels of the scene's first frame.
  private(set) var views: [Int: StabilizedPlane.View] = [:]
  /// The rows of each track by ascending frame.
  private(set) var tracks: [Int: [Row]] = [:]
  /// What the stream says first.
  private(set) var header: StreamHeader?
  /// The first frame of the scene and of the stream.
  private(set) var origin = 0
  private(set) var firstFrame = 0
  /// Frames of other scenes, which cuts part from this one.
  private(set) var otherFrames = 0

  /// Reads a stream.
  ///
  /// - Throws: `RecordsError` for a stream that cannot be read.
  init(path: String) throws {
    let reader = try StreamReader(path: path, keepsFurther: false)
    // Only the last view is asked for: what is kept is kept here.
    var plane = StabilizedPlane(memory: 0)
    var rows: [Int: [Int: OrientedBox]] = [:]
    var first: Int?
    while let record = try reader.next() {
      switch record {
      case .frame(let frame):
        first = first ?? frame.frame
        plane.add(frame)
        views[frame.frame] = plane[frame.frame]
        StreamScene.add(frame.tracks, frame.frame, &rows)
      case .backfill(let late): StreamScene.add(late.tracks, late.frame, &rows)
      default: break
      }
    }
    header = reader.header
    firstFrame = first ?? 0
    keepLongest()
    for (id, boxes) in rows {
      let kept = boxes.filter { views[$0.key] != nil }.sorted { $0.key < $1.key }.map { Row(frame: $0.key, box: $0.value) }
      if !kept.isEmpty { tracks[id] = kept }
    }
  }

  /// Coasting rows say nothing of where a track was.
  private static func add(_ tracks: [TrackRecord], _ frame: Int, _ rows: inout [Int: [Int: OrientedBox]]) {
    for track in tracks where RowKinds.seen.holds(track.observation) { rows[track.id, default: [:]][frame] = track.box }
  }

  private mutating func keepLongest() {
    let counts = views.values.reduce(into: [Int: Int]()) { $0[$1.origin, default: 0] += 1 }
    // Of two of one length the earlier one.
    guard let longest = counts.max(by: { ($0.value, -$0.key) < ($1.value, -$1.key) }) else { return }
    otherFrames = views.count - longest.value
    origin = longest.key
    views = views.filter { $0.value.origin == longest.key }
  }

  /// Leaves out what comes after a frame.
  ///
  /// - Returns: The frames that are left out.
  mutating func end(at last: Int) -> Int {
    let count = views.count
    views = views.filter { $0.key <= last }
    tracks = tracks.mapValues { rows in rows.filter { $0.frame <= last } }.filter { !$0.value.isEmpty }
    return count - views.count
  }

  /// The places of a track's boxes' middles in the plane.
  func path(_ id: Int) -> [Point] {
    (tracks[id] ?? []).compactMap { row in views[row.frame]?.place(row.box.center) }
  }
}
