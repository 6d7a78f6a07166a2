import Foundation
import Geometry
import Motion

/// Follows objects through a stream of detections: predict, move with the camera, associate, update, judge existence.
///
/// ```swift
/// var tracker = Tracker(settings: TrackerSettings())
/// let output = tracker.update(TrackerInput(ordinal: 0, time: 0, detections: boxes))
/// for track in output.tracks { print(track.id, track.box) }
/// ```
///
/// A value type without clock or randomness: the same inputs give the same outputs. Detections that are not finite or have no area are
/// passed over; nothing that is not finite comes out.
public struct Tracker: Sendable {
  public let settings: TrackerSettings

  var tracks: [Track] = []
  var measurements: [Measurement] = []
  var association = Association()
  var commonShift = CommonShift()
  /// Frames of the recent past, kept only where gaps are interpolated.
  var trail = FrameTrail()
  /// Rows of tracks that are not confirmed yet, kept only where they are given afterwards.
  var pendingRows: [PendingRow] = []
  var lastId = 0
  var lastSerial = 0
  /// Ordinal and time of the present frame.
  var ordinal = 0
  var now = 0.0
  private var hasBegun = false
  private let comparison: Comparison

  public init(settings: TrackerSettings = TrackerSettings()) {
    self.settings = settings
    comparison = Comparison(settings)
  }

  /// Takes in the next frame.
  public mutating func update(_ input: TrackerInput) -> TrackerOutput {
    var output = TrackerOutput()
    let elapsed = advance(to: input.time)
    ordinal = input.ordinal
    measure(input.detections)
    if input.motion.status == .cut, settings.cuts == .reset { endAll(.cut, into: &output) }
    predict(seconds: elapsed, input)
    association.match(tracks, measurements, comparison: comparison, settings: settings)
    observe(seconds: elapsed, input, into: &output)
    beginTracks()
    confirmTracks(into: &output)
    endTracks(into: &output)
    report(into: &output)
    return output
  }

  /// Ends every track: the stream is over.
  public mutating func finish() -> TrackerOutput {
    var output = TrackerOutput()
    endAll(.finished, into: &output)
    return output
  }

  /// Seconds since the previous frame; 0 for a time that does not move on.
  private mutating func advance(to time: Double) -> Double {
    guard time.isFinite else { return 0 }
    defer {
      now = hasBegun ? max(now, time) : time
      hasBegun = true
    }
    return hasBegun ? max(0, time - now) : 0
  }

  private mutating func measure(_ detections: [DetectedBox]) {
    measurements.removeAll(keepingCapacity: true)
    for detection in detections where detection.score >= settings.lowScore {
      if let measurement = Measurement(detection, settings: settings) { measurements.append(measurement) }
    }
  }
}
