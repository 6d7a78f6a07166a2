import Geometry

/// The recent frames and the camera's way through them.
struct FrameTrail: Codable {
  struct Frame: Codable {
    var ordinal: Int
    var time: Double
    /// From the frame before.
    var step: FrameStep
  }

  private var frames: [Frame] = []

  /// Adds a frame and forgets those that lie further back than `span` seconds.
  mutating func append(_ frame: FrameContext, keeping span: Double) {
    let time = frame.now
    if let first = frames.first, time - first.time > 2 * span {
      frames.removeAll { time - $0.time > span }
    }
    frames.append(Frame(ordinal: frame.ordinal, time: time, step: frame.step))
  }

  /// Calls `body` for the frames strictly between two times, the latest first, with the map from the frame at `end` to each.
  func walkBack(from end: Double, to start: Double, _ body: (Frame, Homography) -> Void) {
    var map = Homography.identity
    for index in frames.indices.reversed() {
      let frame = frames[index]
      guard frame.time > start else { return }
      if frame.time < end { body(frame, map) }
      guard let back = frame.step.camera.inverse else { return }
      map = back * map
    }
  }
}
