import Geometry
import Motion

/// Goes through the rows of a sequence's tracks as they came, frame by frame, with a filter for each track.
struct SequenceFollower {
  private let tracks: [MatchedTrack]
  private let order: [(track: Int, row: Int)]
  private let learnsNoise: Bool
  private var place = 0
  private var followers: [BoxFollower]
  private var noise = StreamNoise()

  init(_ tracks: [MatchedTrack], _ law: LearnedMotion, learnsNoise: Bool) {
    self.tracks = tracks
    self.learnsNoise = learnsNoise
    followers = tracks.map { BoxFollower(law, framesPerSecond: $0.framesPerSecond) }
    let rows = tracks.enumerated().flatMap { index, track in track.rows.indices.map { (track: index, row: $0) } }
    order = rows.sorted { (tracks[$0.track].rows[$0.row].frame, $0.track) < (tracks[$1.track].rows[$1.row].frame, $1.track) }
  }

  /// The next row, the forecasts that were made for it, and what its detection said against its prediction; nil behind the last row.
  mutating func next() -> (row: MatchedTrack.Row, due: [BoxForecast], innovation: PlanarInnovation?)? {
    guard place < order.count else { return nil }
    let (track, number) = order[place]
    place += 1
    let row = tracks[track].rows[number]
    followers[track].move(with: row.camera)
    let due = followers[track].due(at: row.frame)
    let innovation = followers[track].take(row, &noise)
    if !learnsNoise { noise = StreamNoise() }
    return (row, due, innovation)
  }
}

/// Where a box is expected in a later frame.
struct BoxForecast {
  /// The number of that frame.
  var frame: Int
  /// The place in `BoxForecastScores.frames`.
  var horizon: Int
  /// Where it is, with the shape in which something unseen is shown.
  var box: OrientedBox
  /// The state then.
  var filter: FilteredBox
}

/// The filter of one track's detections, and its forecasts that wait for their frames.
struct BoxFollower {
  private let law: LearnedMotion
  private let seconds: Double
  /// Frames without a detection after which the filter begins anew.
  private let longestGap: Int
  private var filter: (box: FilteredBox, frame: Int, seen: Int)?
  private var forecasts: [BoxForecast] = []

  /// Detections that the filter sees before it forecasts: two tell a velocity, the third whether it lasts.
  private static let fewestSeen = 3

  init(_ law: LearnedMotion, framesPerSecond: Double) {
    self.law = law
    seconds = 1 / framesPerSecond
    // Ten forecast frames in any case, and no loop of millions.
    longestGap = Int(bounded: (framesPerSecond * MotionWindowing().longestGap).rounded(), in: 10...10_000)
  }

  /// Moves what is known with the camera; where the map takes it beyond all bounds it is given up.
  mutating func move(with camera: Homography) {
    guard camera != .identity else { return }
    if var known = filter { filter = known.box.move(with: camera) ? known : nil }
    forecasts = forecasts.compactMap { forecast in
      var moved = forecast
      guard moved.filter.move(with: camera), let box = camera.transform(GaussianBox(forecast.box)) else { return nil }
      moved.box = box.orientedBox
      return moved
    }
  }

  /// The forecasts for a frame; those for frames that have passed are given up.
  mutating func due(at frame: Int) -> [BoxForecast] {
    let due = forecasts.filter { $0.frame == frame }
    forecasts.removeAll { $0.frame <= frame }
    return due
  }

  /// Goes on to a row, takes its detection in if there is one, and forecasts behind it.
  ///
  /// - Parameter noise: Learns from what the detection said.
  /// - Returns: What the detection said against its prediction; nil before the filter has seen enough.
  mutating func take(_ row: MatchedTrack.Row, _ noise: inout StreamNoise) -> PlanarInnovation? {
    guard let detected = row.detected.flatMap(FilteredBox.Detection.init) else { return nil }
    guard var known = filter, row.frame - known.frame <= longestGap else {
      filter = (FilteredBox(detected, law, noise), row.frame, 1)
      return nil
    }
    known.box.noise = noise
    for _ in known.frame..<row.frame { known.box.predict(seconds: seconds) }
    let innovation = known.seen >= BoxFollower.fewestSeen ? known.box.innovation(of: detected) : nil
    let seen = known.seen + 1
    let later = known.box.update(detected, seconds: seconds, probes: seen >= BoxFollower.fewestSeen)
    if let innovation { noise.learn(next: innovation) }
    if let later { noise.learn(later: later) }
    filter = (known.box, row.frame, seen)
    if seen >= BoxFollower.fewestSeen { forecast(from: known.box, frame: row.frame) }
    return innovation
  }

  private mutating func forecast(from seen: FilteredBox, frame: Int) {
    var filter = seen
    var passed = 0
    for (horizon, frames) in BoxForecastScores.frames.enumerated() {
      while passed < frames {
        filter.predict(seconds: seconds)
        passed += 1
      }
      let shape = seen.motion.shapeUnseen(for: Double(passed) * seconds)
      let box = GaussianBox(mean: filter.motion.center.position, shape: shape).orientedBox
      forecasts.append(BoxForecast(frame: frame + passed, horizon: horizon, box: box, filter: filter))
    }
  }
}
