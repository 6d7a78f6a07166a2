import Foundation
import Geometry

/// A smooth curve on the ground through given points.
public struct GroundPath: Codable, Hashable, Sendable {
  /// At least one; one point is a place to stand.
  public var waypoints: [GroundPoint]
  /// Whether the last point joins the first again.
  public var isClosed: Bool

  /// A path through points, in metres.
  public init(_ waypoints: [GroundPoint], isClosed: Bool = false) {
    self.waypoints = waypoints
    self.isClosed = isClosed
  }

  /// The curve that runs `offset` metres beside this one, to the right of its direction (towards y when it runs along x).
  public func moved(right offset: Double, spacing: Double = 3) -> GroundPath {
    let sampled = SampledPath(self)
    guard sampled.length > 0 else { return self }
    let count = Int(bounded: (sampled.length / spacing).rounded(), in: 2...10_000_000)
    let last = isClosed ? count - 1 : count
    return GroundPath(
      (0...last).map { i in
        let place = sampled.place(at: sampled.length * Double(i) / Double(count))
        return GroundPoint(
          place.position + offset * SIMD2(-sin(place.heading), cos(place.heading)))
      }, isClosed: isClosed)
  }

  /// The same curve in the other direction.
  public var reversed: GroundPath { GroundPath(waypoints.reversed(), isClosed: isClosed) }

  /// The curve's length in metres.
  public var length: Double { SampledPath(self).length }
}

/// A `GroundPath` by its arc length: centripetal Catmull–Rom pieces (no loops or cusps; Yuksel et al., "Parameterization and
/// applications of Catmull–Rom curves", 2011), sampled densely enough that straight chords and turning tangents are exact to a millimetre.
struct SampledPath: Sendable {
  private var positions: [SIMD2<Double>] = []
  private var headings: [Double] = []
  private var distances: [Double] = []
  private let isClosed: Bool

  var length: Double { distances.last ?? 0 }

  init(_ path: GroundPath) {
    isClosed = path.isClosed && path.waypoints.count > 2
    let points = path.waypoints.map(\.vector)
    guard points.count > 1 else {
      positions = points.isEmpty ? [.zero] : points
      headings = [0]
      distances = [0]
      return
    }
    let pieces = isClosed ? points.count : points.count - 1
    for piece in 0..<pieces {
      append(SampledPath.controls(of: points, piece: piece, isClosed: isClosed), isLast: piece == pieces - 1)
    }
    measure()
  }

  /// The four points that shape a piece; at an open end the neighbour is mirrored.
  private static func controls(of points: [SIMD2<Double>], piece: Int, isClosed: Bool) -> [SIMD2<Double>] {
    let n = points.count
    if isClosed { return (-1...2).map { points[(piece + $0 + n) % n] } }
    let (a, b) = (points[piece], points[piece + 1])
    return [piece > 0 ? points[piece - 1] : 2 * a - b, a, b, piece + 2 < n ? points[piece + 2] : 2 * b - a]
  }

  private mutating func append(_ p: [SIMD2<Double>], isLast: Bool) {
    func step(_ a: SIMD2<Double>, _ b: SIMD2<Double>) -> Double { max(1e-6, (b - a).length.squareRoot()) }
    let (d1, d2, d3) = (step(p[0], p[1]), step(p[1], p[2]), step(p[2], p[3]))
    // Bessel's tangents of the non-uniform spline at the piece's ends, for the piece's own parameter in [0, 1].
    let startSlope = ((p[1] - p[0]) / d1 - (p[2] - p[0]) / (d1 + d2) + (p[2] - p[1]) / d2) * d2
    let endSlope = ((p[2] - p[1]) / d2 - (p[3] - p[1]) / (d2 + d3) + (p[3] - p[2]) / d3) * d2
    let count = Int(bounded: (p[2] - p[1]).length / 0.2, in: 8...512)
    for i in 0..<(isLast ? count + 1 : count) {
      let u = Double(i) / Double(count)
      let (u2, u3) = (u * u, u * u * u)
      let start = (2 * u3 - 3 * u2 + 1) * p[1] + (u3 - 2 * u2 + u) * startSlope
      positions.append(start + (3 * u2 - 2 * u3) * p[2] + (u3 - u2) * endSlope)
      let slope = (6 * u2 - 6 * u) * (p[1] - p[2]) + (3 * u2 - 4 * u + 1) * startSlope + (3 * u2 - 2 * u) * endSlope
      headings.append(atan2(slope.y, slope.x))
    }
  }

  private mutating func measure() {
    distances = [0]
    for i in 1..<positions.count {
      distances.append(distances[i - 1] + (positions[i] - positions[i - 1]).length)
      // Unwrapped, so that the heading can be interpolated.
      let turn = headings[i] - headings[i - 1]
      headings[i] -= (turn / (2 * .pi)).rounded() * 2 * .pi
    }
  }

  /// Position and heading after a distance along the curve; straight on beyond an open end, round again on a closed one.
  func place(at distance: Double) -> (position: SIMD2<Double>, heading: Double) {
    guard length > 0 else { return (positions[0], 0) }
    if !isClosed, distance <= 0 || distance >= length {
      let end = distance <= 0 ? 0 : positions.count - 1
      let rest = distance - distances[end]
      return (positions[end] + rest * SIMD2(cos(headings[end]), sin(headings[end])), headings[end])
    }
    let s = isClosed ? distance - (distance / length).rounded(.down) * length : distance
    let i = segment(at: s)
    let span = distances[i + 1] - distances[i]
    let u = span > 0 ? (s - distances[i]) / span : 0
    return (
      positions[i] + u * (positions[i + 1] - positions[i]), headings[i] + u * (headings[i + 1] - headings[i])
    )
  }

  /// The last sample at or before a distance, by bisection.
  private func segment(at distance: Double) -> Int {
    var (low, high) = (0, distances.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if distances[middle] <= distance { low = middle } else { high = middle }
    }
    return low
  }
}
