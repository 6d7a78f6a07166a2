import Foundation
import Geometry
import Motion

extension Track {
  /// Takes in a detection.
  ///
  /// - Parameter replays: Whether a gap before it is walked again along the straight way (`MotionModel.replay`).
  mutating func take(
    _ measurement: borrowing Measurement, _ frame: borrowing FrameContext, _ model: borrowing MotionModel,
    _ existence: borrowing ExistenceModel, replays: Bool
  ) {
    if missed > 0, replays { model.replay(&self, towards: measurement.box, now: frame.now) }
    learnAgitation(from: measurement.box, seconds: frame.seconds)
    motion.update(measurement.box)
    existence.see(&presence, evidence: measurement.evidence, seconds: frame.seconds)
    votes.add(measurement.classIndex, weight: measurement.score)
    if measurement.isOriented { isOriented = true }
    lastSeen = frame.now
    lastSeenOrdinal = frame.ordinal
    missed = 0
    detected = (measurement.box.center, measurement.box.shape)
    score = measurement.score
    rawClassIndex = measurement.classIndex
    detectionIndex = measurement.index
    heading.observe(motion.center, meanSide: motion.meanSide, axis: axis, seconds: frame.seconds)
  }

  /// Steady objects earn small uncertainties, and with them long honest coasting; restless ones wide gates.
  private mutating func learnAgitation(from measurement: BoxMeasurement, seconds: Double) {
    let innovation = motion.center.innovation(of: measurement.center, noise: measurement.centerNoise)
    let square = min(innovation.normalizedSquare, Track.largestSquare)
    agitation += min(1, seconds / Track.agitationMemory) * (square / 2 - agitation)
    agitation = min(max(agitation, Track.leastAgitation), Track.mostAgitation)
  }

  private static var largestSquare: Double { 20 }
  /// Seconds over which innovations are averaged.
  private static var agitationMemory: Double { 1 }
  private static var leastAgitation: Double { 0.2 }
  private static var mostAgitation: Double { 4 }

  /// Goes on through a frame in which the detector was not asked.
  mutating func wait(_ frame: borrowing FrameContext) {
    if missed == 0 { anchor = motion }
    missed += 1
    heading.coast(seconds: frame.seconds)
  }

  /// Goes on without a detection where there should have been one.
  mutating func miss(_ frame: borrowing FrameContext, _ existence: borrowing ExistenceModel) {
    wait(frame)
    let box = motion.shape.box(at: motion.center.position)
    existence.miss(&presence, visibleShare: frame.visibleShare(of: box), seconds: frame.seconds)
  }

  /// Why the track ends now, nil if it goes on; one that is no longer seen because it is outside the picture has left.
  func reasonToEnd(_ frame: borrowing FrameContext, _ settings: borrowing TrackerSettings) -> TrackEnding.Reason? {
    if let ending { return ending }
    if !isPossible { return .uncertain }
    guard let reason = reasonToGiveUp(now: frame.now, settings) else { return nil }
    guard !isObserved else { return reason }
    let box = motion.shape.box(at: motion.center.position)
    return frame.visibleShare(of: box) < 0.5 ? .left : reason
  }

  private func reasonToGiveUp(now: Double, _ settings: borrowing TrackerSettings) -> TrackEnding.Reason? {
    if presence.existence < settings.ending { return .lost }
    guard !isObserved else { return nil }
    if now - lastSeen > (isConfirmed ? settings.maximumGap : settings.maximumTentativeGap) { return .expired }
    let limit = settings.maximumUncertainty * motion.meanSide
    return motion.center.positionCovariance.trace > limit * limit ? .uncertain : nil
  }

  func isReported(now: Double, _ settings: borrowing TrackerSettings) -> Bool {
    guard isConfirmed else { return false }
    return isObserved
      ? presence.existence >= settings.reporting
      : presence.existence >= settings.reportingUnseen && now - lastSeen <= settings.coasting
  }

  /// The track's row in the present frame, without forecasts.
  func snapshot(_ boxes: TrackerSettings.Boxes) -> TrackSnapshot {
    let box =
      boxes == .detected && isObserved
      ? detected.shape.box(at: detected.center) : motion.shape.box(at: motion.center.position)
    let variance = angleVariance
    let facing = heading.report(axis: axis, axisVariance: variance)
    return TrackSnapshot(
      id: id, classIndex: votes.winner, rawClassIndex: isObserved ? rawClassIndex : nil,
      state: !isConfirmed ? .tentative : isObserved ? .confirmed : .coasting, score: score,
      existence: presence.existence, box: box, angleDeviation: variance?.squareRoot(),
      centerCovariance: motion.center.positionCovariance,
      velocity: motion.center.velocity, heading: facing?.angle, headingDeviation: facing?.deviation,
      headingConfidence: facing?.confidence, observation: isObserved ? .observed : .predicted,
      detectionIndex: isObserved ? detectionIndex : nil)
  }
}

extension LogCovariance {
  /// The rectangle with this shape, canonical: width ≥ height, angle in [−π/2, π/2).
  func box(at center: Point) -> OrientedBox {
    let scale = (GaussianBox.momentDivisor * exp(p)).squareRoot()
    let stretch = exp(elongation / 2)
    return OrientedBox(
      center: center, width: scale * stretch, height: scale / stretch, angle: Angle.wrappedAxis(angle))
  }
}
