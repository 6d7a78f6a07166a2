import Foundation
import Geometry
import Motion
import Records

/// One object's way: equally long lists by time.
public struct MotionTrack: Sendable, Hashable {
  /// Seconds, rising.
  public var times: [Double] = []
  /// Where it was.
  public var places: [Point] = []
  /// The geometric mean of its box's sides, smoothed; 1 for a point.
  public var sides: [Double] = []
  /// The rate of the logarithm of its area, per second; 0 for a point.
  public var growths: [Double] = []

  /// A track without rows.
  public init() {}

  /// The number of rows.
  public var count: Int { times.count }
}

/// Annotated tracks of one recording.
public struct MotionSequence: Sendable {
  /// What it is called.
  public var name: String
  /// By their identities.
  public var tracks: [MotionTrack]
  /// Whether they are of boxes.
  public var unit: LearnedMotion.Unit

  /// A recording by its tracks.
  public init(name: String, tracks: [MotionTrack], unit: LearnedMotion.Unit) {
    self.name = name
    self.tracks = tracks
    self.unit = unit
  }

  /// Points by their frames, whose distinct numbers in order are equally long steps apart.
  ///
  /// - Parameter seconds: Between neighbouring frames.
  public init(name: String, points: PointTable, seconds: Double) {
    let frames = Set(points.frames).sorted()
    let places = Dictionary(uniqueKeysWithValues: frames.enumerated().map { ($1, $0) })
    var rows: [Int32: [Int: Point]] = [:]
    for row in 0..<points.count {
      if let place = places[points.frames[row]] { rows[points.ids[row], default: [:]][place] = points.points[row] }
    }
    let tracks = rows.sorted { $0.key < $1.key }.map { _, rows in
      var track = MotionTrack()
      for (place, point) in rows.sorted(by: { $0.key < $1.key }) {
        track.append(time: Double(place) * seconds, place: point, side: 1, growth: 0)
      }
      return track
    }
    self.init(name: name, tracks: tracks, unit: .length)
  }

  /// Boxes with identities; rows that do not count as objects are left out.
  ///
  /// - Parameter framesPerSecond: Of the recording.
  public init(name: String, boxes: BoxTable, framesPerSecond: Double) {
    var rows: [Int32: [Int32: Int]] = [:]
    for row in 0..<boxes.count where boxes.ids[row] >= 0 && (boxes.considered.isEmpty || boxes.considered[row]) {
      rows[boxes.ids[row], default: [:]][boxes.frames[row]] = row
    }
    let tracks = rows.sorted { $0.key < $1.key }.map { _, rows in
      MotionTrack(
        rows.sorted { $0.key < $1.key }.map { (Double($0.key) / framesPerSecond, boxes.orientedBox($0.value)) })
    }
    self.init(name: name, tracks: tracks, unit: .side)
  }

  /// The tracks that begin first, and the quarter that begins last; of those that begin together the earlier ones of the file count as first.
  public var withoutLastQuarter: (first: MotionSequence, last: MotionSequence) {
    let order = tracks.indices.sorted { a, b in
      let (first, second) = (tracks[a].times.first ?? 0, tracks[b].times.first ?? 0)
      return first == second ? a < b : first < second
    }
    let end = order.count * 3 / 4
    func part(_ places: ArraySlice<Int>) -> MotionSequence {
      MotionSequence(name: name, tracks: places.sorted().map { tracks[$0] }, unit: unit)
    }
    return (part(order[..<end]), part(order[end...]))
  }
}

extension MotionTrack {
  /// Boxes by their times, with the size's rate by the tracker's own filter.
  init(_ rows: [(time: Double, box: OrientedBox)]) {
    self.init()
    var size: ScalarMotion?
    for (time, box) in rows {
      guard let shape = LogCovariance(GaussianBox(box).covariance), box.center.isFinite else { continue }
      if var known = size, let last = times.last, time > last {
        known.predict(.white(seconds: time - last), acceleration: MotionTrack.sizeAcceleration)
        known.update(shape.p, variance: MotionTrack.sizeNoise)
        size = known
      } else {
        size = ScalarMotion(value: shape.p, variance: MotionTrack.sizeNoise, rateVariance: MotionTrack.initialRateVariance)
      }
      let side = (GaussianBox.momentDivisor * exp(size?.value ?? shape.p)).squareRoot()
      append(time: time, place: box.center, side: side, growth: size?.rate ?? 0)
    }
  }

  /// Squares of the tracker's defaults for boxes whose sides err by a hundredth.
  private static let sizeAcceleration = 1.3 * 1.3
  private static let sizeNoise = 2 * 0.01 * 0.01
  private static let initialRateVariance = 1.5 * 1.5

  mutating func append(time: Double, place: Point, side: Double, growth: Double) {
    times.append(time)
    places.append(place)
    sides.append(side)
    growths.append(growth)
  }
}
