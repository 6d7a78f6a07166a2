import Foundation
import Geometry
import Motion

/// Rows that become known only later: those of a track before its confirmation, and those within a gap that closes.
struct EarlierRows: Codable {
  private struct Pending: Codable {
    var serial: Int
    var ordinal: Int
    var row: TrackSnapshot
  }

  /// Frames of the recent past, kept only where gaps are interpolated.
  private var trail = FrameTrail()
  /// Rows of tracks that are not confirmed yet, kept only where they are given afterwards.
  private var pending: [Pending] = []

  mutating func note(_ frame: FrameContext, keeping span: Double) { trail.append(frame, keeping: span) }

  // MARK: Before confirmation

  /// Keeps the present row of a track that is not confirmed yet.
  mutating func keep(_ row: TrackSnapshot, of track: Track, ordinal: Int) {
    pending.append(Pending(serial: track.serial, ordinal: ordinal, row: row))
  }

  /// Gives out what was kept of a track that has its id now.
  ///
  /// - Parameter ordinal: Only rows of later frames than this one; nil: all.
  mutating func release(_ track: Track, after ordinal: Int? = nil, into output: inout TrackerOutput) {
    for kept in pending where kept.serial == track.serial && kept.ordinal > ordinal ?? .min {
      var row = kept.row
      row.id = track.id
      output.backfill.append((ordinal: kept.ordinal, track: row))
    }
    drop(track)
  }

  /// Forgets a track that was never confirmed.
  mutating func drop(_ track: Track) {
    if !pending.isEmpty { pending.removeAll { $0.serial == track.serial } }
  }

  // MARK: Within a gap

  /// Rows for the frames between two detections of a confirmed track, on the straight way in the filter's coordinates, each carried back
  /// by the camera's motion into its own frame.
  ///
  /// Rows that the camera's motion carries out of the picture, or to a size that the object never had, are left out.
  func bridge(
    _ track: Track, since start: Double, until end: Double, limit: Double, _ present: FrameContext, into output: inout TrackerOutput
  ) {
    let span = end - start
    guard track.isConfirmed, span > 0, span <= limit else { return }
    let first = output.backfill.count
    trail.walkBack(from: end, to: start) { frame, homography in
      if let row = EarlierRows.row(
        of: track, share: (frame.time - start) / span, homography: homography, step: frame.step, present),
        row.box.width <= exp(track.mostLogSide), present.contains(row.box)
      {
        output.backfill.append((ordinal: frame.ordinal, track: row))
      }
    }
    output.backfill[first...].reverse()
  }

  /// The row at a share of the way from the track's anchor to its present state, both in the present frame's pixels.
  ///
  /// - Parameters:
  ///   - homography: From the present frame to the row's.
  ///   - step: From the frame before the row's to the row's.
  private static func row(
    of track: Track, share: Double, homography: Homography, step: FrameStep, _ present: FrameContext
  ) -> TrackSnapshot? {
    let (from, to) = (track.anchor, track.motion)
    let center = from.center.position + (to.center.position - from.center.position) * share
    let box = GaussianBox(mean: center, shape: from.shape(towards: to.shape, share: share))
    guard let moved = homography.transform(box) else { return nil }
    let map = homography.jacobian(at: center)
    var row = track.snapshot(.filtered, present)
    row.state = .coasting
    row.observation = .interpolated
    row.detectionIndex = nil
    row.rawClassIndex = nil
    row.box = moved.orientedBox
    var motion = to.center
    motion.transform(map, position: moved.mean)
    row.tell(motion, step)
    row.heading = row.heading.map { Angle.wrappedHeading((map * Point(angle: $0)).angle) }
    return row
  }
}
