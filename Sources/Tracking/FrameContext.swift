import Geometry

/// What lies between a frame and the one before it.
struct FrameStep: Codable {
  var seconds = 0.0
  /// Maps the previous frame's pixels to this one's, as far as the camera's motion is known.
  var camera = Homography.identity
  /// Whether that is a shift which the tracks themselves agreed on where the picture could not tell (`CommonShift`).
  var isDoubtful = false

  /// How what moves over the ground moves in the picture, pixels per second: as far as it and the camera have moved it since the previous
  /// frame; nil where no time has passed or the camera's map sends it to infinity.
  ///
  /// - Parameters:
  ///   - position: In this frame's pixels.
  ///   - velocity: Over the ground, this frame's pixels per second.
  func imageVelocity(at position: Point, velocity: Point) -> Point? {
    guard camera != .identity else { return velocity }
    guard seconds > 0, let back = camera.inverse else { return nil }
    let moved = (position - back.apply(position - velocity * seconds)) / seconds
    return moved.isFinite ? moved : nil
  }
}

/// What all tracks need to know of the present frame.
struct FrameContext: Codable {
  var ordinal = 0
  /// Seconds from the start of the stream.
  var now = 0.0
  var step = FrameStep()
  /// Seconds since the previous frame.
  var seconds: Double { step.seconds }
  /// Seconds from one frame in which the detector was asked to the next: the shorter of the last two, so that one pause does not count.
  /// Infinite until there were two.
  private(set) var pace = Double.infinity
  private var lastPace = 0.0
  private var sinceAsked = 0.0
  /// Whether the last frame in which the detector was asked was lost rather than seen empty.
  var isLost = false
  /// The picture's area; nil where its size is not known.
  var picture: AxisBox?

  /// Goes on to the next frame.
  mutating func advance(by seconds: Double, isAsked: Bool) {
    step = FrameStep(seconds: seconds)
    sinceAsked += seconds
    guard isAsked else { return }
    pace = [lastPace, sinceAsked].filter { $0 > 0 }.min() ?? .infinity
    (lastPace, sinceAsked) = (sinceAsked, 0)
  }

  /// A limit of time, lengthened where frames are so far apart that it would be over after one of them; none at all stays none.
  func atLeastTwoFrames(_ seconds: Double) -> Double { seconds > 0 ? max(seconds, FrameContext.fewestFrames * pace) : 0 }

  /// Two frames, and half a one for stamps that are rounded or scatter.
  private static let fewestFrames = 2.5

  /// The share of a box inside the picture: what is outside cannot be missed.
  func visibleShare(of box: OrientedBox) -> Double {
    picture.map { box.hull.coveredShare(by: $0) } ?? 1
  }

  /// Whether a box is in the picture: not when less of it is inside than the rounding of the outputs can tell from nothing.
  func contains(_ box: OrientedBox) -> Bool { visibleShare(of: box) >= FrameContext.leastVisibleShare }

  /// A share of the box's area: outputs are rounded to hundredths of a pixel, boxes have some pixels.
  private static let leastVisibleShare = 0.01
}
