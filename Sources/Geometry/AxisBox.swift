/// A box whose sides are parallel to the image's: [left, left + width] × [top, top + height] in pixels.
@frozen
public struct AxisBox: Hashable, Sendable, Codable {
  /// The x coordinate of the left edge, in pixels.
  public var left: Double
  /// The y coordinate of the top edge, in pixels.
  public var top: Double
  /// Pixels along x.
  public var width: Double
  /// Pixels along y.
  public var height: Double

  /// A box by its top-left corner and its size, in pixels; nothing is checked.
  @inlinable
  public init(left: Double, top: Double, width: Double, height: Double) {
    self.left = left
    self.top = top
    self.width = width
    self.height = height
  }

  /// The smallest box around the points; a box of size zero at the origin for no points.
  public init(around points: some Sequence<Point>) {
    var low = Point(.infinity, .infinity)
    var high = Point(-.infinity, -.infinity)
    for point in points {
      low = Point(min(low.x, point.x), min(low.y, point.y))
      high = Point(max(high.x, point.x), max(high.y, point.y))
    }
    guard low.x <= high.x else {
      self.init(left: 0, top: 0, width: 0, height: 0)
      return
    }
    self.init(left: low.x, top: low.y, width: high.x - low.x, height: high.y - low.y)
  }

  /// The x coordinate of the right edge, in pixels.
  @inlinable public var right: Double { left + width }
  /// The y coordinate of the bottom edge, in pixels.
  @inlinable public var bottom: Double { top + height }
  /// The middle of the box.
  @inlinable public var center: Point { Point(left + width / 2, top + height / 2) }
  /// Square pixels; negative where one side is.
  @inlinable public var area: Double { width * height }

  /// The area that two boxes share, 0 where they only touch.
  @inlinable
  public func intersectionArea(with other: AxisBox) -> Double {
    let w = min(right, other.right) - max(left, other.left)
    let h = min(bottom, other.bottom) - max(top, other.top)
    return w > 0 && h > 0 ? w * h : 0
  }

  /// Intersection over union, 0 where either box has an area of at most the double's epsilon
  /// (the rule of TrackEval, `_calculate_box_ious` in `trackeval/datasets/_base_dataset.py`).
  @inlinable
  public func iou(with other: AxisBox) -> Double {
    let areas = area + other.area
    let intersection = intersectionArea(with: other)
    let union = areas - intersection
    guard area > .ulpOfOne, other.area > .ulpOfOne, union > .ulpOfOne else { return 0 }
    return intersection / union
  }

  /// The share of this box's area that lies inside the other.
  @inlinable
  public func coveredShare(by other: AxisBox) -> Double {
    area > .ulpOfOne ? intersectionArea(with: other) / area : 0
  }
}
