import Geometry
import Motion

/// A piece of a track: rows that the filter sees, and rows that it must expect.
struct MotionWindow: Sendable {
  /// Seconds from each row to the next one.
  var gaps: [Double]
  /// Observed rows, then expected ones.
  var places: [Point]
  var sides: [Double]
  var growths: [Double]
  var observed: Int

  var expected: Int { places.count - observed }

  /// The filter's state behind the observed rows.
  func start(_ law: LearnedMotion) -> PointMotion {
    var point = PointMotion(places[0], law: law, unit: side(0, law))
    for row in 1..<observed {
      let unit = side(row - 1, law)
      point.predict(by: law, seconds: gaps[row - 1], growth: growths[row - 1], unit: unit)
      point.update(places[row], law: law, unit: side(row, law))
    }
    return point
  }

  /// The unit of length at a row.
  func side(_ row: Int, _ law: LearnedMotion) -> Double { law.unit == .side ? sides[row] : 1 }
  /// That of the forecast: as it was last seen.
  func unit(_ law: LearnedMotion) -> Double { side(observed - 1, law) }
  /// The size's rate when it was last seen.
  var growth: Double { growths[observed - 1] }
}

extension MotionWindow {
  /// Brings all rows into the picture of the last observed one.
  ///
  /// - Parameter cameras: For each row, the picture's motion from the row before.
  /// - Returns: Whether every place is finite there.
  mutating func hold(_ cameras: [Homography]) -> Bool {
    guard cameras.dropFirst().contains(where: { $0 != .identity }) else { return true }
    var way = Homography.identity
    for row in (0..<observed - 1).reversed() {
      way = way * cameras[row + 1]
      move(row, by: way)
    }
    way = .identity
    for row in observed..<places.count {
      way = cameras[row] * way
      guard let back = way.inverse else { return false }
      move(row, by: back)
    }
    return places.allSatisfy(\.isFinite) && sides.allSatisfy { $0.isFinite && $0 > 0 }
  }

  private mutating func move(_ row: Int, by map: Homography) {
    sides[row] *= abs(map.jacobian(at: places[row]).determinant).squareRoot()
    places[row] = map.apply(places[row])
  }
}

/// How tracks are cut into windows.
public struct MotionWindowing: Sendable, Hashable {
  /// Rows that the filter sees before it must forecast.
  public var observed = 8
  /// Rows that it must forecast.
  public var expected = 12
  /// More windows than this are thinned evenly.
  public var most = 3000
  /// A track with a longer gap between rows is cut there, seconds.
  public var longestGap = 1.0

  /// Those of the pedestrian benchmark.
  public init() {}

  /// Windows of the sequences, a row apart, thinned evenly so that each sequence has at most its part of `most`: what is long is not worth more,
  /// for its windows resemble each other.
  func windows(of sequences: [MotionSequence]) -> [MotionWindow] {
    sequences.flatMap { windows(of: $0, atMost: max(1, most / sequences.count)) }
  }

  private func windows(of sequence: MotionSequence, atMost most: Int) -> [MotionWindow] {
    let length = observed + expected
    var places: [(track: MotionTrack, row: Int)] = []
    for track in sequence.tracks where track.count >= length {
      var run = 1
      for row in 1..<track.count {
        let gap = track.times[row] - track.times[row - 1]
        run = gap > 0 && gap <= longestGap ? run + 1 : 1
        if run >= length { places.append((track, row - length + 1)) }
      }
    }
    guard places.count > most else { return places.compactMap { window(of: $0.track, from: $0.row) } }
    return (0..<most).compactMap { index in
      let place = places[index * places.count / most]
      return window(of: place.track, from: place.row)
    }
  }

  /// Nil where the camera's motion takes a place beyond all bounds.
  private func window(of track: MotionTrack, from first: Int) -> MotionWindow? {
    let rows = first..<first + observed + expected
    var window = MotionWindow(
      gaps: rows.dropFirst().map { track.times[$0] - track.times[$0 - 1] }, places: Array(track.places[rows]),
      sides: Array(track.sides[rows]), growths: Array(track.growths[rows]), observed: observed)
    return window.hold(Array(track.cameras[rows])) ? window : nil
  }
}
