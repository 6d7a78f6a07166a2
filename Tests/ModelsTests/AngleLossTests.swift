import Foundation
import Geometry
import ModelFiles
import NetworkGraph
import NetworkKernels
import NetworkTraining
import TestSupport
import Testing

@testable import Models

@Suite("The angle near squares")
struct AngleLossTests {
  private typealias Shape = (q: Double, r: Double)

  /// The loss of each cell of a row, and its slopes over q and r of what is found.
  private static func run(_ found: [Shape], _ targets: [Shape], type: ElementType = .float64) throws
    -> (values: [Double], slopes: [Shape])
  {
    var builder = GraphBuilder(name: "test", type: type)
    func map(_ cells: [Shape]) throws -> Tensor {
      let rest = [Double](repeating: 0.5, count: 3 * cells.count)
      let list = rest + cells.map(\.q) + cells.map(\.r)
      let shape = [1, 5, 1, cells.count]
      return type == .float64 ? try Tensor(shape: shape, list) : try Tensor(shape: shape, list.map { Float($0) })
    }
    let x = builder.input("found", shape: [.fixed(1), .fixed(5), .fixed(1), .fixed(found.count)])
    let losses = builder.angleLoss(x, builder.constant(try map(targets)))
    builder.output(losses, name: "losses")
    let gradients = try Differentiation.gradients(of: builder.sum(losses), over: [x], in: &builder)
    builder.output(try #require(gradients[0]), name: "gradient")
    let result = try Interpreter(builder.graph).run(["found": try map(found)])
    let slopes = try #require(result["gradient"]).elements.doubles
    #expect(slopes[..<(3 * found.count)].allSatisfy { $0 == 0 })
    return (
      try #require(result["losses"]).elements.doubles,
      found.indices.map { (slopes[3 * found.count + $0], slopes[4 * found.count + $0]) }
    )
  }

  /// By angles and ratios: |u|² + |t|² − 2 |u| |t| cos 2φ, halved, with lengths ρ ∕ √(ρ² + δ²).
  private static func expected(_ found: Shape, _ target: Shape) -> Double {
    let (a, b) = (hypot(found.q, found.r), hypot(target.q, target.r))
    let (u, t) = (a / (a * a + 0.01).squareRoot(), b / (b * b + 0.01).squareRoot())
    let turn = atan2(found.r, found.q) - atan2(target.r, target.q)
    return (u * u + t * t - 2 * u * t * cos(turn)) / 2 / (cosh(b) * cosh(b))
  }

  private static func shapes(_ count: Int, seed: UInt64) -> [Shape] {
    var random = TestRandom(seed: seed)
    return (0..<count).map { _ in
      let (rho, angle) = (random.uniform(0.01, 2), random.uniform(-4, 4))
      return (rho * cos(angle), rho * sin(angle))
    }
  }

  @Test func valuesAndSlopesAreThoseOfTheTwin() throws {
    let (found, targets) = (Self.shapes(60, seed: 41), Self.shapes(60, seed: 42))
    let result = try Self.run(found, targets)
    let step = 1e-6
    for place in found.indices {
      let (shape, target) = (found[place], targets[place])
      #expect(abs(result.values[place] - Self.expected(shape, target)) < 1e-12)
      let q = Self.expected((shape.q + step, shape.r), target) - Self.expected((shape.q - step, shape.r), target)
      let r = Self.expected((shape.q, shape.r + step), target) - Self.expected((shape.q, shape.r - step), target)
      #expect(abs(result.slopes[place].q - q / (2 * step)) < 1e-6 && abs(result.slopes[place].r - r / (2 * step)) < 1e-6)
    }
  }

  /// Of a box with sides 12 and 10, turned by 0.3 rad, Gaussians hardly know; of one with sides 40 and 10 they do.
  @Test func tellsWhatGaussiansDoNot() throws {
    func shape(_ width: Double, _ height: Double, _ angle: Double) throws -> (Shape, GaussianBox) {
      let box = GaussianBox(OrientedBox(center: Point(0, 0), width: width, height: height, angle: angle))
      let logarithm = try #require(LogCovariance(box.covariance))
      return ((logarithm.q, logarithm.r), box)
    }
    for (width, gaussian, angle) in [(12.0, 0.0...0.005, 0.10...0.2), (40, 0.1...1.0, 0.0...0.05)] {
      let (truth, turned) = (try shape(width, 10, 0.2), try shape(width, 10, 0.5))
      #expect(gaussian.contains(truth.1.bhattacharyyaDistance(to: turned.1)))
      #expect(angle.contains(try Self.run([turned.0], [truth.0]).values[0]))
    }
  }

  /// Squares have a finite loss and slope in the 32-bit floats of training, and ask for no angle.
  @Test func squaresAreFinite() throws {
    let found: [Shape] = [(0, 0), (0, 0), (0.3, 0), (0, 0.3), (4, -3)]
    let targets: [Shape] = [(0, 0), (1, 1), (0, 0), (0, 0), (-4, 3)]
    let result = try Self.run(found, targets, type: .float32)
    #expect(result.values.allSatisfy { $0.isFinite } && result.slopes.allSatisfy { $0.q.isFinite && $0.r.isFinite })
    #expect(result.values[0] == 0 && result.slopes[0] == (0, 0))
    #expect(abs(result.values[2] - result.values[3]) < 1e-6 && abs(result.slopes[2].r) < 1e-6 && abs(result.slopes[3].q) < 1e-6)
  }
}
