import Foundation
import ModelFiles
import NetworkKernels
import TestSupport
import Testing

@testable import NetworkTraining

@Suite("What cells and weights can be")
struct StatementTests {
  // MARK: A filter of first order

  /// yₜ = mix(yₜ₋₁, xₜ, 0.2), for even numbers in ±A with one long step that is held at A.
  private func record(amplitude: Double, seed: UInt64) -> (x: [Double], y: [Double]) {
    var random = TestRandom(seed: seed)
    let x = (0..<120).map { 60..<90 ~= $0 ? amplitude : amplitude * random.signed() }
    var y = 0.0
    return (
      x,
      x.map { value in
        y += (value - y) * 0.2
        return y
      }
    )
  }

  /// The states of a GRU of one unit with tanh: z, r and n of x and h with nine weights.
  private func states(_ x: [Double], _ weights: [Double]) -> [Double] {
    var h = 0.0
    let gate = { (x: Double, h: Double, place: Int) in weights[place] * x + weights[place + 1] * h + weights[place + 2] }
    return x.map { value in
      let (z, r) = (1 / (1 + exp(-gate(value, h, 0))), 1 / (1 + exp(-gate(value, h, 3))))
      let n = tanh(weights[6] * value + weights[7] * r * h + weights[8])
      h = n + (h - n) * z
      return h
    }
  }

  /// The state is a mix of numbers within ±1 whatever the weights, and the filter's output leaves ±1 where its input is held beyond it.
  @Test func noHyperbolicCellFollowsAFilterBeyondOne() {
    let (x, y) = record(amplitude: 2, seed: 1)
    let top = y.map(abs).max() ?? 0
    #expect(top > 1.9)
    var random = TestRandom(seed: 2)
    for size in [0.3, 1, 3, 10, 100] {
      for _ in 0..<200 {
        let h = states(x, (0..<9).map { _ in size * random.signed() })
        #expect(zip(h, y).map { abs($0 - $1) }.max() ?? 0 >= top - 1)
      }
    }
  }

  /// With an output gain G the cell's best copy of a held x is G tanh(x/G), which is off by x³/(3 G²) at least to the first order: never zero.
  @Test func aGainMakesTheErrorSmallButNotZero() {
    for (gain, expected) in [(1.0, 0.238406), (4, 0.020325), (16, 0.001299), (64, 8.135e-5)] {
      let error = stride(from: -1, through: 1, by: 0.001).map { abs(gain * tanh($0 / gain) - $0) }.max() ?? 0
      #expect(abs(error - expected) < 2e-6)
    }
  }

  /// The cell mix(h, x, σ(θ)) learns the filter from another start by Newton's method on the slope of its squared error.
  @Test func theMixingCellLearnsTheFilterExactly() throws {
    let (x, y) = record(amplitude: 2, seed: 3)
    var builder = GraphBuilder(name: "cell", type: .float64)
    let theta = builder.input("theta", shape: [])
    let gate = builder.one("Sigmoid", [theta])
    var (h, loss) = (builder.constant(0), builder.constant(0))
    for (value, target) in zip(x, y) {
      let given = builder.constant(Tensor(scalar: value))
      h = builder.mix(h, given, gate)
      let difference = builder.subtract(h, builder.constant(Tensor(scalar: target)))
      loss = builder.add(loss, builder.multiply(difference, difference))
    }
    builder.output(loss, name: "loss")
    let slope = try #require(try Differentiation.gradients(of: loss, over: [theta], in: &builder)[0])
    builder.output(slope, name: "slope")
    let network = try Interpreter(builder.graph)
    func value(_ name: String, at place: Double) throws -> Double {
      try #require(try network.run(["theta": Tensor(scalar: place)])[name]).elements.doubles[0]
    }
    var place = -0.5
    for _ in 0..<20 {
      let (here, step) = (try value("slope", at: place), 1e-4)
      let curvature = (try value("slope", at: place + step) - here) / step
      guard curvature != 0 else { break }
      // At most one unit of θ a step, since the error is no parabola far away.
      place -= max(-1, min(1, here / abs(curvature)))
    }
    #expect(abs(1 / (1 + exp(-place)) - 0.2) < 1e-7)
    let other = record(amplitude: 2, seed: 4)
    var state = 0.0
    let learned = 1 / (1 + exp(-place))
    var squares = 0.0
    for (value, target) in zip(other.x, other.y) {
      state += (value - state) * learned
      squares += (state - target) * (state - target)
    }
    #expect((squares / Double(other.x.count)).squareRoot() < 1e-6)
  }

  // MARK: Boolean functions

  /// y = clamp(x W + b) with W of −1 and 1.
  private func layer(_ inputs: [[Double]], _ weights: [[Double]], _ bias: [Double]) throws -> [[Double]] {
    let (from, to) = (weights.count, bias.count)
    let parameters = [
      "layer.weight": try Tensor(shape: [from, to], weights.flatMap { $0 }), "layer.bias": Tensor(list: bias),
    ]
    let x = try Tensor(shape: [inputs.count, from], inputs.flatMap { $0 })
    let found = try layerNumbers([x], parameters) { builder, x in
      builder.clamp(try builder.ternaryLinear(x[0], "layer", from: from, to: to))
    }
    return inputs.indices.map { Array(found[$0 * to..<($0 + 1) * to]) }
  }

  @Test func ternaryWeightsWithAClampAreLogic() throws {
    let pairs: [[Double]] = [[0, 0], [0, 1], [1, 0], [1, 1]]
    func near(_ found: [[Double]], _ expected: [Double]) { expectNear(found.map { $0[0] }, expected, within: 1e-7) }
    near(try layer(pairs, [[1], [1]], [-1]), [0, 0, 0, 1])
    near(try layer(pairs, [[1], [1]], [0]), [0, 1, 1, 1])
    near(try layer([[0], [1]], [[-1]], [1]), [1, 0])
    let hidden = try layer(pairs, [[1, -1], [-1, 1]], [0, 0])
    near(try layer(hidden, [[1], [1]], [0]), [0, 1, 1, 0])
  }

  /// The weights of a learned layer are rounded to −g, 0 and g; growing them towards that limit brings a soft unit to the bit that the ternary
  /// one gives: σ(s (x + y − 1.5)) tends to AND, and is off by e^{−s/2} at most on bits.
  @Test func logicIsTheLimitOfGrowingWeights() {
    for scale in [1.0, 4, 16, 64] {
      for (x, y) in [(0.0, 0.0), (0, 1), (1, 0), (1, 1)] {
        let (and, or) = (1 / (1 + exp(-scale * (x + y - 1.5))), 1 / (1 + exp(-scale * (x + y - 0.5))))
        #expect(abs(and - x * y) < exp(-scale / 2) && abs(or - max(x, y)) < exp(-scale / 2))
      }
    }
  }

  /// The multiplexer in bytes with 255 for one: a + round((b − a) μ/255) is a for μ = 0 and b for 255, so that trees of it are exact.
  @Test func everyFunctionOfThreeBitsIsATreeOfBytes() {
    func mix(_ a: Int, _ b: Int, _ mu: Int) -> Int { a + Int((Double((b - a) * mu) / 255).rounded()) }
    for function in 0..<256 {
      for word in 0..<8 {
        var level = (0..<8).map { 255 * (function >> $0 & 1) }
        for bit in 0..<3 {
          let mu = 255 * (word >> bit & 1)
          level = stride(from: 0, to: level.count, by: 2).map { mix(level[$0], level[$0 + 1], mu) }
        }
        #expect(level == [255 * (function >> word & 1)])
      }
    }
  }
}
