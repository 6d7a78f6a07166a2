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
  let comparison: Comparison
  private var lastId = 0
  private var previousTime: Double?
  private var ordinal = 0

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
    predict(seconds: elapsed, camera: input.motion)
    association.match(tracks, measurements, comparison: comparison, settings: settings)
    observe(seconds: elapsed, input)
    beginTracks()
    confirm()
    end(input, into: &output)
    output.tracks.reserveCapacity(tracks.count)
    for track in tracks where isReported(track) { output.tracks.append(snapshot(of: track)) }
    output.tracks.sort { $0.id < $1.id }
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
    defer { previousTime = max(time, previousTime ?? time) }
    return max(0, time - (previousTime ?? time))
  }

  private var now: Double { previousTime ?? 0 }

  private mutating func measure(_ detections: [DetectedBox]) {
    measurements.removeAll(keepingCapacity: true)
    for detection in detections where detection.score >= settings.lowScore {
      if let measurement = Measurement(detection, settings: settings) { measurements.append(measurement) }
    }
  }

  // MARK: Predict

  private mutating func predict(seconds: Double, camera: CameraMotion) {
    let centerStep = MotionStep.fading(seconds: seconds, timeConstant: settings.velocityFading)
    let shapeStep = centerStep
    let moves = camera.homography != .identity && camera.homography.isFinite
    let survival = exp(-seconds / max(settings.lifetime, 1e-3))
    for i in tracks.indices {
      if moves {
        moveWithCamera(&tracks[i], camera.homography)
      }
      let noise = processNoise(tracks[i].motion)
      tracks[i].motion.predict(centerStep: centerStep, shapeStep: shapeStep, noise: noise)
      tracks[i].existence.predict(survival: survival)
    }
  }

  private func moveWithCamera(_ track: inout Track, _ homography: Homography) {
    guard track.motion.move(with: homography) else {
      track.ending = .left
      return
    }
    track.motion.center.positionCovariance = track.motion.center.positionCovariance
      + .identity * (settings.registrationError * settings.registrationError)
    if !track.isObserved, !track.anchor.move(with: homography) { track.anchor = track.motion }
  }

  /// Accelerations scale with the object: near things move faster across the picture than far ones.
  private func processNoise(_ motion: BoxMotion) -> BoxProcessNoise {
    let k = GaussianBox.momentDivisor
    let share = settings.accelerationAnisotropy
    let strength = settings.centerAcceleration * settings.centerAcceleration * k
    let round = exp(motion.size.value) * strength * (1 - share)
    let shaped = motion.shape.covariance * (strength * share)
    return BoxProcessNoise(
      center: SymmetricMatrix2(xx: shaped.xx + round, xy: shaped.xy, yy: shaped.yy + round),
      size: settings.sizeAcceleration * settings.sizeAcceleration,
      form: settings.formAcceleration * settings.formAcceleration)
  }

  // MARK: Update

  private mutating func observe(seconds: Double, _ input: TrackerInput) {
    let share = settings.evidenceInterval > 0 ? min(1, seconds / settings.evidenceInterval) : 1
    for i in tracks.indices {
      let match = association.measurementOfTrack[i]
      if match >= 0 {
        take(measurements[match], into: &tracks[i], share: share)
      } else {
        miss(&tracks[i], share: share, input)
      }
    }
  }

  private func take(_ measurement: Measurement, into track: inout Track, share: Double) {
    track.motion.update(measurement.box)
    let ratio = Existence.likelihoodRatio(
      detection: settings.detectionProbability, gate: 1, evidence: measurement.evidence)
    track.existence.update(likelihoodRatio: pow(ratio, share))
    track.votes.add(measurement.classIndex, weight: measurement.score)
    track.lastSeen = now
    track.lastSeenOrdinal = ordinal
    track.missed = 0
    track.score = measurement.score
    track.rawClassIndex = measurement.classIndex
    track.detectionIndex = measurement.index
    if !track.motion.isSound { track.ending = .uncertain }
  }

  private func miss(_ track: inout Track, share: Double, _ input: TrackerInput) {
    if track.missed == 0 { track.anchor = track.motion }
    track.missed += 1
    let detection = settings.detectionProbability * visibility(of: track, input)
    let ratio = Existence.likelihoodRatio(detection: detection, gate: 1, evidence: 0)
    track.existence.update(likelihoodRatio: pow(ratio, share))
  }

  /// The share of a track's box inside the picture: what is outside cannot be missed.
  private func visibility(of track: Track, _ input: TrackerInput) -> Double {
    guard input.width > 0, input.height > 0 else { return 1 }
    let picture = AxisBox(left: 0, top: 0, width: input.width, height: input.height)
    return track.motion.box.orientedBox.hull.coveredShare(by: picture)
  }

  // MARK: Life cycle

  private mutating func beginTracks() {
    for (index, measurement) in measurements.enumerated()
    where !association.isTaken[index] && measurement.score >= settings.highScore {
      var track = Track(measurement, time: now, ordinal: ordinal, settings: settings)
      track.existence.update(likelihoodRatio: measurement.evidence)
      tracks.append(track)
    }
  }

  private mutating func confirm() {
    for i in tracks.indices where !tracks[i].isConfirmed && tracks[i].existence.probability >= settings.confirmation {
      lastId += 1
      tracks[i].id = lastId
    }
  }

  private mutating func end(_ input: TrackerInput, into output: inout TrackerOutput) {
    var kept = 0
    for i in tracks.indices {
      if let reason = reasonToEnd(tracks[i], input) {
        note(tracks[i], reason, into: &output)
      } else {
        if kept != i { tracks[kept] = tracks[i] }
        kept += 1
      }
    }
    tracks.removeLast(tracks.count - kept)
  }

  private func reasonToEnd(_ track: Track, _ input: TrackerInput) -> TrackEnding.Reason? {
    if let reason = track.ending { return reason }
    if track.existence.probability < settings.ending { return .lost }
    guard !track.isObserved else { return nil }
    let unseen = now - track.lastSeen
    if unseen > (track.isConfirmed ? settings.maximumGap : settings.maximumTentativeGap) { return .expired }
    let limit = settings.maximumUncertainty * track.motion.meanSide
    if track.motion.center.positionCovariance.trace > limit * limit { return .uncertain }
    return nil
  }

  private mutating func endAll(_ reason: TrackEnding.Reason, into output: inout TrackerOutput) {
    for track in tracks { note(track, reason, into: &output) }
    tracks.removeAll(keepingCapacity: true)
  }

  private func note(_ track: Track, _ reason: TrackEnding.Reason, into output: inout TrackerOutput) {
    guard track.isConfirmed else { return }
    output.endings.append(
      TrackEnding(
        id: track.id, ordinal: ordinal, time: now, lastSeenOrdinal: track.lastSeenOrdinal, reason: reason))
  }

  // MARK: Output

  private func isReported(_ track: Track) -> Bool {
    track.isConfirmed && track.existence.probability >= settings.reporting
      && (track.isObserved || now - track.lastSeen <= settings.coasting)
  }

  private func snapshot(of track: Track) -> TrackSnapshot {
    let motion = track.motion
    let velocity = motion.center.velocity
    return TrackSnapshot(
      id: track.id, classIndex: track.votes.winner, rawClassIndex: track.isObserved ? track.rawClassIndex : nil,
      state: track.isObserved ? .confirmed : .coasting, score: track.score,
      existence: track.existence.probability, box: motion.box.orientedBox, angleDeviation: nil,
      centerCovariance: motion.center.positionCovariance, velocity: velocity, heading: nil, headingDeviation: nil,
      headingConfidence: nil, observation: track.isObserved ? .observed : .predicted,
      detectionIndex: track.isObserved ? track.detectionIndex : nil, forecast: forecast(motion))
  }

  private func forecast(_ motion: BoxMotion) -> [TrackForecast] {
    settings.forecastTimes.map { ahead in
      var center = motion.center
      center.predict(
        .fading(seconds: ahead, timeConstant: settings.velocityFading), acceleration: processNoise(motion).center)
      return TrackForecast(time: now + ahead, center: center.position, covariance: center.positionCovariance)
    }
  }
}
