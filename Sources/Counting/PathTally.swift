import Geometry

/// What one track did at every area, sighting by sighting.
struct PathTally {
  /// Where a track was.
  struct Sighting {
    var frame: Int
    /// Seconds.
    var time: Double
    var place: Point
  }

  /// What it did at one area.
  struct AreaTally {
    /// The crossings in each of the area's two directions.
    var crossings = [0, 0]
    /// Of the crossings whose steps took time, pixels per second, and how many these were.
    var speedSum = [0.0, 0.0]
    var timedCrossings = [0, 0]
    /// Whether it was ever inside; never for lines.
    var wasInside = false
    /// Seconds and pixels inside.
    var dwell = 0.0
    var path = 0.0
    /// Whether it is inside after the last sighting.
    fileprivate(set) var isInside = false
  }

  private(set) var areas: [AreaTally]
  private(set) var last: Sighting?

  init(areaCount: Int) { areas = Array(repeating: AreaTally(), count: areaCount) }

  /// Goes on to a later sighting, and tells the crossings on the way: the area, the direction's place there, the share of the step.
  mutating func add(
    _ sighting: Sighting, at shapes: [TrackCounter.Shape], onCrossing: (Int, Int, _ share: Double, _ speed: Double?) -> Void
  ) {
    defer { last = sighting }
    guard let last else {
      for (index, shape) in shapes.enumerated() {
        guard case .zone(let zone) = shape, zone.contains(sighting.place) else { continue }
        areas[index].isInside = true
        areas[index].wasInside = true
      }
      return
    }
    let step = Step(from: last.place, to: sighting.place)
    let duration = sighting.time - last.time
    let length = (step.to - step.from).length
    let speed = duration > 0 ? length / duration : nil
    for (index, shape) in shapes.enumerated() {
      switch shape {
      case .line(let points):
        for crossing in step.crossings(of: points) {
          note(index, crossing.direction == .leftToRight ? 0 : 1, speed)
          onCrossing(index, crossing.direction == .leftToRight ? 0 : 1, crossing.share, speed)
        }
      case .zone(let zone):
        var start = 0.0
        for piece in step.pieces(of: zone) {
          if piece.isInside != areas[index].isInside {
            areas[index].isInside = piece.isInside
            note(index, piece.isInside ? 0 : 1, speed)
            onCrossing(index, piece.isInside ? 0 : 1, start, speed)
          }
          if piece.isInside { stay(index, (piece.end - start) * duration, (piece.end - start) * length) }
          start = piece.end
        }
      }
    }
  }

  private mutating func note(_ area: Int, _ direction: Int, _ speed: Double?) {
    areas[area].crossings[direction] += 1
    guard let speed else { return }
    areas[area].speedSum[direction] += speed
    areas[area].timedCrossings[direction] += 1
  }

  private mutating func stay(_ area: Int, _ seconds: Double, _ pixels: Double) {
    areas[area].wasInside = true
    areas[area].dwell += seconds
    areas[area].path += pixels
  }
}
