import Foundation
import Geometry

/// Counts by other formulas than the module's: crossings by Cramer's rule for the two lines' parameters, insides by the sum of the angles under
/// which a polygon is seen, everything at once over whole paths.
struct NaiveCount {
  typealias Path = [(time: Double, x: Double, y: Double)]

  /// The parameters (along the step, along the side) at which two lines meet; nil for parallel ones.
  static func meeting(
    _ p: (Double, Double), _ q: (Double, Double), _ a: (Double, Double), _ b: (Double, Double)
  ) -> (step: Double, side: Double)? {
    let (dx, dy, ex, ey) = (q.0 - p.0, q.1 - p.1, b.0 - a.0, b.1 - a.1)
    let determinant = dy * ex - dx * ey
    guard determinant != 0 else { return nil }
    let (fx, fy) = (a.0 - p.0, a.1 - p.1)
    return ((fy * ex - fx * ey) / determinant, (dx * fy - dy * fx) / determinant)
  }

  /// Crossings from left to right and from right to left of the line from a to b.
  static func crossings(_ path: Path, _ a: (Double, Double), _ b: (Double, Double)) -> [Int] {
    var counts = [0, 0]
    for (p, q) in zip(path, path.dropFirst()) {
      guard let meeting = meeting((p.x, p.y), (q.x, q.y), a, b), (0..<1).contains(meeting.step), (0..<1).contains(meeting.side)
      else { continue }
      // The normal that points to the right of who walks from a to b, y down: the direction turned clockwise on the screen.
      let normal = (-(b.1 - a.1), b.0 - a.0)
      counts[(q.x - p.x) * normal.0 + (q.y - p.y) * normal.1 > 0 ? 0 : 1] += 1
    }
    return counts
  }

  static func isInside(_ x: Double, _ y: Double, _ ring: [(Double, Double)]) -> Bool {
    var sum = 0.0
    for index in ring.indices {
      let (a, b) = (ring[index], ring[(index + 1) % ring.count])
      let (u, v) = ((a.0 - x, a.1 - y), (b.0 - x, b.1 - y))
      sum += atan2(u.0 * v.1 - u.1 * v.0, u.0 * v.0 + u.1 * v.1)
    }
    return abs(sum) > .pi
  }

  /// Entries, exits, seconds and pixels inside one ring.
  static func stay(_ path: Path, _ ring: [(Double, Double)]) -> (entries: Int, exits: Int, dwell: Double, length: Double, was: Bool)
  {
    var result = (entries: 0, exits: 0, dwell: 0.0, length: 0.0, was: false)
    guard let first = path.first else { return result }
    var inside = isInside(first.x, first.y, ring)
    result.was = inside
    for (p, q) in zip(path, path.dropFirst()) {
      var shares = ring.indices.compactMap { index -> Double? in
        let meeting = meeting((p.x, p.y), (q.x, q.y), ring[index], ring[(index + 1) % ring.count])
        return meeting.flatMap { (0..<1).contains($0.step) && (0..<1).contains($0.side) ? $0.step : nil }
      }.sorted()
      shares.append(1)
      var start = 0.0
      for (index, share) in shares.enumerated() {
        if inside {
          result.dwell += (share - start) * (q.time - p.time)
          result.length += (share - start) * hypot(q.x - p.x, q.y - p.y)
        }
        start = share
        guard index < shares.count - 1 else { continue }
        inside.toggle()
        if inside { result.entries += 1 } else { result.exits += 1 }
        result.was = true
      }
    }
    return result
  }
}

/// Whole tracks for a counter and for the twin.
struct PathSet {
  var paths: [(id: Int, className: String?, path: NaiveCount.Path)] = []

  /// The end points of a line and the corners of a zone as points.
  static func points(_ pairs: [(Double, Double)]) -> [Point] { pairs.map { Point($0.0, $0.1) } }
}
