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
  /// The support is parted into so many blocks from side to side and along: what ground is uneven by, and poses are off by, is common to neighbours.
  private static let blockSides = 2, blockRows = 4
  /// The 97.5 % quantile of Student's distribution with a degree of freedom less than there are blocks, over that of the normal one.
  private static let studentShare = 2.365 / 1.96

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
    var near: [Sight] = []
    for _ in 0..<rounds {
      near = sights.filter { abs(plane.dot($0.point) - 1) <= $0.tolerance }
      guard near.count >= leastSupport, let next = Equations(near).plane else { return nil }
      plane = next
    }
    guard isBelow(plane), let deviation = deviation(plane, near), deviation <= greatestDeviation else { return nil }
    return GroundPlane(normal: plane / plane.length, distance: 1 / plane.length, deviation: deviation, supportCount: near.count)
  }

  /// The normal equations of m · x = 1.
  private struct Equations {
    var matrix = Matrix3.zero
    var sum = Vector3.zero

    init(_ sights: [Sight]) {
      for sight in sights {
        let row = sight.point / sight.tolerance
        matrix = matrix + Matrix3(outer: row, row)
        sum += row / sight.tolerance
      }
    }

    func solved(_ right: Vector3) -> Vector3? {
      CholeskyFactor(matrix.rowMajor, size: 3, leastPivot: { 1e-12 * $0 }).map { factor in
        let x = factor.solve([right.x, right.y, right.z])
        return Vector3(x[0], x[1], x[2])
      }
    }

    var plane: Vector3? { solved(sum).flatMap { $0.isFinite && $0.length > 0 ? $0 : nil } }

    static func - (a: Equations, b: Equations) -> Equations {
      var difference = a
      (difference.matrix, difference.sum) = (a.matrix - b.matrix, a.sum - b.sum)
      return difference
    }
  }

  /// The standard deviation of the distance as a share, by the jackknife over blocks of the ground, each left out in turn (J. Shao and D. Tu, "The
  /// jackknife and bootstrap", 1995): 1.96 of it are the 95 % interval, although there are few blocks.
  private static func deviation(_ plane: Vector3, _ near: [Sight]) -> Double? {
    let normal = plane / plane.length
    let side = Vector3(1, 0, 0) - normal * normal.x
    let along = normal.cross(side)
    func parts(_ sights: [Sight], _ count: Int, _ axis: Vector3) -> [[Sight]] {
      let sorted = sights.sorted { axis.dot($0.point) < axis.dot($1.point) }
      return (0..<count).map { Array(sorted[sorted.count * $0 / count..<sorted.count * ($0 + 1) / count]) }
    }
    let blocks = parts(near, blockSides, side).flatMap { parts($0, blockRows, along) }
    let all = Equations(near)
    let distances = blocks.compactMap { (all - Equations($0)).plane.map { -Foundation.log($0.length) } }
    guard distances.count == blocks.count else { return nil }
    let count = Double(blocks.count)
    let mean = distances.reduce(0, +) / count
    let squares = distances.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return ((count - 1) / count * squares).squareRoot() * studentShare
  }

  /// How the distance, as a share, changes with the place of each point: 0 for those that do not lie on the plane.
  func gradients(_ sights: [Sight]) -> [Vector3] {
    let plane = normal / distance
    let isNear = sights.map { abs(plane.dot($0.point) - 1) <= $0.tolerance }
    let near = zip(sights, isNear).filter { $0.1 }.map { $0.0 }
    guard let turned = Equations(near).solved(normal) else { return sights.map { _ in .zero } }
    return zip(sights, isNear).map { sight, isNear in
      // d m = A⁻¹ Σ w (dx (1 − m·x) − x (m·dx)), and the distance is 1 / |m|.
      let weight = isNear ? distance / (sight.tolerance * sight.tolerance) : 0
      return (plane * turned.dot(sight.point) - turned * (1 - plane.dot(sight.point))) * weight
    }
  }
}
