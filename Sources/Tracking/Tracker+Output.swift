import Foundation
import Geometry
import Motion

extension Tracker {
  /// The rows of the present frame.
  mutating func report(into output: inout TrackerOutput) {
    output.tracks.reserveCapacity(tracks.count)
    var isAscending = true
    for i in tracks.indices {
      if isReported(tracks[i]) {
        if let last = output.tracks.last, last.id > tracks[i].id { isAscending = false }
        output.tracks.append(snapshot(of: tracks[i]))
      } else if settings.backfills, !tracks[i].isConfirmed, tracks[i].isObserved {
        pendingRows.append(PendingRow(serial: tracks[i].serial, ordinal: ordinal, snapshot: snapshot(of: tracks[i])))
      }
    }
    if !isAscending { output.tracks.sort { $0.id < $1.id } }
  }

  private func isReported(_ track: Track) -> Bool {
    guard track.isConfirmed else { return false }
    let existence = track.presence.existence
    return track.isObserved
      ? existence >= settings.reporting
      : existence >= settings.reportingUnseen && now - track.lastSeen <= settings.coasting
  }

  func snapshot(of track: Track) -> TrackSnapshot {
    let motion = track.motion
    let variance = track.angleVariance
    let heading = track.heading.report(axis: track.axis, axisVariance: variance)
    return TrackSnapshot(
      id: track.id, classIndex: track.votes.winner, rawClassIndex: track.isObserved ? track.rawClassIndex : nil,
      state: !track.isConfirmed ? .tentative : track.isObserved ? .confirmed : .coasting, score: track.score,
      existence: track.presence.existence, box: motion.shape.box(at: motion.center.position),
      angleDeviation: variance?.squareRoot(), centerCovariance: motion.center.positionCovariance,
      velocity: motion.center.velocity, heading: heading?.angle, headingDeviation: heading?.deviation,
      headingConfidence: heading?.confidence, observation: track.isObserved ? .observed : .predicted,
      detectionIndex: track.isObserved ? track.detectionIndex : nil, forecast: forecast(track))
  }

  private func forecast(_ track: Track) -> [TrackForecast] {
    guard !settings.forecastTimes.isEmpty else { return [] }
    let noise = processNoise(track.motion, agitation: track.agitation).center
    return settings.forecastTimes.map { ahead in
      var center = track.motion.center
      center.predict(
        .fading(seconds: max(0, ahead), timeConstant: settings.velocityFading), acceleration: noise)
      return TrackForecast(time: now + ahead, center: center.position, covariance: center.positionCovariance)
    }
  }

  // MARK: Rows given afterwards

  /// Gives out what was kept of a track that is confirmed now.
  mutating func releaseRows(of track: Track, into output: inout TrackerOutput) {
    for var row in pendingRows where row.serial == track.serial {
      row.snapshot.id = track.id
      output.backfill.append((ordinal: row.ordinal, track: row.snapshot))
    }
    dropRows(of: track)
  }

  mutating func dropRows(of track: Track) {
    if !pendingRows.isEmpty { pendingRows.removeAll { $0.serial == track.serial } }
  }

  /// Rows for the frames between the last detection and the present one, on the straight way in the filter's coordinates, each carried
  /// back by the camera's motion into its own frame.
  func interpolate(_ track: Track, from anchor: BoxMotion, since: Double, into output: inout TrackerOutput) {
    let span = now - since
    guard track.isConfirmed, span > 0, span <= settings.interpolation else { return }
    let first = output.backfill.count
    trail.walkBack(from: now, to: since) { frame, homography in
      let share = (frame.time - since) / span
      var row = snapshot(of: track)
      row.state = .coasting
      row.observation = .interpolated
      row.detectionIndex = nil
      row.rawClassIndex = nil
      row.forecast = []
      let target = track.motion
      let form = anchor.form.position + (target.form.position - anchor.form.position) * share
      let size = anchor.size.value + (target.size.value - anchor.size.value) * share
      let center = anchor.center.position + (target.center.position - anchor.center.position) * share
      let box = GaussianBox(mean: center, shape: LogCovariance(p: size, q: form.x, r: form.y))
      guard let moved = homography.transform(box) else { return }
      let map = homography.jacobian(at: center)
      row.box = moved.orientedBox
      row.centerCovariance = map.transform(row.centerCovariance)
      row.velocity = map * row.velocity
      row.speed = row.velocity.length
      output.backfill.append((ordinal: frame.ordinal, track: row))
    }
    output.backfill[first...].reverse()
  }
}

/// A row of a track that is not confirmed yet.
struct PendingRow {
  var serial: Int
  var ordinal: Int
  var snapshot: TrackSnapshot
}

extension LogCovariance {
  /// The rectangle with this shape, canonical: width ≥ height, angle in [−π/2, π/2).
  func box(at center: Point) -> OrientedBox {
    let half = elongation / 2
    let scale = (GaussianBox.momentDivisor * exp(p)).squareRoot()
    let stretch = exp(half)
    return OrientedBox(
      center: center, width: scale * stretch, height: scale / stretch, angle: Angle.wrappedAxis(angle))
  }
}
