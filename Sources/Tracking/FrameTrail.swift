import Geometry

/// The recent frames and the camera's way through them.
struct FrameTrail {
  struct Frame {
    var ordinal: Int
    var time: Double
    /// Maps the frame before to this one.
    var homography: Homography
  }

  private var frames: [Frame] = []

  /// Adds a frame and forgets those that lie further back than `span` seconds.
  mutating func append(ordinal: Int, time: Double, homography: Homography, keeping span: Double) {
    if let first = frames.first, time - first.time > 2 * span {
      frames.removeAll { time - $0.time > span }
    }
    frames.append(Frame(ordinal: ordinal, time: time, homography: homography))
  }

  /// Calls `body` for the frames strictly between two times, the latest first, with the map from the frame at `end` to each.
  func walkBack(from end: Double, to start: Double, _ body: (Frame, Homography) -> Void) {
    var map = Homography.identity
    for index in frames.indices.reversed() {
      let frame = frames[index]
      guard frame.time > start else { return }
      if frame.time < end { body(frame, map) }
      guard let back = frame.homography.inverse else { return }
      map = back * map
    }
  }
}
