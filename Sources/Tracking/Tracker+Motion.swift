import Foundation
import Geometry
import Motion

extension Tracker {
  /// Brings every track to the present frame: first with the camera, then by its own motion.
  mutating func predict(seconds: Double, _ input: TrackerInput) {
    var camera = input.motion.homography
    if camera != .identity { moveWithCamera(camera) }
    let step = MotionStep.fading(seconds: seconds, timeConstant: settings.velocityFading)
    let rates = settings.presenceRates
    for i in tracks.indices {
      let noise = processNoise(tracks[i].motion, agitation: tracks[i].agitation)
      tracks[i].motion.predict(step, noise: noise)
      tracks[i].presence.predict(seconds: seconds, rates: rates)
    }
    if settings.findsCommonShift, input.motion.status != .ok, let shift = sharedShift(width: input.width) {
      for i in tracks.indices {
        tracks[i].motion.center.position += shift
        tracks[i].anchor.center.position += shift
      }
      camera = .translation(shift) * camera
    }
    if settings.interpolation > 0 {
      trail.append(ordinal: ordinal, time: now, homography: camera, keeping: settings.interpolation)
    }
  }

  /// Moves states, covariances and the past that later frames need; a track that the map sends to infinity has left.
  private mutating func moveWithCamera(_ homography: Homography) {
    guard homography.isFinite else { return }
    let error = SymmetricMatrix2.identity * (settings.registrationError * settings.registrationError)
    for i in tracks.indices {
      let map = homography.jacobian(at: tracks[i].motion.center.position)
      guard tracks[i].motion.move(with: homography) else {
        tracks[i].ending = .left
        continue
      }
      guard tracks[i].isPossible else {
        tracks[i].ending = .uncertain
        continue
      }
      let center = tracks[i].motion.center.positionCovariance
      tracks[i].motion.center.positionCovariance = center + error
      tracks[i].heading.transform(map)
      if !tracks[i].isObserved, !tracks[i].anchor.move(with: homography) { tracks[i].anchor = tracks[i].motion }
    }
  }

  private mutating func sharedShift(width: Double) -> Point? {
    let limit = width > 0 ? settings.largestShift * width : .infinity
    return commonShift.estimate(tracks, measurements, limit: limit)
  }

  /// Accelerations scale with the object: near things move faster across the picture than far ones; and with how
  /// restless it has been.
  func processNoise(_ motion: BoxMotion, agitation: Double) -> BoxProcessNoise {
    let share = settings.accelerationAnisotropy
    let strength = agitation * settings.centerAcceleration * settings.centerAcceleration * GaussianBox.momentDivisor
    let round = exp(motion.size.value) * strength * (1 - share)
    let shaped = share > 0 ? motion.shape.covariance * (strength * share) : SymmetricMatrix2(xx: 0, xy: 0, yy: 0)
    return BoxProcessNoise(
      center: SymmetricMatrix2(xx: shaped.xx + round, xy: shaped.xy, yy: shaped.yy + round),
      size: settings.sizeAcceleration * settings.sizeAcceleration,
      form: settings.formAcceleration * settings.formAcceleration)
  }

  /// After a gap, forgets the blind prediction and walks again from the last detection to the new one along a straight line, so that the
  /// velocity is that of the way taken (OC-SORT, Cao et al., 2023, there called observation-centric re-update).
  ///
  /// The line is straight in the filter's coordinates (cx, cy, p, q, r). Ends with the prediction for the present frame.
  func replayed(_ track: Track, towards target: BoxMeasurement) -> BoxMotion {
    let steps = min(track.missed + 1, Tracker.mostReplayedSteps)
    let seconds = (now - track.lastSeen) / Double(steps)
    guard seconds > 0 else { return track.motion }
    let step = MotionStep.fading(seconds: seconds, timeConstant: settings.velocityFading)
    var motion = track.anchor
    for k in 1...steps {
      motion.predict(step, noise: processNoise(motion, agitation: track.agitation))
      guard k < steps else { break }
      motion.update(track.anchor.measurement(between: target, share: Double(k) / Double(steps)))
    }
    return motion.isSound ? motion : track.motion
  }

  private static var mostReplayedSteps: Int { 32 }
}

extension BoxMotion {
  /// A measurement on the straight line from this state to another measurement.
  func measurement(between target: BoxMeasurement, share: Double) -> BoxMeasurement {
    var between = target
    let middle = form.position + (target.form - form.position) * share
    between.center = center.position + (target.center - center.position) * share
    between.shape = LogCovariance(
      p: size.value + (target.shape.p - size.value) * share, q: middle.x, r: middle.y)
    return between
  }
}
