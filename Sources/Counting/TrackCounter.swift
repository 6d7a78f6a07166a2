import Geometry

/// Counts tracks at lines and zones while their rows come.
///
/// The rows of a track may come in any order of frames before its end (back-filled ones come late); a later row of a frame replaces an
/// earlier one. Between two rows a track goes straight and evenly. Memory is that of the recent past of the tracks that have not ended.
///
/// ```swift
/// var counter = TrackCounter(areas: [try CountedArea(name: "gate", .line([Point(0, 100), Point(200, 100)]))])
/// counter.add(id: 1, className: "car", frame: 0, time: 0, place: Point(50, 90))
/// let gate = counter.counts(at: 0)["car"]
/// ```
public struct TrackCounter: Sendable {
  /// One crossing.
  public struct Crossing: Sendable, Equatable {
    public var area: Int
    public var direction: CountedArea.Direction
    public var id: Int
    /// The class of the track's last row so far; nil where it has none.
    public var className: String?
    /// Seconds, between those of the two rows by the share of the way.
    public var time: Double
    public var place: Point
    /// Of the step, pixels per second; nil where it took no time.
    public var speed: Double?
  }

  enum Shape: Sendable {
    case line([Point])
    case zone(Zone)
  }

  private struct Story: Sendable {
    var tally: PathTally
    var className: String?
    /// What came since the tally, in any order.
    var recent: [PathTally.Sighting] = []
  }

  /// What is counted at.
  public let areas: [CountedArea]
  /// The crossings that are settled and were not taken yet, where they are kept.
  public private(set) var crossings: [Crossing] = []

  private let shapes: [Shape]
  private let keepsCrossings: Bool
  private let memory: Double
  private var stories: [Int: Story] = [:]
  /// By class, an entry an area, of the tracks that have ended.
  private var ended: [String?: [AreaCount]] = [:]
  /// Sightings that are kept of a track before they are taken in: that costs nothing per frame, and a track that lives for days no memory.
  private static let mostRecent = 8192

  /// - Parameters:
  ///   - memory: How late rows of earlier frames can come, seconds.
  ///   - keepsCrossings: Whether each crossing is kept for `takeCrossings`.
  public init(areas: [CountedArea], memory: Double = 60, keepsCrossings: Bool = false) {
    self.areas = areas
    self.memory = memory
    self.keepsCrossings = keepsCrossings
    shapes = areas.map { area in
      switch area.shape {
      case .line(let points): .line(points)
      case .zone(let polygons): .zone(Zone(polygons))
      }
    }
  }

  /// Takes in a row of a track.
  public mutating func add(id: Int, className: String?, frame: Int, time: Double, place: Point) {
    var story = stories.removeValue(forKey: id) ?? Story(tally: PathTally(areaCount: areas.count))
    story.className = className
    story.recent.append(PathTally.Sighting(frame: frame, time: time, place: place))
    if story.recent.count > TrackCounter.mostRecent { settle(&story, id, until: time - memory) }
    stories[id] = story
  }

  /// Closes the account of a track.
  public mutating func end(_ id: Int) {
    guard var story = stories.removeValue(forKey: id) else { return }
    settle(&story, id, until: .infinity)
    let none = Array(repeating: AreaCount(), count: areas.count)
    ended[story.className, default: none].add(story.tally)
  }

  /// Closes the accounts of all tracks that are left.
  public mutating func endAll() {
    for id in stories.keys.sorted() { end(id) }
  }

  /// What tracks of each class did at an area so far, those that have not ended with what they did up to now.
  public func counts(at area: Int) -> [String?: AreaCount] {
    var copy = self
    copy.endAll()
    return copy.ended.mapValues { $0[area] }
  }

  /// The settled crossings since the last call, by time where they are of one track.
  public mutating func takeCrossings() -> [Crossing] {
    defer { crossings = [] }
    return crossings
  }

  /// Takes the recent sightings up to a time into the tally: one a frame, the one that came last, by ascending frame.
  private mutating func settle(_ story: inout Story, _ id: Int, until time: Double) {
    var ofFrame: [Int: PathTally.Sighting] = [:]
    for sighting in story.recent { ofFrame[sighting.frame] = sighting }
    let ordered = ofFrame.values.sorted { $0.frame < $1.frame }
    for sighting in ordered.prefix(while: { $0.time <= time }) {
      let before = story.tally.last
      let className = story.className
      story.tally.add(sighting, at: shapes) { area, direction, share, speed in
        guard keepsCrossings, let before else { return }
        crossings.append(
          Crossing(
            area: area, direction: areas[area].directions[direction], id: id, className: className,
            time: before.time + (sighting.time - before.time) * share,
            place: before.place + (sighting.place - before.place) * share, speed: speed))
      }
    }
    story.recent = Array(ordered.drop { $0.time <= time })
  }
}

extension [AreaCount] {
  fileprivate mutating func add(_ tally: PathTally) {
    for index in indices { self[index].add(tally.areas[index]) }
  }
}
