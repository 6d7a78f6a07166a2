import Geometry

/// What all tracks need to know of the present frame.
struct FrameContext {
  var ordinal = 0
  /// Seconds from the start of the stream, and since the previous frame.
  var now = 0.0
  var seconds = 0.0
  /// The picture's area; nil where its size is not known.
  var picture: AxisBox?

  /// The share of a box inside the picture: what is outside cannot be missed.
  func visibleShare(of box: OrientedBox) -> Double {
    picture.map { box.hull.coveredShare(by: $0) } ?? 1
  }

  /// Whether a box is in the picture: not when less of it is inside than the rounding of the outputs can tell from nothing.
  func contains(_ box: OrientedBox) -> Bool { visibleShare(of: box) >= FrameContext.leastVisibleShare }

  /// A share of the box's area: outputs are rounded to hundredths of a pixel, boxes have some pixels.
  private static let leastVisibleShare = 0.01
}
