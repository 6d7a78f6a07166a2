import Geometry
import Motion
import Records

/// One object's annotated boxes, with what a detector made of them.
public struct MatchedTrack: Sendable, Hashable {
  /// One frame of it.
  public struct Row: Sendable, Hashable {
    /// The number of the frame.
    public var frame: Int
    /// The annotated box.
    public var truth: OrientedBox
    /// The detection of it; nil where it was missed.
    public var detected: OrientedBox?
    /// Takes pixels of the row before to those of this one, as far as the camera moved.
    public var camera: Homography

    /// An object in a frame.
    public init(frame: Int, truth: OrientedBox, detected: OrientedBox?, camera: Homography = .identity) {
      self.frame = frame
      self.truth = truth
      self.detected = detected
      self.camera = camera
    }
  }

  /// By their frames, rising, each once.
  public var rows: [Row]
  /// Of the recording.
  public var framesPerSecond: Double

  /// The pairs of the largest IoU that are still no match are of two objects.
  private static let leastOverlap = 0.5

  /// An object by its rows, frames rising.
  public init(rows: [Row], framesPerSecond: Double) {
    self.rows = rows
    self.framesPerSecond = framesPerSecond
  }

  /// The tracks of a recording by their identities, each box with its detection: in each frame the pairs of the largest IoU first, of at least
  /// a half.
  ///
  /// - Parameters:
  ///   - truth: Boxes with identities; rows that do not count as objects are left out, and of two of an object in a frame the last counts.
  ///   - detections: Of the same frames; nil takes the truth for what was detected.
  ///   - camera: By frame, the motion of the picture from the frame before; frames that are not there have none.
  public static func tracks(
    truth: BoxTable, detections: BoxTable?, camera: [Int: Homography], framesPerSecond: Double
  ) -> [MatchedTrack] {
    var places: [Int32: [Int32: Int]] = [:]
    for row in 0..<truth.count where truth.ids[row] >= 0 && (truth.considered.isEmpty || truth.considered[row]) {
      places[truth.ids[row], default: [:]][truth.frames[row]] = row
    }
    let found = detections.map { matches(places.values.flatMap(\.values), truth, $0) }
    return places.sorted { $0.key < $1.key }.map { _, places in
      var before: Int?
      let rows = places.sorted { $0.key < $1.key }.map { frame, row in
        let box = truth.orientedBox(row)
        let way = motion(camera, after: before ?? Int(frame), upTo: Int(frame))
        before = Int(frame)
        return Row(frame: Int(frame), truth: box, detected: found == nil ? box : found?[row], camera: way)
      }
      return MatchedTrack(rows: rows, framesPerSecond: framesPerSecond)
    }
  }

  /// The motion of the picture between two frames; none over so many that nothing is followed through them.
  private static func motion(_ camera: [Int: Homography], after first: Int, upTo last: Int) -> Homography {
    guard !camera.isEmpty, last > first, last - first <= longestWay else { return .identity }
    return (first + 1...last).reduce(.identity) { (camera[$1] ?? .identity) * $0 }
  }

  private static let longestWay = 1000

  /// What was detected, as a track to learn from.
  var motion: MotionTrack {
    var track = MotionTrack()
    var size: ScalarMotion?
    var way = Homography.identity
    for row in rows {
      way = row.camera * way
      guard let box = row.detected, let shape = LogCovariance(GaussianBox(box).covariance), box.center.isFinite else { continue }
      track.append(time: Double(row.frame) / framesPerSecond, box.center, shape, camera: way, &size)
      way = .identity
    }
    return track
  }

  /// The detection of each truth row that has one.
  private static func matches(_ truthRows: [Int], _ truth: BoxTable, _ detections: BoxTable) -> [Int: OrientedBox] {
    let found = detections.rowsByFrame()
    var matches: [Int: OrientedBox] = [:]
    for (frame, rows) in Dictionary(grouping: truthRows, by: { truth.frames[$0] }) {
      var pairs: [(overlap: Double, row: Int, detection: Int)] = []
      for row in rows {
        for detection in found.rows(of: Int(frame)) {
          let overlap = truth.orientedBox(row).iou(with: detections.orientedBox(detection))
          if overlap >= leastOverlap { pairs.append((overlap, row, detection)) }
        }
      }
      var taken: Set<Int> = []
      // Equal overlaps in the order of the files, so that the same files give the same pairs.
      for pair in pairs.sorted(by: { ($1.overlap, $0.row, $0.detection) < ($0.overlap, $1.row, $1.detection) })
      where matches[pair.row] == nil && taken.insert(pair.detection).inserted {
        matches[pair.row] = detections.orientedBox(pair.detection)
      }
    }
    return matches
  }
}
