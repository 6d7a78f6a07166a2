import Foundation
import Geometry
import Motion
import Records
import Tracking

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
  /// Takes pixels of the row before to those of each row, as far as the camera moved; the identity for points.
  public var cameras: [Homography] = []

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
  /// The annotated boxes and detections behind `tracks`, equally many; empty for points.
  public private(set) var boxes: [MatchedTrack] = []

  /// A recording by its tracks.
  public init(name: String, tracks: [MotionTrack], unit: LearnedMotion.Unit) {
    self.name = name
    self.tracks = tracks
    self.unit = unit
  }

  /// Points by their frames.
  ///
  /// - Parameter seconds: Of the usual step from a frame to the next one (`PointTable.usualStep`); others count by their length.
  public init(name: String, points: PointTable, seconds: Double) {
    let step = Double(points.usualStep)
    var rows: [Int32: [Int32: Point]] = [:]
    for row in 0..<points.count { rows[points.ids[row], default: [:]][points.frames[row]] = points.points[row] }
    let tracks = rows.sorted { $0.key < $1.key }.map { _, rows in
      var track = MotionTrack()
      for (frame, point) in rows.sorted(by: { $0.key < $1.key }) {
        track.append(time: Double(frame) / step * seconds, place: point, side: 1, growth: 0)
      }
      return track
    }
    self.init(name: name, tracks: tracks, unit: .length)
  }

  /// Boxes with identities, as they were detected; `MatchedTrack.tracks` tells which count.
  ///
  /// - Parameters:
  ///   - detections: Of the same frames; nil takes the truth for what was detected.
  ///   - camera: By frame, the motion of the picture from the frame before.
  ///   - framesPerSecond: Of the recording.
  public init(
    name: String, truth: BoxTable, detections: BoxTable? = nil, camera: [Int: Homography] = [:], framesPerSecond: Double
  ) {
    self.init(
      name: name,
      boxes: MatchedTrack.tracks(truth: truth, detections: detections, camera: camera, framesPerSecond: framesPerSecond))
  }

  /// Boxes as they were detected.
  public init(name: String, boxes: [MatchedTrack]) {
    self.init(name: name, tracks: boxes.map(\.motion), unit: .side)
    self.boxes = boxes
  }

  /// The tracks that begin first, and the quarter that begins last; of those that begin together the earlier ones of the file count as first.
  public var withoutLastQuarter: (first: MotionSequence, last: MotionSequence) {
    let order = tracks.indices.sorted { a, b in
      let (first, second) = (tracks[a].times.first ?? 0, tracks[b].times.first ?? 0)
      return first == second ? a < b : first < second
    }
    let end = order.count * 3 / 4
    func part(_ places: ArraySlice<Int>) -> MotionSequence {
      var part = MotionSequence(name: name, tracks: places.sorted().map { tracks[$0] }, unit: unit)
      part.boxes = boxes.isEmpty ? [] : places.sorted().map { boxes[$0] }
      return part
    }
    return (part(order[..<end]), part(order[end...]))
  }
}

extension MotionTrack {
  /// Adds a box, with the size's rate by the tracker's own filter.
  mutating func append(time: Double, _ center: Point, _ shape: LogCovariance, camera: Homography, _ size: inout ScalarMotion?) {
    if var known = size, let last = times.last, let place = places.last, time > last {
      // What the camera does to an area is not growth.
      known.value += log(abs(camera.jacobian(at: place).determinant))
      known.predict(.white(seconds: time - last), acceleration: MotionTrack.sizeAcceleration)
      known.update(shape.p, variance: MotionTrack.sizeNoise)
      size = known.isSound ? known : nil
    }
    let known = size ?? ScalarMotion(value: shape.p, variance: MotionTrack.sizeNoise, rateVariance: MotionTrack.initialRateVariance)
    size = known
    let side = (GaussianBox.momentDivisor * exp(known.value)).squareRoot()
    append(time: time, place: center, side: side, growth: known.rate, camera: camera)
  }

  private static let settings = TrackerSettings()
  private static let sizeAcceleration = settings.sizeAcceleration * settings.sizeAcceleration
  private static let sizeNoise = 2 * settings.sideError * settings.sideError
  private static let initialRateVariance = settings.initialSizeRate * settings.initialSizeRate

  mutating func append(time: Double, place: Point, side: Double, growth: Double, camera: Homography = .identity) {
    times.append(time)
    places.append(place)
    sides.append(side)
    growths.append(growth)
    cameras.append(camera)
  }
}
