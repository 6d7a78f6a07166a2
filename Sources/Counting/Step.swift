import Geometry

/// The way of a track from one sighting to the next, taken as straight and even.
struct Step {
  let from: Point
  let to: Point

  /// The point at a share of the way in [0, 1].
  func point(at share: Double) -> Point { from + (to - from) * share }

  /// Where the step crosses a line, in the order of the line's sides.
  ///
  /// A point on the line counts as on its right, and so does a corner of the line that lies on the step: a path that goes on from such a
  /// point crosses once, however it is cut into steps, and a corner between two sides is crossed once.
  func crossings(of line: [Point]) -> [(share: Double, direction: CountedArea.Direction)] {
    zip(line, line.dropFirst()).compactMap { start, end in
      let (before, after) = ((end - start).cross(from - start), (end - start).cross(to - start))
      guard (before >= 0) != (after >= 0) else { return nil }
      let way = to - from
      guard (way.cross(start - from) >= 0) != (way.cross(end - from) >= 0) else { return nil }
      return (before / (before - after), after >= 0 ? .leftToRight : .rightToLeft)
    }
  }

  /// The step in pieces that lie inside or outside a zone, alternating, from share 0 to 1.
  func pieces(of zone: Zone) -> [(end: Double, isInside: Bool)] {
    guard zone.mayMeet(self) else { return [(1, false)] }
    var pieces: [(end: Double, isInside: Bool)] = []
    var start = 0.0
    for end in cuts(by: zone).sorted() + [1] where end - start > Step.leastPiece || (end == 1 && pieces.isEmpty) {
      let isInside = zone.contains(point(at: (start + end) / 2))
      if pieces.last?.isInside == isInside { pieces.removeLast() }
      pieces.append((end, isInside))
      start = end
    }
    pieces[pieces.count - 1].end = 1
    return pieces
  }

  /// Shares that are not told apart: rounding of two sides that meet in a corner.
  private static let leastPiece = 1e-12

  /// The shares at which the step meets sides of a zone; more than needed do no harm.
  private func cuts(by zone: Zone) -> [Double] {
    var shares: [Double] = []
    let way = to - from
    zone.forEachSide { start, end in
      let (before, after) = ((end - start).cross(from - start), (end - start).cross(to - start))
      guard (before >= 0) != (after >= 0), way.cross(start - from) * way.cross(end - from) <= 0 else { return }
      shares.append(before / (before - after))
    }
    return shares
  }
}
