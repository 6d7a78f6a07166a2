import Foundation
import Geometry
import Motion

/// What the tracker knows of how its tracks look, and of how much looks tell in this stream. There is one only where detections have embeddings.
struct Appearances: Codable {
  private enum CodingKeys: CodingKey { case mean, count, next, later, looks, gallery }

  /// Over all detections of the stream: what they have in common tells none from another.
  private var mean = Look()
  private var count: Float = 0
  /// Of a track against the next frame's detections, and against those of some time later.
  private var next = LikenessLaw()
  private(set) var later = LikenessLaw()
  /// By ascending serial.
  private var looks: [TrackLook] = []
  var gallery = Gallery()

  /// Of the present frame's measurements: their embeddings, what tells them apart, and whether nothing hides them.
  private var present: [Look] = []
  private var directions: [Look] = []
  private var isClear: [Bool] = []
  /// What tells the tracks apart, in their order, and whether they were seen in the frame before.
  private var ofTracks: [Look] = []
  private var fresh: [Bool] = []

  /// Embeddings that the stream's mean remembers.
  private static let memory: Float = 5000
  /// A detection is clear when others cover no more of its upright hull than this, and all but as much is in the picture.
  private static let mostHidden = 0.1
  /// How long after it was noted a look is compared with what is seen then, seconds: tracks are this old soon.
  private static let laterSeconds = 1.0

  init() {}

  // MARK: A frame

  mutating func beginFrame() { present.removeAll(keepingCapacity: true) }

  /// Keeps a measurement's embedding by the measurement's place.
  mutating func add(_ embedding: [Float]?, at place: Int) {
    while present.count < place { present.append(Look()) }
    let length = mean.isEmpty ? embedding?.count ?? 0 : mean.values.count
    let look = Look(embedding, length: length)
    present.append(look)
    guard !look.isEmpty else { return }
    count = min(count + 1, Appearances.memory)
    mean.approach(look, share: 1 / count)
  }

  /// Makes ready what is compared in this frame.
  mutating func prepare(_ tracks: [Track], _ measurements: [Measurement], _ frame: FrameContext) {
    while present.count < measurements.count { present.append(Look()) }
    directions = present.map { $0.direction(from: mean) }
    let hulls = measurements.map { $0.gaussian.orientedBox.hull }
    isClear = hulls.indices.map { place in
      let isInside = frame.picture.map { hulls[place].coveredShare(by: $0) >= 1 - Appearances.mostHidden } ?? true
      return isInside
        && !hulls.indices.contains { $0 != place && hulls[place].coveredShare(by: hulls[$0]) > Appearances.mostHidden }
    }
    ofTracks = tracks.map { track in look(of: track.serial)?.mean.direction(from: mean) ?? Look() }
    // The shortest time, lengthened to two frames.
    fresh = tracks.map { frame.now - $0.lastSeen <= frame.atLeastTwoFrames(.ulpOfOne) }
  }

  /// What the looks say about a pair: ln of how much likelier they are for one object than for two; 0 where nothing is known, or something hides
  /// the detection: its box shows another object then.
  func evidence(track: Int, measurement: Int) -> Double {
    guard track < ofTracks.count, measurement < directions.count, isClear[measurement], !ofTracks[track].isEmpty,
      !directions[measurement].isEmpty
    else { return 0 }
    return (fresh[track] ? next : later).evidence(ofTracks[track].likeness(to: directions[measurement]))
  }

  /// Whether a track was seen in the frame before: then it can hardly have changed.
  func isFresh(track: Int) -> Bool { fresh[track] }

  /// The most that they can say for a track that was out of sight.
  var greatestEvidence: Double { max(0, later.greatest) }

  /// Learns from the matches that can hardly be wrong: sure and clear detections of confirmed tracks that were seen just before, each compared
  /// with its own track and with another such detection's; and takes in how the tracks look now.
  mutating func learn(_ tracks: [Track], _ measurements: [Measurement], _ matches: [Int], _ frame: FrameContext, highScore: Double)
  {
    let clear = tracks.indices.filter { index in
      let match = matches[index]
      return match >= 0 && isClear[match] && measurements[match].score >= highScore && !directions[match].isEmpty
    }
    let known = clear.filter { tracks[$0].isConfirmed && fresh[$0] }
    for (place, index) in known.enumerated() {
      let stranger = known.count > 1 ? known[(place + 1) % known.count] : nil
      learn(index, of: tracks[index].serial, matches[index], stranger.map { matches[$0] }, now: frame.now)
    }
    for index in clear {
      guard let place = place(of: tracks[index].serial) else { continue }
      looks[place].take(present[matches[index]], now: frame.now)
    }
  }

  private mutating func learn(_ index: Int, of serial: Int, _ match: Int, _ stranger: Int?, now: Double) {
    guard let place = place(of: serial), !ofTracks[index].isEmpty else { return }
    next.learn(same: ofTracks[index].likeness(to: directions[match]))
    if let stranger { next.learn(other: ofTracks[index].likeness(to: directions[stranger])) }
    guard now - looks[place].earlierTime >= Appearances.laterSeconds else { return }
    let earlier = looks[place].earlier.direction(from: mean)
    later.learn(same: earlier.likeness(to: directions[match]))
    if let stranger { later.learn(other: earlier.likeness(to: directions[stranger])) }
    looks[place].note(now: now)
  }

  // MARK: Tracks

  /// Remembers how a new track looks.
  mutating func begin(_ track: Track, measurement: Int, now: Double) {
    let isShown = measurement < present.count && isClear[measurement]
    looks.append(TrackLook(serial: track.serial, began: now, isShown ? present[measurement] : Look(), now: now))
  }

  /// How a track looks.
  func look(of serial: Int) -> TrackLook? { place(of: serial).map { looks[$0] } }

  /// Forgets how a track looks.
  mutating func forget(_ serial: Int) {
    if let place = place(of: serial) { looks.remove(at: place) }
  }

  /// How likely two tracks' looks are those of one object, as `evidence`, some time apart.
  func laterEvidence(_ a: Look, _ b: Look) -> Double {
    let (first, second) = (a.direction(from: mean), b.direction(from: mean))
    return first.isEmpty || second.isEmpty ? 0 : later.evidence(first.likeness(to: second))
  }

  private func place(of serial: Int) -> Int? {
    var low = 0
    var high = looks.count
    while low < high {
      let middle = (low + high) / 2
      if looks[middle].serial < serial { low = middle + 1 } else { high = middle }
    }
    return low < looks.count && looks[low].serial == serial ? low : nil
  }
}
