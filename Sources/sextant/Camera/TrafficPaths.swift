import Calibration
import Geometry
import Records

/// The paths of a stream's tracks, for a camera that stands still.
struct TrafficPaths {
  let paths: [TrafficPath]
  let width: Int
  let height: Int

  /// A camera that moved by more than this share of the picture's width has no one view of its roads.
  private static let mostMove = 0.02

  /// - Throws: `RecordsError`; `CommandError.malformed` for a stream without the size of its pictures, or of a moving camera.
  init(stream: String) throws {
    let reader = try StreamReader(path: stream, keepsFurther: false)
    var rows: [Int: [Int: AxisBox]] = [:]
    var plane = StabilizedPlane(memory: 0)
    var move = 0.0
    while let record = try reader.next() {
      switch record {
      case .frame(let frame):
        plane.add(frame)
        if let size = reader.header?.source.flatMap(TrafficPaths.size), let view = plane[frame.frame] {
          let middle = Point(Double(size.width) / 2, Double(size.height) / 2)
          move = max(move, view.place(middle).map { ($0 - middle).length } ?? .infinity)
        }
        TrafficPaths.add(frame.tracks, frame.frame, &rows)
      case .backfill(let late): TrafficPaths.add(late.tracks, late.frame, &rows)
      default: break
      }
    }
    guard let size = reader.header?.source.flatMap(TrafficPaths.size) else {
      throw CommandError.malformed("\(stream) does not tell the size of its pictures; track the video itself")
    }
    guard move <= TrafficPaths.mostMove * Double(size.width) else {
      throw CommandError.malformed("the camera of \(stream) moves; --from-traffic needs one that stands still")
    }
    (width, height) = size
    paths = rows.keys.sorted().compactMap { id in
      rows[id].map { boxes in TrafficPath(boxes: boxes.keys.sorted().compactMap { boxes[$0] }) }
    }
  }

  /// What was filled in or smoothed says nothing that the detections do not.
  private static func add(_ tracks: [TrackRecord], _ frame: Int, _ rows: inout [Int: [Int: AxisBox]]) {
    for track in tracks where track.observation.isDetected { rows[track.id, default: [:]][frame] = track.box.hull }
  }

  private static func size(_ source: StreamSource) -> (width: Int, height: Int)? {
    source.width.flatMap { width in source.height.map { (width, $0) } }
  }
}
