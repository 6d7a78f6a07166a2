import Geometry
import Motion

/// Keeps the one track of a target that a detector follows by its looks: every detection is the target's, so that nothing is associated,
/// and the track has one identity however long the target was away.
///
/// A frame in which the detector tells no place has no row: where the target is not, there is no box. A row has the detector's own score, a
/// probability; how the track moves does not depend on it, for a place that was told is where the target was looked for next.
public struct TargetTracker: Sendable {
  /// What it was set up with.
  public let settings: TrackerSettings
  private let motionModel: MotionModel
  private let existenceModel: ExistenceModel
  private var track: Track?
  private var frame = FrameContext()
  private var hasBegun = false
  /// Whether the target is lost, told once.
  private var isLost = false

  /// The identity of the one track.
  private static let id = 1

  /// - Parameters:
  ///   - settings: Of which those of motion and forecasts count.
  ///   - law: How the target moves by itself.
  public init(settings: TrackerSettings = TrackerSettings(), law: MotionLaw = .kalman) {
    self.settings = settings
    motionModel = MotionModel(settings, law: law)
    existenceModel = ExistenceModel(settings)
  }

  /// Takes in the next frame, with at most one detection.
  public mutating func update(_ input: TrackerInput) -> TrackerOutput {
    var output = TrackerOutput()
    let seconds = hasBegun && input.time.isFinite ? max(0, input.time - frame.now) : 0
    frame.ordinal = input.ordinal
    frame.advance(by: seconds, isAsked: true)
    if input.time.isFinite { (frame.now, hasBegun) = (hasBegun ? max(frame.now, input.time) : input.time, true) }
    frame.picture =
      input.width > 0 && input.height > 0 ? AxisBox(left: 0, top: 0, width: input.width, height: input.height) : nil
    predict(input.motion)
    guard let found = input.detections?.first, let measurement = measurement(found) else {
      if let track, !isLost {
        isLost = true
        output.changes.append(change(.lost, of: track))
      }
      return output
    }
    see(measurement, into: &output)
    if let track { output.tracks = [row(of: track, score: found.score)] }
    return output
  }

  /// Ends the track: the stream is over.
  public mutating func finish() -> TrackerOutput {
    var output = TrackerOutput()
    if let track {
      output.endings = [
        TrackEnding(
          id: track.id, ordinal: frame.ordinal, time: frame.now, lastSeenOrdinal: track.lastSeenOrdinal,
          reason: isLost ? .lost : .finished)
      ]
    }
    track = nil
    return output
  }

  /// Carries the track on: first with the camera, then by its own motion. One that was lost begins anew where it is found.
  private mutating func predict(_ motion: CameraMotion?) {
    frame.step.camera = motion.map { $0.homography.isFinite ? $0.homography : .identity } ?? .identity
    guard var moved = track, !isLost else { return }
    if frame.step.camera != .identity { motionModel.move(&moved, with: frame.step.camera) }
    motionModel.advance(&moved, step: motionModel.step(seconds: frame.seconds), seconds: frame.seconds)
    track = moved
  }

  private mutating func see(_ measurement: Measurement, into output: inout TrackerOutput) {
    if var known = track, !isLost, known.ending == nil, known.isPossible {
      _ = known.take(measurement, frame, motionModel, existenceModel, settings)
      track = known
    } else {
      var new = Track(serial: 1, measurement, frame, settings: settings)
      new.id = TargetTracker.id
      if isLost { output.changes.append(change(.found, of: new)) }
      (track, isLost) = (new, false)
    }
  }

  /// A detection as one that is certain.
  private func measurement(_ detection: DetectedBox) -> Measurement? {
    guard detection.score.isFinite else { return nil }
    var certain = detection
    certain.score = 1
    return Measurement(certain, settings: settings)
  }

  private func row(of track: Track, score: Double) -> TrackSnapshot {
    var row = track.snapshot(.detected, frame)
    row.score = min(max(score, 0), 1)
    row.existence = row.score
    row.forecast = settings.forecastTimes.map { motionModel.forecast(track, now: frame.now, ahead: $0) }
    return row
  }

  private func change(_ kind: TrackChange.Kind, of track: Track) -> TrackChange {
    TrackChange(id: track.id, ordinal: frame.ordinal, time: frame.now, kind: kind)
  }
}
