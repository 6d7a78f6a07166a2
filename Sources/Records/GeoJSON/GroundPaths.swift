import Geometry

/// The paths of tracks on the ground as features for a map, gathered from the records of a stream.
///
/// A later record of a track in the same frame takes the place of an earlier one.
public struct GroundPaths: Sendable {
  private struct Step: Sendable {
    var time: Double
    var ground: GroundRecord
  }
  private struct Path: Sendable {
    var className: String
    var steps: [Int: Step] = [:]
  }
  private var paths: [Int: Path] = [:]
  private let kinds: RowKinds
  private let origin: GeographicOrigin

  /// - Parameters:
  ///   - kinds: Which rows are taken.
  ///   - origin: Where the ground lies on the Earth.
  public init(_ kinds: RowKinds = .seen, origin: GeographicOrigin) { (self.kinds, self.origin) = (kinds, origin) }

  /// Takes the rows of a frame.
  ///
  /// - Parameter classes: The names that class indices point into.
  public mutating func add(frame: Int, time: Double, _ tracks: [TrackRecord], classes: [String]) {
    for track in tracks where kinds.holds(track.observation) {
      guard let ground = track.ground else { continue }
      let name = classes.indices.contains(track.classIndex) ? classes[track.classIndex] : "unknown"
      paths[track.id, default: Path(className: name)].className = name
      paths[track.id]?.steps[frame] = Step(time: time, ground: ground)
    }
  }

  /// A line a track, a point where it has one place only, by ascending id.
  ///
  /// Properties: `id`, `class`, `start_s`, `end_s`, `length_m`, `mean_speed_m_per_s`, `bearing_deg` of the last course that is known (clockwise
  /// from north), and `times_s`, the time of each position.
  public var features: [GeoJSONFeature] {
    paths.keys.sorted().compactMap { id in
      guard let path = paths[id] else { return nil }
      let steps = path.steps.keys.sorted().compactMap { path.steps[$0] }
      // The ninth decimal of a degree is a tenth of a millimetre.
      let positions = steps.map { step in
        let place = origin.position(step.ground.place)
        return Point((place.x * 1e9).rounded() / 1e9, (place.y * 1e9).rounded() / 1e9)
      }
      let geometry: GeoJSONFeature.Geometry = positions.count == 1 ? .points(positions) : .lines([positions])
      return GeoJSONFeature(geometry, properties: properties(id, path.className, steps))
    }
  }

  private func properties(_ id: Int, _ className: String, _ steps: [Step]) -> JSONValue {
    let length = zip(steps, steps.dropFirst()).reduce(0) { $0 + ($1.1.ground.place - $1.0.ground.place).length }
    let (start, end) = (steps.first?.time ?? 0, steps.last?.time ?? 0)
    var entries: [(String, JSONValue)] = [
      ("id", .integer(id)), ("class", .text(className)), ("start_s", .real(start)), ("end_s", .real(end)),
      ("length_m", .real(length, decimals: StreamDecimals.metres)),
    ]
    if end > start { entries.append(("mean_speed_m_per_s", .real(length / (end - start), decimals: StreamDecimals.metres))) }
    if let course = steps.last(where: { $0.ground.course != nil })?.ground.course {
      entries.append(("bearing_deg", .real(origin.bearing(course), decimals: 2)))
    }
    entries.append(("times_s", JSONValue(steps.map(\.time))))
    return .object(entries)
  }
}
