import Foundation
import Geometry
import Motion

/// Tracks that have ended and may come back: for a time, and so many.
struct Gallery: Codable {
  /// A track as it ended, carried on as if it were still looked for.
  struct Entry: Codable {
    var track: Track
    var look: TrackLook
    /// The last frame in which the track could have had a row.
    var lastOrdinal: Int
  }

  /// By when they ended.
  private(set) var entries: [Entry] = []

  /// A minute: who is away for longer comes back as somebody else.
  private static let seconds = 60.0
  private static let most = 100

  mutating func add(_ track: Track, _ look: TrackLook, ordinal: Int) {
    var waiting = track
    (waiting.ending, waiting.missed) = (nil, max(1, track.missed))
    entries.append(Entry(track: waiting, look: look, lastOrdinal: ordinal))
    if entries.count > Gallery.most { entries.removeFirst() }
  }

  mutating func remove(id: Int) { entries.removeAll { $0.track.id == id } }

  mutating func removeAll() { entries.removeAll() }

  /// Brings all to the present frame, with the camera and by their own motion.
  mutating func predict(_ model: MotionModel, camera: Homography, step: MotionStep, frame: FrameContext) {
    guard !entries.isEmpty else { return }
    for index in entries.indices {
      if camera != .identity { model.move(&entries[index].track, with: camera) }
      model.advance(&entries[index].track, step: step, seconds: frame.seconds)
    }
    entries.removeAll { $0.track.ending != nil || !$0.track.isPossible || frame.now - $0.track.lastSeen > Gallery.seconds }
  }

  /// Moves all by a shift of the camera.
  mutating func move(by shift: Point) {
    for index in entries.indices {
      entries[index].track.motion.center.position += shift
      entries[index].track.anchor.center.position += shift
      entries[index].track.probe?.move(by: shift)
    }
  }
}
