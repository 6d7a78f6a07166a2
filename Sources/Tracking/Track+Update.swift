import Foundation
import Geometry
import Motion

extension Track {
  /// Takes in a detection.
  ///
  /// - Parameter settings: Tell whether a gap before it is walked again along the straight way (`MotionModel.replay`), and whether the stream's
  ///   noises are learned.
  /// - Returns: What it said of these.
  mutating func take(
    _ measurement: borrowing Measurement, _ frame: borrowing FrameContext, _ model: borrowing MotionModel,
    _ existence: borrowing ExistenceModel, _ settings: borrowing TrackerSettings
  ) -> Lesson {
    var lesson = self.lesson(of: measurement.box)
    if missed > 0, settings.reupdates { model.replay(&self, towards: measurement.box, now: frame.now) }
    let innovation = motion.center.innovation(of: measurement.box.center, noise: measurement.box.centerNoise)
    agitation.learn(innovation, seconds: frame.seconds)
    // A young track's prediction is as wide as its velocity is unknown, that after a gap was made by hand.
    if settings.learnsNoise, isConfirmed, missed == 0 { lesson.next = innovation }
    motion.update(measurement.box)
    existence.see(&presence, evidence: measurement.evidence, seconds: frame.seconds)
    votes.add(measurement.classIndex, weight: measurement.score)
    if measurement.isOriented { isOriented = true }
    seenAt = motion.center.position
    lastSeen = frame.now
    lastSeenOrdinal = frame.ordinal
    missed = 0
    detected = measurement.box
    keepSidesWithinBounds()
    if !isConfirmed { longestLogSide = max(longestLogSide, observedLogSide) }
    score = measurement.score
    rawClassIndex = measurement.classIndex
    detectionIndex = measurement.index
    heading.observe(motion.center, meanSide: motion.meanSide, axis: axis(of: motion.shape), now: frame.now, seconds: frame.seconds)
    if settings.learnsNoise, isConfirmed, probe == nil || lesson.later != nil { probe = ForecastProbe(motion) }
    return lesson
  }

  /// What a detection says of the stream's noises.
  struct Lesson {
    /// Against the prediction from the frame before.
    var next: PlanarInnovation?
    /// Against a forecast from a second before.
    var later: PlanarInnovation?
  }

  private func lesson(of measurement: BoxMeasurement) -> Lesson {
    guard let probe, probe.isDue else { return Lesson() }
    return Lesson(later: probe.center.innovation(of: measurement.center, noise: measurement.centerNoise))
  }

  /// Goes on through a frame in which the detector was not asked.
  mutating func wait(_ frame: borrowing FrameContext) {
    missed += 1
    heading.coast(seconds: frame.seconds)
  }

  /// Goes on without a detection where there should have been one.
  mutating func miss(_ frame: borrowing FrameContext, _ existence: borrowing ExistenceModel) {
    wait(frame)
    existence.miss(&presence, visibleShare: frame.visibleShare(of: box(now: frame.now)), seconds: frame.seconds)
  }

  /// The logarithm of the longer side of the last detection's box as it is reported, px.
  var observedLogSide: Double { min(motion.shape.logLongerSide, detected.shape.logLongerSide) }

  /// The filtered shape; that of an object which is not seen soon holds still.
  func shape(now: Double) -> LogCovariance {
    guard !isObserved else { return motion.shape }
    var shape = anchor.shapeUnseen(for: now - lastSeen)
    shape.p -= 2 * max(0, shape.logLongerSide - mostLogSide)
    return shape
  }

  /// The box, canonical: width ≥ height, angle in [−π/2, π/2).
  func box(now: Double) -> OrientedBox { shape(now: now).box(at: motion.center.position) }

  /// Shrinks a box whose longer side is beyond what the object's detections allow; its proportions stay.
  mutating func keepSidesWithinBounds() {
    let excess = motion.shape.logLongerSide - mostLogSide
    if excess > 0 { motion.size.value -= 2 * excess }
  }

  /// The logarithm of the longest side that the track may have, px: just short of twice the longest reported of a detection.
  var mostLogSide: Double { longestLogSide + Track.mostGrowth }

  static var mostGrowth: Double { 0.69 }

  /// Why the track ends now, nil if it goes on; one that is no longer seen because it is outside the picture has left.
  func reasonToEnd(_ frame: borrowing FrameContext, _ settings: borrowing TrackerSettings) -> TrackEnding.Reason? {
    if let ending { return ending }
    if !isPossible { return .uncertain }
    guard !isObserved else { return reasonToGiveUp(frame, settings) }
    let box = box(now: frame.now)
    if hasLeft(frame, box: box) { return .left }
    guard let reason = reasonToGiveUp(frame, settings) else { return nil }
    return frame.visibleShare(of: box) < 0.5 ? .left : reason
  }

  /// Whether the box went out of the picture by its own motion; a camera that swung away from it may swing back.
  private func hasLeft(_ frame: borrowing FrameContext, box: OrientedBox) -> Bool {
    guard !frame.contains(box) else { return false }
    var unmoved = box
    unmoved.center = box.center - (anchor.center.position - seenAt)
    return !frame.contains(unmoved)
  }

  private func reasonToGiveUp(_ frame: borrowing FrameContext, _ settings: borrowing TrackerSettings) -> TrackEnding.Reason? {
    if presence.existence < settings.ending { return .lost }
    guard !isObserved else { return nil }
    // A lost frame is no reason to give up what was seen first just before it.
    let isPatient = frame.isLost ? true : isConfirmed
    let gap = frame.atLeastTwoFrames(isPatient ? settings.maximumGap : settings.maximumTentativeGap)
    if frame.now - lastSeen > gap { return .expired }
    let limit = settings.maximumUncertainty * motion.meanSide
    return motion.center.positionCovariance.trace > limit * limit ? .uncertain : nil
  }

  func isReported(_ frame: FrameContext, _ settings: borrowing TrackerSettings) -> Bool {
    guard isConfirmed else { return false }
    if isObserved { return presence.existence >= settings.reporting }
    return presence.existence >= settings.reportingUnseen && frame.now - lastSeen <= frame.atLeastTwoFrames(settings.coasting)
      && frame.contains(box(now: frame.now))
  }

  /// The track's row in the present frame, without forecasts.
  func snapshot(_ boxes: TrackerSettings.Boxes, _ frame: FrameContext) -> TrackSnapshot {
    let shape = shape(now: frame.now)
    var box = shape.box(at: motion.center.position)
    // At the picture's border the filter may lag behind a detection that is still inside.
    if isObserved, boxes == .detected || !frame.contains(box) {
      box = detected.shape.box(at: detected.center)
    }
    let variance = angleVariance(of: shape)
    let facing = heading.report(axis: axis(of: shape), axisVariance: variance)
    var row = TrackSnapshot(
      id: id, classIndex: votes.winner, rawClassIndex: isObserved ? rawClassIndex : nil,
      state: !isConfirmed ? .tentative : isObserved ? .confirmed : .coasting, score: score,
      existence: presence.existence, box: box, angleDeviation: variance?.squareRoot(),
      centerCovariance: motion.center.positionCovariance,
      velocity: motion.center.velocity, heading: facing?.angle, headingDeviation: facing?.deviation,
      headingConfidence: facing?.confidence, observation: isObserved ? .observed : .predicted,
      detectionIndex: isObserved ? detectionIndex : nil)
    row.tell(motion.center, frame.step)
    return row
  }
}

extension TrackSnapshot {
  /// Takes over how the centre moves, in the row's own frame.
  mutating func tell(_ motion: PlanarMotion, _ step: FrameStep) {
    centerCovariance = motion.positionCovariance
    velocity = motion.velocity
    speed = motion.velocity.length
    imageVelocity = step.imageVelocity(at: motion.position, velocity: motion.velocity)
    let course = motion.course
    self.course = course?.angle
    courseDeviation = course?.deviation
  }
}

extension LogCovariance {
  /// The logarithm of the rectangle's longer side, px.
  var logLongerSide: Double { (log(GaussianBox.momentDivisor) + p + elongation) / 2 }

  /// The variance of the angle where (q, r) has this covariance; nil where the box is too near a square for its angle to mean anything.
  ///
  /// The angle is half that of (q, r): its error is the error of (q, r) across itself over twice the length. Where the error is as large
  /// as the length the angle could be any.
  func angleVariance(_ covariance: SymmetricMatrix2) -> Double? {
    let form = Point(q, r)
    let squaredLength = form.squaredLength
    guard squaredLength > 0 else { return nil }
    let across = covariance.quadraticForm(Point(-form.y, form.x)) / squaredLength
    return across < squaredLength ? across / (4 * squaredLength) : nil
  }

  /// The rectangle with this shape, canonical: width ≥ height, angle in [−π/2, π/2).
  func box(at center: Point) -> OrientedBox {
    let scale = (GaussianBox.momentDivisor * exp(p)).squareRoot()
    let stretch = exp(elongation / 2)
    return OrientedBox(
      center: center, width: scale * stretch, height: scale / stretch, angle: Angle.wrappedAxis(angle))
  }
}
