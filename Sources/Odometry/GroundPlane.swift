import Foundation
public import Geometry

/// The ground as one plane n · x = d, in the frame of a camera (x right, y down, z forward).
public struct GroundPlane: Sendable, Equatable {
  /// Of length 1, away from the camera.
  public var normal: Vector3
  /// How far it is from the camera, above 0.
  public var distance: Double
  /// The standard deviation of the distance, as a share of it.
  public var deviation: Double
  /// The points that lie on it.
  public var supportCount: Int

  /// A point lies on the plane within twice its deviation and this share of the camera's height: ground is not quite flat (chosen, with the tests'
  /// made-up street in sight).
  private static let roughness = 0.01
  /// The camera's rows are level within 20°, and it looks up by no more than 10°: so walls at the sides and ceilings are no ground.
  private static let greatestRoll = 20.0 * .pi / 180
  private static let greatestRise = 10.0 * .pi / 180
  /// With one triple in a hundred on the ground (a fifth of the points), a run without one comes once in 10⁸.
  private static let samples = 2_000
  /// More points than these make the search longer and no better.
  private static let mostPoints = 1_000
  private static let leastSupport = 20
  /// A distance that is known worse is none.
  private static let greatestDeviation = 0.05
  private static let rounds = 5

  /// A point in the camera's frame, with the standard deviation of its distance as a share.
  struct Sight {
    var point: Vector3
    var deviation: Double

    /// By so much, as a share of the camera's height, a point of the ground may miss it: an error of a distance is one of the height, of the same share.
    fileprivate var tolerance: Double { 2 * deviation + roughness }
  }

  /// The plane below a camera that most points lie on, with few beneath it.
  ///
  /// With m = n / d it is m · x = 1, whose miss is the error of a point's distance as a share. By RANSAC with a fixed seed, then least squares over those
  /// that agree, chosen anew five times.
  ///
  /// - Returns: nil where fewer than 20 points agree, or where they do not tell the distance to 5 %.
  static func below(_ points: [Sight]) -> GroundPlane? {
    let step = max(1, points.count / mostPoints)
    let some = stride(from: 0, to: points.count, by: step).map { points[$0] }
    guard some.count >= leastSupport else { return nil }
    var random = SplitMix64(seed: 1)
    var best: (plane: Vector3, score: Double)?
    for _ in 0..<samples {
      let sample = (0..<3).map { _ in some[random.next(below: some.count)].point }
      guard let plane = exact(sample), isBelow(plane), case let score = score(plane, some), score > best?.score ?? 0 else {
        continue
      }
      best = (plane, score)
    }
    guard let best else { return nil }
    return refined(best.plane, points)
  }

  /// m of the plane through three points.
  private static func exact(_ points: [Vector3]) -> Vector3? {
    let normal = (points[1] - points[0]).cross(points[2] - points[0])
    let distance = normal.dot(points[0])
    guard abs(distance) > 1e-12, case let plane = normal / distance, plane.isFinite else { return nil }
    return plane
  }

  private static func isBelow(_ plane: Vector3) -> Bool {
    let normal = plane / plane.length
    return abs(normal.x) <= sin(greatestRoll) && normal.y >= -sin(greatestRise)
  }

  /// Points on the plane, the nearer the more, less those beneath it, for nothing is seen through the ground; exact ones count more.
  private static func score(_ plane: Vector3, _ sights: [Sight]) -> Double {
    sights.reduce(0) { sum, sight in
      let miss = (plane.dot(sight.point) - 1) / sight.tolerance
      let gain = miss > 1 ? -1 : max(0, 1 - miss * miss)
      return sum + gain / sight.tolerance
    }
  }

  private static func refined(_ start: Vector3, _ sights: [Sight]) -> GroundPlane? {
    var plane = start
    var variance = Double.infinity
    var count = 0
    for _ in 0..<rounds {
      let near = sights.filter { abs(plane.dot($0.point) - 1) <= $0.tolerance }
      guard near.count >= leastSupport else { return nil }
      var (matrix, sum) = (Matrix3.zero, Vector3.zero)
      for sight in near {
        let row = sight.point / sight.tolerance
        matrix = matrix + Matrix3(outer: row, row)
        sum += row / sight.tolerance
      }
      guard let factor = CholeskyFactor(matrix.rowMajor, size: 3, leastPivot: { 1e-12 * $0 }) else { return nil }
      let next = factor.solve([sum.x, sum.y, sum.z])
      plane = Vector3(next[0], next[1], next[2])
      guard plane.isFinite, plane.length > 0 else { return nil }
      let misses = near.map { (plane.dot($0.point) - 1) / $0.tolerance }
      let normal = plane / plane.length
      // The distance is 1 / |m|: its share changes as m does along the normal.
      let along = factor.solve([normal.x, normal.y, normal.z])
      variance =
        misses.reduce(0) { $0 + $1 * $1 } / Double(near.count - 3) * normal.dot(Vector3(along[0], along[1], along[2]))
        / plane.squaredLength
      count = near.count
    }
    guard isBelow(plane), case let deviation = variance.squareRoot(), deviation <= greatestDeviation else { return nil }
    return GroundPlane(normal: plane / plane.length, distance: 1 / plane.length, deviation: deviation, supportCount: count)
  }
}
