import Geometry

/// The outline of a box under evaluation: parallel to the image's sides, or at any angle.
public enum BoxShape: Sendable, Hashable {
  case upright(AxisBox)
  case oriented(OrientedBox)

  /// The same rectangle as an oriented box.
  public var orientedBox: OrientedBox {
    switch self {
    case .upright(let box): OrientedBox(center: box.center, width: box.width, height: box.height, angle: 0)
    case .oriented(let box): box
    }
  }

  /// The smallest upright box around the shape.
  public var hull: AxisBox {
    switch self {
    case .upright(let box): box
    case .oriented(let box): box.hull
    }
  }

  /// Square pixels.
  public var area: Double {
    switch self {
    case .upright(let box): box.area
    case .oriented(let box): box.area
    }
  }

  /// Exact intersection over union; upright boxes among themselves need no clipping.
  public func iou(with other: BoxShape) -> Double {
    if case .upright(let a) = self, case .upright(let b) = other { return a.iou(with: b) }
    return orientedBox.iou(with: other.orientedBox)
  }

  /// The share of this shape's area that lies inside the other, 0 for a shape without area.
  public func coveredShare(by other: BoxShape) -> Double {
    if case .upright(let a) = self, case .upright(let b) = other { return a.coveredShare(by: b) }
    guard area > .ulpOfOne, hull.intersectionArea(with: other.hull) > 0 else { return 0 }
    return min(1, ConvexPolygon.intersectionArea(orientedBox.corners, other.orientedBox.corners) / area)
  }
}

/// How boxes are compared.
public enum BoxSimilarity: String, Sendable, CaseIterable {
  /// Intersection over union of the boxes as they are, by exact clipping.
  case rotatedIoU = "rotated-iou"
  /// Intersection over union of the upright boxes around them.
  case uprightIoU = "iou"

  /// The shape that is compared.
  func shape(_ shape: BoxShape) -> BoxShape {
    switch self {
    case .rotatedIoU: shape
    case .uprightIoU: .upright(shape.hull)
    }
  }
}
