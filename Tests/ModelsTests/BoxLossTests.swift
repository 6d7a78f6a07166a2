import Foundation
import Geometry
import ModelFiles
import NetworkGraph
import NetworkKernels
import NetworkTraining
import TestSupport
import Testing

@testable import Models

/// The losses of boxes on maps of cells, in 64-bit floats, against what their papers say, done naively with matrices.
@Suite("Losses of boxes")
struct BoxLossTests {
  /// A cell's five numbers.
  private typealias Numbers = [Double]

  private static func numbers(_ box: OrientedBox) throws -> Numbers {
    let shape = try #require(LogCovariance(GaussianBox(box).covariance))
    return [box.center.x / 4, box.center.y / 4, shape.p, shape.q, shape.r]
  }

  /// Mean in pixels, and the covariance with variances sides² ∕ 4.
  private static func gaussian(_ numbers: Numbers) -> (mean: Point, covariance: SymmetricMatrix2) {
    let covariance = LogCovariance(p: numbers[2], q: numbers[3], r: numbers[4]).covariance
    return (Point(numbers[0] * 4, numbers[1] * 4), covariance * 3)
  }

  /// The root of a positive matrix, by its axes.
  private static func root(_ matrix: SymmetricMatrix2) -> [Double] {
    let (major, minor, angle) = matrix.eigen
    let root = SymmetricMatrix2(major: major.squareRoot(), minor: minor.squareRoot(), angle: angle)
    return [root.xx, root.xy, root.xy, root.yy]
  }

  private static func product(_ a: [Double], _ b: [Double]) -> [Double] {
    [a[0] * b[0] + a[1] * b[2], a[0] * b[1] + a[1] * b[3], a[2] * b[0] + a[3] * b[2], a[2] * b[1] + a[3] * b[3]]
  }

  /// |δ|² + tr(Σ₁ + Σ₂ − 2 (Σ₁^½ Σ₂ Σ₁^½)^½).
  private static func wasserstein(_ found: Numbers, _ target: Numbers) -> Double {
    let (a, b) = (gaussian(found), gaussian(target))
    let half = root(a.covariance)
    let inner = product(product(half, [b.covariance.xx, b.covariance.xy, b.covariance.xy, b.covariance.yy]), half)
    let mixed = root(SymmetricMatrix2(xx: inner[0], xy: (inner[1] + inner[2]) / 2, yy: inner[3]))
    let d = a.mean - b.mean
    return d.x * d.x + d.y * d.y + a.covariance.trace + b.covariance.trace - 2 * (mixed[0] + mixed[3])
  }

  /// ½ (δᵀ Σ₂⁻¹ δ + tr(Σ₂⁻¹ Σ₁) + ln(det Σ₂ ∕ det Σ₁)) − 1.
  private static func divergence(_ found: Numbers, _ target: Numbers) -> Double {
    let (a, b) = (gaussian(found), gaussian(target))
    let inverse = b.covariance.inverse ?? .identity
    let s = a.covariance
    let trace = inverse.xx * s.xx + 2 * inverse.xy * s.xy + inverse.yy * s.yy
    return 0.5 * (inverse.quadraticForm(a.mean - b.mean) + trace + log(b.covariance.determinant / s.determinant)) - 1
  }

  private static func expected(_ kind: BoxLoss, _ found: Numbers, _ target: Numbers) -> Double {
    switch kind {
    // PIoU is of objects, not of cells: `ObjectOverlapTests`.
    case .hellinger, .piou:
      let (a, b) = (gaussian(found), gaussian(target))
      let sum = a.covariance + b.covariance
      let form = (sum.inverse ?? .identity).quadraticForm(a.mean - b.mean)
      // Variances sides² ∕ 12 are a third.
      let distance =
        0.75 * form
        + 0.5 * log(sum.determinant / (4 * (a.covariance.determinant * b.covariance.determinant).squareRoot()))
      return log(1 + distance) + (1 + 1e-3 - exp(-distance)).squareRoot()
    case .gwd: return 1 - 1 / (1 + log(1 + wasserstein(found, target)))
    case .kld: return 1 - 1 / (1 + log(1 + divergence(found, target)))
    }
  }

  /// The loss of each cell of a row, and the slopes of their sum over what is found.
  private static func run(_ kind: BoxLoss, _ found: [Numbers], _ targets: [Numbers], _ type: ElementType = .float64) throws
    -> (values: [Double], slopes: [Numbers])
  {
    var builder = GraphBuilder(name: "test", type: type)
    func map(_ rows: [Numbers]) throws -> Tensor {
      let list = (0..<5).flatMap { channel in rows.map { $0[channel] } }
      let shape = [1, 5, 1, rows.count]
      return type == .float64 ? try Tensor(shape: shape, list) : try Tensor(shape: shape, list.map { Float($0) })
    }
    let shape: [Size] = [.fixed(1), .fixed(5), .fixed(1), .fixed(found.count)]
    let x = builder.input("found", shape: shape)
    let losses = builder.boxLoss(kind, x, builder.constant(try map(targets)))
    builder.output(losses, name: "losses")
    let gradients = try Differentiation.gradients(of: builder.sum(losses), over: [x], in: &builder)
    builder.output(try #require(gradients[0]), name: "gradient")
    let result = try Interpreter(builder.graph).run(["found": try map(found)])
    let slopes = try #require(result["gradient"]).elements.doubles
    return (
      try #require(result["losses"]).elements.doubles,
      found.indices.map { cell in (0..<5).map { slopes[$0 * found.count + cell] } }
    )
  }

  private static func pairs(seed: UInt64) throws -> (found: [Numbers], targets: [Numbers]) {
    var random = TestRandom(seed: seed)
    func box() -> OrientedBox {
      OrientedBox(
        center: Point(random.uniform(-8, 8), random.uniform(-8, 8)), width: random.uniform(4, 60), height: random.uniform(4, 60),
        angle: random.uniform(-2, 2))
    }
    return (try (0..<40).map { _ in try numbers(box()) }, try (0..<40).map { _ in try numbers(box()) })
  }

  @Test(arguments: BoxLoss.allCases) func valuesAreThePapers(_ kind: BoxLoss) throws {
    let (found, targets) = try Self.pairs(seed: 11)
    let result = try Self.run(kind, found, targets)
    for (place, value) in result.values.enumerated() {
      let wanted = Self.expected(kind, found[place], targets[place])
      // 1e-6 under the root of ρ changes thin boxes by about as much.
      #expect(abs(value - wanted) < 1e-5 * max(1, wanted), "\(found[place]) \(targets[place])")
    }
  }

  /// Against central differences of the naive twin; boxes of which the twin has no cancellation.
  @Test(arguments: BoxLoss.allCases) func slopesAreThoseOfTheTwin(_ kind: BoxLoss) throws {
    let (found, targets) = try Self.pairs(seed: 12)
    let result = try Self.run(kind, found, targets)
    let step = 1e-5
    for (place, slopes) in result.slopes.enumerated() {
      let differences = (0..<5).map { channel -> Double in
        var (above, below) = (found[place], found[place])
        above[channel] += step
        below[channel] -= step
        return (Self.expected(kind, above, targets[place]) - Self.expected(kind, below, targets[place])) / (2 * step)
      }
      let scale = max(1e-3, differences.map(abs).max() ?? 0)
      for (a, b) in zip(slopes, differences) { #expect(abs(a - b) < 1e-4 * scale, "\(slopes) \(differences)") }
    }
  }

  /// Equal boxes, squares, thin, tiny and far ones have finite losses and slopes, in the 32-bit floats of training too.
  @Test(arguments: BoxLoss.allCases, [ElementType.float32, .float64]) func nothingIsEndless(_ kind: BoxLoss, _ type: ElementType)
    throws
  {
    func box(_ x: Double, _ width: Double, _ height: Double, _ angle: Double = 0) throws -> Numbers {
      try Self.numbers(OrientedBox(center: Point(x, 3), width: width, height: height, angle: angle))
    }
    let targets = [
      try box(0, 20, 20), try box(0, 20, 20), try box(0, 40, 8, 1), try box(0, 20, 20), try box(0, 3, 3), try box(0, 4000, 4000),
      try box(0, 200, 2, 0.3), try box(0, 10, 20),
    ]
    let found = [
      try box(0, 20, 20), try box(0, 30, 30), try box(0, 40, 8, 1), try box(4000, 20, 20), try box(1000, 2000, 2000),
      try box(0, 4000, 4000), try box(0, 2, 200, 0.3), [1e4, -1e4, 12, 3, -3],
    ]
    let result = try Self.run(kind, found, targets, type)
    #expect(result.values.allSatisfy { $0.isFinite } && result.slopes.allSatisfy { $0.allSatisfy { $0.isFinite } })
    let equal = kind == .gwd || kind == .kld ? 0 : 1e-3.squareRoot()
    for place in [0, 2, 5] { #expect(abs(result.values[place] - equal) < 1e-3, "\(place): \(result.values[place])") }
    // Whatever is apart costs more than what is equal, and a box that is moved is drawn back.
    for place in [1, 3, 4, 6, 7] { #expect(result.values[place] > equal + 0.01) }
    #expect(result.slopes[3][0] > 0)
  }

  /// Only Wasserstein's distance tells a pair from the same one twice as large.
  @Test func onlyWassersteinsDistanceChangesWithScale() throws {
    let (found, targets) = try Self.pairs(seed: 13)
    func twice(_ rows: [Numbers]) -> [Numbers] { rows.map { [$0[0] * 2, $0[1] * 2, $0[2] + 2 * log(2), $0[3], $0[4]] } }
    for kind in BoxLoss.allCases {
      let (once, larger) = (try Self.run(kind, found, targets).values, try Self.run(kind, twice(found), twice(targets)).values)
      let isSame = zip(once, larger).allSatisfy { abs($0 - $1) < 1e-9 }
      #expect(isSame == (kind != .gwd))
    }
  }
}
