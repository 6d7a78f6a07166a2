import Imaging

/// Joins neighbouring parts of a mask that move alike: the fragments of one object.
struct FragmentJoiner {
  let field: MotionField
  /// The greatest gap, as a share of the larger part's longer side; never less than `leastGap`.
  let gapShare: Double
  /// A fragment has at most this share of the larger part's area.
  let greatestFragment: Double

  /// Parts belong together whose velocities differ by less than this share of the faster one's speed, plus `similarSpeed`. Chosen.
  private static let similarShare: Float = 0.3
  /// In working pixels a frame: about the error of the flow of a part that stands still. Chosen.
  private static let similarSpeed: Float = 0.25
  /// Gaps of so many working pixels are the closing element's and the blur's, whatever the parts' size. Chosen.
  private static let leastGap = 3

  /// Joins the parts that belong together.
  func join(_ parts: inout ConnectedComponents) {
    var velocities = parts.components.map { field.commonVelocity(of: $0, in: parts) }
    var first = 0
    while first < parts.components.count {
      let one = parts.components[first]
      guard
        let second = (first + 1..<parts.components.count).first(where: {
          let other = parts.components[$0]
          return isFragment(one, other) && isNear(one, other) && isAlike(velocities[first], velocities[$0])
        })
      else {
        first += 1
        continue
      }
      let larger = one.area >= parts.components[second].area ? first : second
      velocities[first] = velocities[larger]
      parts.join(second, to: first)
      velocities.remove(at: second)
      // The grown part may now reach parts that were passed over.
      first = 0
    }
  }

  private func isFragment(_ a: ConnectedComponents.Component, _ b: ConnectedComponents.Component) -> Bool {
    Double(min(a.area, b.area)) <= greatestFragment * Double(max(a.area, b.area))
  }

  private func isNear(_ a: ConnectedComponents.Component, _ b: ConnectedComponents.Component) -> Bool {
    let across = max(a.left, b.left) - min(a.left + a.width, b.left + b.width)
    let along = max(a.top, b.top) - min(a.top + a.height, b.top + b.height)
    let side = max(max(a.width, a.height), max(b.width, b.height))
    // Bounded: by the side, for the share is below 1.
    return max(across, along) <= max(Self.leastGap, Int(gapShare * Double(side)))
  }

  private func isAlike(_ a: SIMD2<Float>, _ b: SIMD2<Float>) -> Bool {
    let speed = max((a * a).sum(), (b * b).sum()).squareRoot()
    let tolerance = Self.similarShare * speed + Self.similarSpeed
    return ((a - b) * (a - b)).sum() <= tolerance * tolerance
  }
}
