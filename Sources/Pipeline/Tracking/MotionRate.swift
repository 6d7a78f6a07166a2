import Foundation
import Geometry
import Tracking

/// The frame rate of detections without times, told from how they move.
///
/// The tracker expects objects to change their velocity by a white acceleration of density q² (`TrackerSettings.centerAcceleration`, mean
/// sides per s² per √Hz). Over m frames of Δt seconds each, the second difference of a centre then has the variance
/// 2/3 q² (m Δt)³ along each axis, and 6 R more by the error of the detections (the position noise of an integrated white acceleration,
/// Bar-Shalom, Li and Kirubarajan, Estimation with Applications to Tracking and Navigation, 2001, section 6.2.2). The difference of these
/// variances for m = 3 and m = 1, 26 · 2/3 q² Δt³, is free of R and gives Δt. Being its cube root it is right to a factor of two, which is
/// as much as the tracker needs; nothing in it was chosen on any data.
enum MotionRate {
  /// The rate of a file without times whose motion says nothing else; that of MOTChallenge and of most videos.
  static let usual = 30.0
  /// Frames looked at: as many give thousands of differences, and they are tracked twice.
  private static let frames = 1000
  /// Fewer differences over the longer span tell too little.
  private static let fewestDifferences = 100
  private static let span = 3

  /// The rate in whole frames per second from 1 to the usual one.
  ///
  /// Calm motion says nothing against the usual rate: objects may stand.
  static func estimate(_ detections: some Sequence<[DetectedBox]>, settings: TrackerSettings) -> Double {
    var settings = settings
    settings.boxes = .detected
    settings.forecastTimes = []
    var tracker = Tracker(settings: settings)
    var paths: [Int: Path] = [:]
    var (short, long) = (Mean(), Mean())
    for (ordinal, boxes) in detections.prefix(frames).enumerated() {
      let output = tracker.update(TrackerInput(ordinal: ordinal, time: Double(ordinal) / usual, detections: boxes))
      for track in output.tracks where track.observation == .observed {
        paths[track.id, default: Path()].append(track.box, ordinal: ordinal)
        paths[track.id]?.difference(over: 1).map { short.add($0) }
        paths[track.id]?.difference(over: span).map { long.add($0) }
      }
      for ending in output.endings { paths[ending.id] = nil }
    }
    guard long.count >= fewestDifferences, long.value > short.value else { return usual }
    let growth = Double(span * span * span - 1)
    let density = settings.centerAcceleration * settings.centerAcceleration
    let seconds = cbrt((long.value - short.value) * 1.5 / (growth * density))
    return min(max((1 / seconds).rounded(), 1), usual)
  }

  private struct Mean {
    private var sum = 0.0
    private(set) var count = 0
    var value: Double { count > 0 ? sum / Double(count) : 0 }

    mutating func add(_ sample: Double) {
      sum += sample
      count += 1
    }
  }

  /// The last boxes of a track in frames that follow each other, the latest last.
  private struct Path {
    private var boxes: [OrientedBox] = []
    private var last = -1

    mutating func append(_ box: OrientedBox, ordinal: Int) {
      if ordinal != last + 1 { boxes.removeAll(keepingCapacity: true) }
      if boxes.count > 2 * span { boxes.removeFirst() }
      boxes.append(box)
      last = ordinal
    }

    /// The squared second difference of the centre over so many frames, the mean of both axes, in mean sides²; nil where the path is shorter.
    func difference(over step: Int) -> Double? {
      let end = boxes.count - 1
      guard end >= 2 * step else { return nil }
      let middle = boxes[end - step]
      guard middle.area > 0 else { return nil }
      let change = boxes[end].center + boxes[end - 2 * step].center - middle.center * 2
      return change.squaredLength / (2 * middle.area)
    }
  }
}
