import Foundation
import Geometry
import Motion

/// How tracks move by themselves; plain numbers drawn from the settings once.
struct MotionModel {
  private let strength: Double
  private let anisotropy: Double
  private let size: Double
  private let form: Double
  private let fading: Double
  private let registrationNoise: SymmetricMatrix2
  private let law: MotionLaw

  init(_ settings: TrackerSettings, law: MotionLaw) {
    self.law = law
    strength = settings.centerAcceleration * settings.centerAcceleration * GaussianBox.momentDivisor
    anisotropy = settings.accelerationAnisotropy
    size = settings.sizeAcceleration * settings.sizeAcceleration
    form = settings.formAcceleration * settings.formAcceleration
    fading = settings.velocityFading
    registrationNoise = .identity * (settings.registrationError * settings.registrationError)
  }

  func step(seconds: Double) -> MotionStep { .fading(seconds: seconds, timeConstant: fading) }

  /// Brings a track to the present frame by its own motion.
  func advance(_ track: inout Track, step: MotionStep, seconds: Double) {
    let before = track.motion
    if track.isObserved { track.anchor = before }
    advance(&track.probe, of: before, step, seconds: seconds, agitation: track.restlessness)
    predict(&track.motion, step, seconds: seconds, agitation: track.restlessness)
    if !track.isObserved { track.keepSidesWithinBounds() }
  }

  /// Brings a waiting forecast to the present frame.
  private func advance(_ probe: inout ForecastProbe?, of motion: BoxMotion, _ step: MotionStep, seconds: Double, agitation: Double)
  {
    switch law {
    case .kalman:
      probe?.predict(step, seconds: seconds, acceleration: noise(of: motion, agitation: agitation).center)
    case .learned(let learned):
      probe?.predict(by: learned, seconds: seconds, agitation: agitation)
    }
  }

  /// Moves a state on by the law.
  ///
  /// - Returns: How the centre's velocity led to its place.
  @discardableResult
  private func predict(_ motion: inout BoxMotion, _ step: MotionStep, seconds: Double, agitation: Double) -> PlanarTransition {
    let noise = noise(of: motion, agitation: agitation)
    switch law {
    case .kalman:
      motion.predict(step, noise: noise)
      return PlanarTransition(step)
    case .learned(let learned):
      return motion.predict(by: learned, seconds: seconds, step: step, noise: noise, agitation: agitation)
    }
  }

  /// A state's prediction for the next frame, and how it was made; without the camera, and then no way back, where the map fails.
  ///
  /// - Parameter frame: The step from the state's frame to the next one.
  func prediction(of motion: BoxMotion, agitation: Double, _ frame: FrameStep) -> (motion: BoxMotion, transition: BoxTransition?) {
    let step = step(seconds: frame.seconds)
    var predicted = motion
    var transition: BoxTransition? = BoxTransition(step: step)
    if frame.camera != .identity {
      let moved = motion.moved(with: frame.camera)
      transition = moved.map { BoxTransition(map: $0.map, turn: $0.turn, step: step) }
      predicted = moved?.motion ?? motion
      predicted.center.positionCovariance = predicted.center.positionCovariance + registrationNoise
    }
    let center = predict(&predicted, step, seconds: frame.seconds, agitation: agitation)
    transition?.center = center
    if frame.isDoubtful { predicted.doubt() }
    return (predicted, transition)
  }

  /// Accelerations scale with the object: near things move faster across the picture than far ones; and with how restless it has been.
  func noise(of motion: borrowing BoxMotion, agitation: Double) -> BoxProcessNoise {
    let round = exp(motion.size.value) * strength * agitation * (1 - anisotropy)
    var center = SymmetricMatrix2(xx: round, xy: 0, yy: round)
    if anisotropy > 0 { center = center + motion.shape.covariance * (strength * agitation * anisotropy) }
    return BoxProcessNoise(center: center, size: size, form: form)
  }

  /// Moves a track's state, its covariances and the past that later frames need; a track that the map sends to infinity has left.
  func move(_ track: inout Track, with homography: Homography) {
    let map = homography.jacobian(at: track.motion.center.position)
    guard track.motion.move(with: homography) else {
      track.ending = .left
      return
    }
    guard track.isPossible else {
      track.ending = .uncertain
      return
    }
    track.motion.center.positionCovariance = track.motion.center.positionCovariance + registrationNoise
    track.heading.transform(map)
    if track.probe?.move(with: homography) == false { track.probe = nil }
    if !track.isObserved, !track.anchor.move(with: homography) { track.anchor = track.motion }
  }

  /// After a gap, forgets the blind prediction and walks again from the last detection to the new one along a straight line, so that the
  /// velocity is that of the way taken (OC-SORT, Cao et al., 2023, there called observation-centric re-update).
  ///
  /// The line is straight in the filter's coordinates (cx, cy, p, q, r). Ends with the prediction for the present frame.
  func replay(_ track: inout Track, towards target: BoxMeasurement, now: Double) {
    let steps = min(track.missed + 1, MotionModel.mostReplayedSteps)
    let seconds = (now - track.lastSeen) / Double(steps)
    guard seconds > 0 else { return }
    let step = step(seconds: seconds)
    var motion = track.anchor
    for k in 1...steps {
      predict(&motion, step, seconds: seconds, agitation: track.restlessness)
      guard k < steps else { break }
      motion.update(track.anchor.measurement(between: target, share: Double(k) / Double(steps)))
    }
    if motion.isSound { track.motion = motion }
  }

  private static var mostReplayedSteps: Int { 32 }

  /// What the filter does not know of where the object truly is, by a law that learned it.
  private func lastingError(of motion: BoxMotion) -> SymmetricMatrix2 {
    guard case .learned(let learned) = law else { return .identity * 0 }
    let lasting = learned.lastingError * motion.meanSide
    return .identity * (lasting * lasting)
  }

  func forecast(_ track: borrowing Track, now: Double, ahead: Double) -> TrackForecast {
    var motion = track.motion
    let seconds = max(0, ahead)
    predict(&motion, step(seconds: seconds), seconds: seconds, agitation: track.restlessness)
    return TrackForecast(
      time: now + ahead, center: motion.center.position, covariance: motion.center.positionCovariance + lastingError(of: motion))
  }
}

extension BoxMotion {
  /// A measurement on the straight line from this state to another measurement.
  func measurement(between target: BoxMeasurement, share: Double) -> BoxMeasurement {
    var between = target
    between.center = center.position + (target.center - center.position) * share
    between.shape = shape(towards: target.shape, share: share)
    return between
  }

  /// The shape on the straight line from this state's to another.
  func shape(towards target: LogCovariance, share: Double) -> LogCovariance {
    let old = shape
    return LogCovariance(
      p: old.p + (target.p - old.p) * share, q: old.q + (target.q - old.q) * share,
      r: old.r + (target.r - old.r) * share)
  }
}
