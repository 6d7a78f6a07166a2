import Foundation
import Geometry
import Motion

/// An earlier track that a new one goes on with.
struct ReturnedTrack {
  var id: Int
  /// When it was last seen, seconds.
  var lastSeen: Double
  /// The last frame in which it could have had a row.
  var lastOrdinal: Int
  /// Where it is still looked for: its serial.
  var serial: Int?
}

extension Appearances {
  /// How probable it must be that a new track is one earlier one, against being new and against being any other.
  private static let sureness = 0.95

  /// The track that a new one is, among those that have ended and those that are out of sight: the one whose looks and place make it probable
  /// beyond doubt, where being each of them and being new are equally likely at first (docs/appearance.md, "Coming back").
  ///
  /// - Parameters:
  ///   - new: A track that is about to be confirmed.
  ///   - tracks: All that are alive.
  ///   - area: Of the picture, px²; a new object can appear anywhere in it.
  func returned(_ new: Track, among tracks: [Track], _ comparison: Comparison, area: Double, isClassAgnostic: Bool, ordinal: Int)
    -> ReturnedTrack?
  {
    guard later.isKnown, let own = look(of: new.serial) else { return nil }
    var best: (track: ReturnedTrack, weight: Double)?
    var sum = 1.0
    func consider(_ earlier: Track, _ look: TrackLook, _ lastOrdinal: Int, isAlive: Bool) {
      guard earlier.lastSeen < own.began, isClassAgnostic || earlier.votes.winner == new.votes.winner,
        let place = comparison.placeEvidence(of: earlier, at: Measurement(new.detected), area: area)
      else { return }
      let looks = laterEvidence(look.mean, own.mean)
      let weight = exp(looks + place)
      sum += weight
      guard looks > 0, weight > best?.weight ?? 0 else { return }
      let found = ReturnedTrack(
        id: earlier.id, lastSeen: earlier.lastSeen, lastOrdinal: lastOrdinal, serial: isAlive ? earlier.serial : nil)
      best = (found, weight)
    }
    for entry in gallery.entries { consider(entry.track, entry.look, entry.lastOrdinal, isAlive: false) }
    for track in tracks where track.isConfirmed && !track.isObserved && track.ending == nil {
      if let look = look(of: track.serial) { consider(track, look, ordinal, isAlive: true) }
    }
    guard let best, best.weight > Appearances.sureness * sum else { return nil }
    return best.track
  }
}

extension Comparison {
  /// ln of how much likelier a place is for a track that was there before than for an object that can appear anywhere in the picture; nil
  /// where the track cannot have come there, or have become as large.
  ///
  /// - Parameter area: Of the picture, px².
  func placeEvidence(of track: Track, at measurement: Measurement, area: Double) -> Double? {
    let prediction = Prediction(track.motion, classIndex: 0)
    // What a track may grow by while it is looked for holds for what comes back, either way.
    let growth = measurement.box.shape.logLongerSide - track.anchor.shape.logLongerSide
    guard area > 0, abs(growth) <= Track.mostGrowth, let innovation = innovation(prediction, track.motion, measurement) else {
      return nil
    }
    return innovation.logLikelihood + log(area)
  }
}
