package import Geometry

/// Finds places for labels so that they lie in the picture, near their boxes and not upon one another.
package struct LabelLayout {
  private let width: Double
  private let height: Double
  private var taken: [AxisBox] = []

  /// - Parameters: Of the picture, in pixels.
  package init(width: Int, height: Int) {
    self.width = Double(width)
    self.height = Double(height)
  }

  /// The place for a label of a size: of those around the hull of a box (above, below, right, left) the one that covers least.
  package mutating func place(width labelWidth: Double, height labelHeight: Double, around hull: AxisBox, gap: Double) -> AxisBox {
    let middle = hull.center
    let candidates = [
      AxisBox(left: middle.x - labelWidth / 2, top: hull.top - gap - labelHeight, width: labelWidth, height: labelHeight),
      AxisBox(left: middle.x - labelWidth / 2, top: hull.bottom + gap, width: labelWidth, height: labelHeight),
      AxisBox(left: hull.right + gap, top: middle.y - labelHeight / 2, width: labelWidth, height: labelHeight),
      AxisBox(left: hull.left - gap - labelWidth, top: middle.y - labelHeight / 2, width: labelWidth, height: labelHeight),
    ].map(inside)
    var best = candidates[0]
    var leastCost = Double.infinity
    for (index, candidate) in candidates.enumerated() {
      // Covering another label is worse than covering its own box; earlier places are a little better.
      let covered = taken.reduce(0) { $0 + candidate.intersectionArea(with: $1) }
      let cost = covered + 0.3 * candidate.intersectionArea(with: hull) + Double(index)
      if cost < leastCost { (best, leastCost) = (candidate, cost) }
    }
    taken.append(best)
    return best
  }

  /// Keeps a place free, such as that of the camera's panel.
  package mutating func reserve(_ box: AxisBox) { taken.append(box) }

  private func inside(_ box: AxisBox) -> AxisBox {
    AxisBox(
      left: max(0, min(width - box.width, box.left)), top: max(0, min(height - box.height, box.top)), width: box.width,
      height: box.height)
  }
}
