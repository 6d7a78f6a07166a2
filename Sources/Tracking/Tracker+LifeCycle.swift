import Foundation
import Geometry
import Motion

extension Tracker {
  // MARK: Update

  /// Gives every track its detection, or its miss.
  mutating func observe(seconds: Double, _ input: TrackerInput, into output: inout TrackerOutput) {
    let share = settings.evidenceInterval > 0 ? min(1, seconds / settings.evidenceInterval) : 1
    for i in tracks.indices {
      let match = association.measurementOfTrack[i]
      if match < 0 {
        miss(&tracks[i], seconds: seconds, share: share, input)
      } else {
        let gap = tracks[i].missed > 0 ? (anchor: tracks[i].anchor, since: tracks[i].lastSeen) : nil
        take(measurements[match], into: &tracks[i], seconds: seconds, share: share)
        if let gap, settings.interpolation > 0 {
          interpolate(tracks[i], from: gap.anchor, since: gap.since, into: &output)
        }
      }
    }
  }

  private func take(_ measurement: Measurement, into track: inout Track, seconds: Double, share: Double) {
    if track.missed > 0, settings.reupdates { track.motion = replayed(track, towards: measurement.box) }
    learnAgitation(of: &track, from: measurement.box, seconds: seconds)
    track.motion.update(measurement.box)
    let ratio = Presence.likelihoodRatio(
      detection: settings.detectionProbability, gate: 1, evidence: measurement.evidence)
    // A detection at the place of a hidden object is clutter, as it is where there is none: it says nothing between the two.
    track.presence.update(visibleRatio: Tracker.power(ratio, share))
    track.votes.add(measurement.classIndex, weight: measurement.score)
    track.isOriented = track.isOriented || measurement.isOriented
    track.lastSeen = now
    track.lastSeenOrdinal = ordinal
    track.missed = 0
    track.score = measurement.score
    track.rawClassIndex = measurement.classIndex
    track.detectionIndex = measurement.index
    track.heading.observe(
      track.motion.center, meanSide: track.motion.meanSide, axis: track.axis, seconds: seconds)
  }

  /// Steady objects earn small uncertainties, and with them long honest coasting; restless ones wide gates.
  private func learnAgitation(of track: inout Track, from measurement: BoxMeasurement, seconds: Double) {
    let innovation = track.motion.center.innovation(of: measurement.center, noise: measurement.centerNoise)
    let square = min(innovation.normalizedSquare, Tracker.largestSquare)
    let rate = min(1, seconds / Tracker.agitationMemory)
    track.agitation += rate * (square / 2 - track.agitation)
    track.agitation = min(max(track.agitation, Tracker.agitationRange.lowerBound), Tracker.agitationRange.upperBound)
  }

  private static var largestSquare: Double { 20 }
  /// Seconds over which innovations are averaged.
  private static var agitationMemory: Double { 1 }
  private static var agitationRange: ClosedRange<Double> { 0.2...4 }

  private func miss(_ track: inout Track, seconds: Double, share: Double, _ input: TrackerInput) {
    if track.missed == 0 { track.anchor = track.motion }
    track.missed += 1
    let detection = settings.detectionProbability * visibleShare(of: track, input)
    let ratio = Presence.likelihoodRatio(detection: detection, gate: 1, evidence: 0)
    track.presence.update(visibleRatio: Tracker.power(ratio, share))
    track.heading.coast(seconds: seconds)
  }

  private static func power(_ ratio: Double, _ share: Double) -> Double {
    share == 1 ? ratio : pow(max(ratio, 0), share)
  }

  /// The share of a track's box inside the picture: what is outside cannot be missed.
  private func visibleShare(of track: Track, _ input: TrackerInput) -> Double {
    guard input.width > 0, input.height > 0 else { return 1 }
    let picture = AxisBox(left: 0, top: 0, width: input.width, height: input.height)
    return track.motion.box.orientedBox.hull.coveredShare(by: picture)
  }

  // MARK: Birth

  mutating func beginTracks() {
    for index in measurements.indices
    where !association.isTaken[index] && measurements[index].score >= settings.highScore {
      lastSerial += 1
      var track = Track(
        serial: lastSerial, measurements[index], time: now, ordinal: ordinal, settings: settings)
      track.presence.update(visibleRatio: measurements[index].evidence)
      tracks.append(track)
    }
  }

  /// Ids are given here, to tracks that are reported at once, so that they have no holes.
  mutating func confirmTracks(into output: inout TrackerOutput) {
    let threshold = max(settings.confirmation, settings.reporting)
    for i in tracks.indices
    where !tracks[i].isConfirmed && tracks[i].ending == nil
      && tracks[i].presence.existence >= threshold
    {
      lastId += 1
      tracks[i].id = lastId
      if settings.backfills { releaseRows(of: tracks[i], into: &output) }
    }
  }

  // MARK: Death

  mutating func endTracks(into output: inout TrackerOutput) {
    var kept = 0
    for i in tracks.indices {
      if let reason = reasonToEnd(tracks[i]) {
        note(tracks[i], reason, into: &output)
      } else {
        if kept != i { tracks[kept] = tracks[i] }
        kept += 1
      }
    }
    tracks.removeLast(tracks.count - kept)
  }

  private func reasonToEnd(_ track: Track) -> TrackEnding.Reason? {
    if let reason = track.ending { return reason }
    if !track.isPossible { return .uncertain }
    if track.presence.existence < settings.ending { return .lost }
    guard !track.isObserved else { return nil }
    let unseen = now - track.lastSeen
    if unseen > (track.isConfirmed ? settings.maximumGap : settings.maximumTentativeGap) { return .expired }
    let limit = settings.maximumUncertainty * track.motion.meanSide
    if track.motion.center.positionCovariance.trace > limit * limit { return .uncertain }
    return nil
  }

  mutating func endAll(_ reason: TrackEnding.Reason, into output: inout TrackerOutput) {
    for track in tracks { note(track, reason, into: &output) }
    tracks.removeAll(keepingCapacity: true)
  }

  private mutating func note(_ track: Track, _ reason: TrackEnding.Reason, into output: inout TrackerOutput) {
    guard track.isConfirmed else {
      dropRows(of: track)
      return
    }
    output.endings.append(
      TrackEnding(
        id: track.id, ordinal: ordinal, time: now, lastSeenOrdinal: track.lastSeenOrdinal, reason: reason))
  }
}
