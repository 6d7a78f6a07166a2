import Geometry

/// The outline of a box under evaluation: parallel to the image's sides, at any angle, or four corners that are no rectangle.
public enum BoxShape: Sendable, Hashable {
  case upright(AxisBox)
  case oriented(OrientedBox)
  case quadrilateral(ConvexQuadrilateral)

  /// The same rectangle as an oriented box; for other quadrilaterals the rectangle of their mean sides.
  public var orientedBox: OrientedBox {
    switch self {
    case .upright(let box): OrientedBox(center: box.center, width: box.width, height: box.height, angle: 0)
    case .oriented(let box): box
    case .quadrilateral(let outline): outline.orientedBox
    }
  }

  /// The smallest upright box around the shape.
  public var hull: AxisBox {
    switch self {
    case .upright(let box): box
    case .oriented(let box): box.hull
    case .quadrilateral(let outline): AxisBox(around: outline.corners)
    }
  }

  /// Square pixels.
  public var area: Double {
    switch self {
    case .upright(let box): box.area
    case .oriented(let box): box.area
    case .quadrilateral(let outline): outline.area
    }
  }

  /// Exact intersection over union; upright boxes among themselves need no clipping.
  public func iou(with other: BoxShape) -> Double {
    switch (self, other) {
    case (.upright(let a), .upright(let b)): return a.iou(with: b)
    case (.quadrilateral, _), (_, .quadrilateral):
      let shared = sharedArea(with: other)
      let union = area + other.area - shared
      return shared > 0 && union > 0 ? min(1, shared / union) : 0
    default: return orientedBox.iou(with: other.orientedBox)
    }
  }

  /// The share of this shape's area that lies inside the other, 0 for a shape without area.
  public func coveredShare(by other: BoxShape) -> Double {
    if case .upright(let a) = self, case .upright(let b) = other { return a.coveredShare(by: b) }
    return area > .ulpOfOne ? min(1, sharedArea(with: other) / area) : 0
  }

  private func sharedArea(with other: BoxShape) -> Double {
    let hull = hull
    guard hull.intersectionArea(with: other.hull) > 0 else { return 0 }
    // Relative to one centre: far from the origin the shoelace formula would lose digits.
    let origin = hull.center
    return ConvexPolygon.intersectionArea(corners.map { $0 - origin }, other.corners.map { $0 - origin })
  }

  private var corners: [Point] {
    if case .quadrilateral(let outline) = self { return outline.corners }
    return orientedBox.corners
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
