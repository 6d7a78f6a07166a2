import Imaging

/// Joins neighbouring parts of a mask that move alike: the fragments of one object.
struct FragmentJoiner {
  let field: MotionField
  /// The greatest gap, as a share of the larger part's longer side; never less than three pixels.
  let gapShare: Double
  /// A fragment has at most this share of the larger part's area.
  let greatestFragment: Double

  /// Parts this similar belong together: by share of the speed, and in working pixels a frame.
  private static let similarShare: Float = 0.3
  private static let similarSpeed: Float = 0.25

  /// The parts after joining; `labels` then holds one label for each of them.
  func join(_ parts: [ConnectedComponents.Component], labels: inout [Int32], width: Int) -> [ConnectedComponents.Component] {
    var joined = parts
    var velocities = parts.map { field.commonVelocity(of: $0, labels) }
    var first = 0
    while first < joined.count {
      guard
        let second = (first + 1..<joined.count).first(where: {
          isFragment(joined[first], joined[$0]) && isNear(joined[first], joined[$0])
            && isAlike(velocities[first], velocities[$0])
        })
      else {
        first += 1
        continue
      }
      let larger = joined[first].area >= joined[second].area ? first : second
      velocities[first] = velocities[larger]
      relabel(joined[second], as: joined[first].label, &labels, width: width)
      joined[first] = union(joined[first], joined[second])
      joined.remove(at: second)
      velocities.remove(at: second)
      // The grown part may now reach parts that were passed over.
      first = 0
    }
    return joined
  }

  private func isFragment(_ a: ConnectedComponents.Component, _ b: ConnectedComponents.Component) -> Bool {
    Double(min(a.area, b.area)) <= greatestFragment * Double(max(a.area, b.area))
  }

  private func isNear(_ a: ConnectedComponents.Component, _ b: ConnectedComponents.Component) -> Bool {
    let across = max(a.left, b.left) - min(a.left + a.width, b.left + b.width)
    let along = max(a.top, b.top) - min(a.top + a.height, b.top + b.height)
    let side = max(max(a.width, a.height), max(b.width, b.height))
    return max(across, along) <= max(3, Int(gapShare * Double(side)))
  }

  private func isAlike(_ a: SIMD2<Float>, _ b: SIMD2<Float>) -> Bool {
    let speed = max((a * a).sum(), (b * b).sum()).squareRoot()
    let tolerance = Self.similarShare * speed + Self.similarSpeed
    return ((a - b) * (a - b)).sum() <= tolerance * tolerance
  }

  private func relabel(_ part: ConnectedComponents.Component, as label: Int32, _ labels: inout [Int32], width: Int) {
    for y in part.top..<part.top + part.height {
      for i in y * width + part.left..<y * width + part.left + part.width where labels[i] == part.label {
        labels[i] = label
      }
    }
  }

  private func union(
    _ a: ConnectedComponents.Component, _ b: ConnectedComponents.Component
  ) -> ConnectedComponents.Component {
    var result = a
    result.left = min(a.left, b.left)
    result.top = min(a.top, b.top)
    result.width = max(a.left + a.width, b.left + b.width) - result.left
    result.height = max(a.top + a.height, b.top + b.height) - result.top
    result.area += b.area
    return result
  }
}
