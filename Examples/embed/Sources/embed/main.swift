// Feeds detections of one's own to Sextant's tracker and prints its tracks: `make example`.
import Geometry
import Tracking

/// What a detector of one's own would find in a frame: two cars, one going right, the other down; the second is missed now and then.
func detections(frame: Int) -> [DetectedBox] {
  let step = Double(frame)
  let first = OrientedBox(center: Point(100 + 6 * step, 200), width: 60, height: 28, angle: 0)
  let second = OrientedBox(center: Point(400, 80 + 4 * step), width: 60, height: 28, angle: .pi / 2)
  let isMissed = (12...14).contains(frame)
  return (isMissed ? [first] : [first, second]).map { DetectedBox(box: GaussianBox($0), score: 0.9) }
}

var tracker = Tracker(settings: TrackerSettings())
for frame in 0..<30 {
  let input = TrackerInput(
    ordinal: frame, time: Double(frame) / 25, detections: detections(frame: frame), width: 640, height: 480)
  for track in tracker.update(input).tracks {
    let place = "\(track.box.center.x.rounded()) \(track.box.center.y.rounded())"
    print("frame \(frame) track \(track.id) at \(place) \(track.state)")
  }
}
for ending in tracker.finish().endings { print("track \(ending.id) ended: \(ending.reason)") }
