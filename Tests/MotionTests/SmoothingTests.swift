import Foundation
import Geometry
import TestSupport
import Testing

@testable import Motion

/// The way back through the filter.
@Suite struct SmoothingTests {
  struct Reference: Decodable {
    struct Step: Decodable {
      let z: [Double]
    }
    struct Smoothed: Decodable {
      let x: [Double]
      let P_diag: [Double]
    }
    let steps: [Step]
    let rts: [Smoothed]
  }

  @Test(.enabled(if: TestVectors.isAvailable, "../shared/reference is not here"))
  func agreesWithTheReferenceSmoother() throws {
    let reference = try TestVectors.section("kalman_cv_2d", as: Reference.self)
    let noise = SymmetricMatrix2(xx: 4, xy: 1, yy: 2)
    let step = MotionStep.piecewise(seconds: 1)
    var motion = PlanarMotion(position: .zero, noise: .identity * 100, velocityCovariance: .identity * 25)
    var (predicted, filtered): ([PlanarMotion], [PlanarMotion]) = ([], [])
    for z in reference.steps.map(\.z) {
      motion.predict(step, acceleration: .identity * 0.25)
      predicted.append(motion)
      motion.update(Point(z[0], z[1]), noise: noise)
      filtered.append(motion)
    }
    var smoothed = motion
    for index in filtered.indices.reversed() {
      if index + 1 < filtered.count {
        smoothed = filtered[index].smoothed(
          by: smoothed, predicted: predicted[index + 1], map: .identity, step: PlanarTransition(step))
      }
      expectClose(smoothed.state, reference.rts[index].x)
      expectClose(
        [
          smoothed.positionCovariance.xx, smoothed.positionCovariance.yy, smoothed.velocityCovariance.xx,
          smoothed.velocityCovariance.yy,
        ], reference.rts[index].P_diag)
    }
  }

  /// All states of a record at once, by least squares: (x, P) of the normal equations, each block of which is written down from the model
  /// x₀ ~ N(m, P₀), x' = F x + w, z = H x + v. Random steps in time, random maps of the camera and gaps without a measurement.
  @Test(arguments: [1, 2, 3, 4, 5, 6])
  func agreesWithLeastSquaresOverTheWholeRecord(seed: UInt64) {
    var generator = TestRandom(seed: seed)
    let count = 12
    var start = PlanarMotion(
      position: Point(3, -2), noise: randomCovariance(&generator), velocityCovariance: randomCovariance(&generator) * 4)
    start.crossCovariance = Matrix2(0.1, -0.05, 0.02, 0.1)
    let scalarStart = ScalarMotion(value: 1, variance: 0.5, rateVariance: 2)
    var (plane, line) = (BatchLeastSquares(size: 4, count: count), BatchLeastSquares(size: 2, count: count))
    plane.setPrior(mean: start.state, covariance: start.covariance)
    line.setPrior(mean: [1, 0], covariance: [[0.5, 0], [0, 2]])
    var states: [(predicted: PlanarMotion, filtered: PlanarMotion, map: Matrix2, step: MotionStep)] = []
    var scalars: [(predicted: ScalarMotion, filtered: ScalarMotion, step: MotionStep)] = []
    var (motion, scalar) = (start, scalarStart)
    for index in 0..<count {
      let step = MotionStep.fading(seconds: generator.uniform(0.02, 0.6), timeConstant: 2)
      let map = Matrix2(
        1 + 0.1 * generator.signed(), 0.1 * generator.signed(), 0.1 * generator.signed(), 1 + 0.1 * generator.signed())
      if index > 0 {
        let acceleration = randomCovariance(&generator)
        plane.connect(
          index, transition: PlanarMotion.transition(map, step), noise: PlanarMotion.noise(acceleration, step))
        motion.transform(map, position: map * motion.position)
        motion.predict(step, acceleration: acceleration)
        line.connect(
          index, transition: [[1, step.reach], [0, step.persistence]],
          noise: [[step.positionNoise * 3, step.crossNoise * 3], [step.crossNoise * 3, step.velocityNoise * 3]])
        scalar.predict(step, acceleration: 3)
      }
      let (predicted, expected) = (motion, scalar)
      if index % 5 != 3 {
        let z = Point(generator.normal() * 5, generator.normal() * 5)
        let noise = randomCovariance(&generator)
        motion.update(z, noise: noise)
        plane.measure(index, [z.x, z.y], noise: [[noise.xx, noise.xy], [noise.xy, noise.yy]])
        scalar.update(z.x, variance: noise.xx)
        line.measure(index, [z.x], noise: [[noise.xx]])
      }
      states.append((predicted, motion, map, step))
      scalars.append((expected, scalar, step))
    }
    let (whole, wholeLine) = (plane.solved(), line.solved())
    var (smoothed, flat) = (motion, scalar)
    for index in (0..<count).reversed() {
      if index + 1 < count {
        let next = states[index + 1]
        smoothed = states[index].filtered.smoothed(
          by: smoothed, predicted: next.predicted, map: next.map, step: PlanarTransition(next.step))
        flat = scalars[index].filtered.smoothed(by: flat, predicted: scalars[index + 1].predicted, step: scalars[index + 1].step)
      }
      expectClose(smoothed.state, whole.mean(index), within: 1e-8)
      expectClose(smoothed.covariance.flatMap { $0 }, whole.covariance(index).flatMap { $0 }, within: 1e-8)
      expectClose([flat.value, flat.rate], wholeLine.mean(index), within: 1e-8)
      expectClose(
        [flat.variance, flat.crossVariance, flat.crossVariance, flat.rateVariance],
        wholeLine.covariance(index).flatMap { $0 }, within: 1e-8)
    }
  }

  /// What is left of a covariance after a way back never loses its definiteness, nor grows beyond that of the filter.
  @Test func theWayBackOverALongRecordStaysSound() {
    var generator = TestRandom(seed: 9)
    let noise = BoxProcessNoise(center: .identity * 400, size: 1.7, form: 1.4)
    var motion = BoxMotion(
      center: PlanarMotion(position: .zero, noise: .identity, velocityCovariance: .identity * 1e4),
      size: ScalarMotion(value: 3, variance: 2e-4, rateVariance: 2),
      form: PlanarMotion(position: Point(0.5, 0.2), noise: .identity * 2e-4, velocityCovariance: .identity))
    var moments: [(predicted: BoxMotion, filtered: BoxMotion, step: MotionStep)] = []
    for index in 0..<20_000 {
      let step = MotionStep.fading(seconds: [0.04, 1e-4, 0.5][index % 3], timeConstant: 6)
      motion.predict(step, noise: noise)
      let predicted = motion
      if generator.unit() < 0.7 {
        motion.update(
          BoxMeasurement(
            center: Point(generator.normal(), generator.normal()), shape: LogCovariance(p: 3, q: generator.normal() * 0.01, r: 0.1),
            centerNoise: .identity * 0.1, sizeNoise: 2e-4, shapeNoise: .identity * 2e-4))
      }
      moments.append((predicted, motion, step))
    }
    var smoothed = motion
    for index in moments.indices.dropLast().reversed() {
      let filtered = moments[index].filtered
      smoothed = filtered.smoothed(
        by: smoothed, predicted: moments[index + 1].predicted, transition: BoxTransition(step: moments[index + 1].step))
      #expect(smoothed.isSound)
      #expect(smoothed.center.positionCovariance.trace <= filtered.center.positionCovariance.trace * (1 + 1e-9))
      #expect(smoothed.size.variance <= filtered.size.variance * (1 + 1e-9))
    }
  }

  private func randomCovariance(_ generator: inout TestRandom) -> SymmetricMatrix2 {
    SymmetricMatrix2(major: generator.uniform(1, 3), minor: generator.uniform(0.2, 1), angle: generator.uniform(0, 3))
  }
}

extension PlanarMotion {
  fileprivate var covariance: [[Double]] {
    let (p, c, v) = (positionCovariance, crossCovariance, velocityCovariance)
    return [
      [p.xx, p.xy, c.a, c.b], [p.xy, p.yy, c.c, c.d], [c.a, c.c, v.xx, v.xy], [c.b, c.d, v.xy, v.yy],
    ]
  }

  fileprivate static func transition(_ m: Matrix2, _ step: MotionStep) -> [[Double]] {
    let (a, b) = (step.reach, step.persistence)
    return [[m.a, m.b, a * m.a, a * m.b], [m.c, m.d, a * m.c, a * m.d], [0, 0, b * m.a, b * m.b], [0, 0, b * m.c, b * m.d]]
  }

  fileprivate static func noise(_ q: SymmetricMatrix2, _ step: MotionStep) -> [[Double]] {
    let (p, c, v) = (step.positionNoise, step.crossNoise, step.velocityNoise)
    return [
      [p * q.xx, p * q.xy, c * q.xx, c * q.xy], [p * q.xy, p * q.yy, c * q.xy, c * q.yy],
      [c * q.xx, c * q.xy, v * q.xx, v * q.xy], [c * q.xy, c * q.yy, v * q.xy, v * q.yy],
    ]
  }
}

/// The states of a linear Gaussian record by its normal equations, written down block by block and solved by elimination.
private struct BatchLeastSquares {
  let size: Int
  let count: Int
  private var information: [[Double]]
  private var vector: [Double]

  init(size: Int, count: Int) {
    self.size = size
    self.count = count
    information = Array(repeating: Array(repeating: 0, count: size * count), count: size * count)
    vector = Array(repeating: 0, count: size * count)
  }

  mutating func setPrior(mean: [Double], covariance: [[Double]]) {
    add(rows: identity(size).enumerated().map { ($0, $1) }.map { [(0, $0.1)] }, target: mean, noise: covariance)
  }

  mutating func connect(_ index: Int, transition: [[Double]], noise: [[Double]]) {
    let rows = (0..<size).map { i in [(index - 1, transition[i].map { -$0 }), (index, identity(size)[i])] }
    add(rows: rows, target: Array(repeating: 0, count: size), noise: noise)
  }

  mutating func measure(_ index: Int, _ z: [Double], noise: [[Double]]) {
    add(rows: z.indices.map { [(index, identity(size)[$0])] }, target: z, noise: noise)
  }

  /// Adds |A x − t|² weighted by the inverse of the noise.
  private mutating func add(rows: [[(Int, [Double])]], target: [Double], noise: [[Double]]) {
    let weights = inverse(noise)
    let dense = rows.map { blocks in
      var row = Array(repeating: 0.0, count: size * count)
      for (index, values) in blocks { for (k, value) in values.enumerated() { row[index * size + k] = value } }
      return row
    }
    for i in dense.indices {
      for j in dense.indices {
        for a in dense[i].indices where dense[i][a] != 0 {
          vector[a] += dense[i][a] * weights[i][j] * target[j]
          for b in dense[j].indices where dense[j][b] != 0 { information[a][b] += dense[i][a] * weights[i][j] * dense[j][b] }
        }
      }
    }
  }

  struct Solution {
    let size: Int
    let covariances: [[Double]]
    let means: [Double]
    func mean(_ index: Int) -> [Double] { Array(means[index * size..<(index + 1) * size]) }
    func covariance(_ index: Int) -> [[Double]] {
      (0..<size).map { i in (0..<size).map { covariances[index * size + i][index * size + $0] } }
    }
  }

  func solved() -> Solution {
    let covariances = inverse(information)
    return Solution(size: size, covariances: covariances, means: covariances.map { row in zip(row, vector).map(*).reduce(0, +) })
  }

  private func identity(_ size: Int) -> [[Double]] { (0..<size).map { i in (0..<size).map { $0 == i ? 1 : 0 } } }

  /// Gauss and Jordan with the largest pivot.
  private func inverse(_ matrix: [[Double]]) -> [[Double]] {
    let n = matrix.count
    var m = zip(matrix, identity(n)).map { $0 + $1 }
    for column in 0..<n {
      let pivot = (column..<n).max { abs(m[$0][column]) < abs(m[$1][column]) } ?? column
      m.swapAt(column, pivot)
      let scale = m[column][column]
      m[column] = m[column].map { $0 / scale }
      for row in 0..<n where row != column && m[row][column] != 0 {
        let factor = m[row][column]
        for k in 0..<2 * n { m[row][k] -= factor * m[column][k] }
      }
    }
    return m.map { Array($0[n...]) }
  }
}
