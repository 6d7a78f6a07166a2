import Geometry
import Records

/// Where tracks were in the last seconds, in the plane of the present picture: each camera motion moves all of it along.
struct TrailMemory: Sendable {
  struct Spot: Sendable {
    var time: Double
    var place: Point
  }

  /// How far back a trail reaches, seconds.
  let span: Double
  private(set) var trails: [Int: [Spot]] = [:]

  init(span: Double = 4) {
    self.span = span
  }

  /// Takes in a frame: moves what is remembered with the camera, adds the centres of confirmed tracks, forgets what is old or ended.
  mutating func update(_ record: FrameRecord) {
    if record.camera?.status == .cut { trails = [:] }
    if let camera = record.camera, camera.status != .cut, camera.homography != .identity { move(by: camera.homography) }
    for track in record.tracks where track.state != .tentative {
      trails[track.id, default: []].append(Spot(time: record.time, place: track.box.center))
    }
    for (id, spots) in trails {
      let kept = spots.drop { $0.time < record.time - span || $0.time > record.time }
      trails[id] = kept.isEmpty ? nil : Array(kept)
    }
  }

  /// A spot that the motion takes to or beyond infinity ends the trail behind it.
  private mutating func move(by homography: Homography) {
    trails = trails.mapValues { spots in
      var moved: [Spot] = []
      for spot in spots.reversed() {
        guard homography.denominator(at: spot.place) > 1e-6 else { break }
        moved.append(Spot(time: spot.time, place: homography.apply(spot.place)))
      }
      return moved.reversed()
    }
  }
}
