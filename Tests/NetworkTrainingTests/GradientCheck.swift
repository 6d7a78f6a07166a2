import ModelFiles
import NetworkGraph
import NetworkKernels
import TestSupport
import Testing

@testable import NetworkTraining

/// Compares the gradients that a differentiated graph computes with central differences, both in 64-bit floats by the plain kernels.
struct GradientCheck {
  var random: TestRandom

  init(seed: UInt64) { random = TestRandom(seed: seed) }

  /// Numbers in a range, none nearer than `gap` to a multiple of `kink`, where a function may have no slope.
  mutating func tensor(_ shape: [Int], _ range: ClosedRange<Double> = -1...1, kink: Double = 0.5, gap: Double = 0.02) throws
    -> Tensor
  {
    let numbers = (0..<shape.reduce(1, *)).map { _ in
      while true {
        let number = random.uniform(range.lowerBound, range.upperBound)
        if abs(number - (number / kink).rounded() * kink) > gap { return number }
      }
    }
    return try Tensor(shape: shape, numbers)
  }

  /// The largest difference between a gradient and its central difference, relative to the largest gradient of the input.
  ///
  /// - Parameter make: Adds the layer at hand, whose result is summed with random weights.
  mutating func error(
    of inputs: [Tensor], _ make: (inout GraphBuilder, [Int]) throws -> Int
  ) throws -> Double {
    var builder = GraphBuilder(name: "check", type: .float64)
    let values = inputs.enumerated().map { place, tensor in
      builder.input("x\(place)", shape: tensor.shape.map { .fixed($0) }, type: tensor.type)
    }
    let result = try make(&builder, values)
    let shape = try self.shape(of: result, builder, inputs)
    let weights = builder.constant(try tensor(shape))
    let loss = builder.sum(builder.multiply(result, weights))
    builder.output(loss, name: "loss")
    let plain = try Interpreter(builder.graph)
    let gradients = try Differentiation.gradients(of: loss, over: values, in: &builder)
    for (place, gradient) in gradients.enumerated() { if let gradient { builder.output(gradient, name: "g\(place)") } }
    let found = try Interpreter(builder.graph).run(named(inputs))
    var worst = 0.0
    for place in inputs.indices where inputs[place].type == .float64 {
      guard let gradient = found["g\(place)"] else { continue }
      #expect(gradient.shape == inputs[place].shape)
      let differences = try differences(plain, inputs, place)
      let scale = max(1e-6, differences.map(abs).max() ?? 0)
      for (a, b) in zip(gradient.elements.doubles, differences) { worst = max(worst, abs(a - b) / scale) }
    }
    return worst
  }

  private func named(_ inputs: [Tensor]) -> [String: Tensor] {
    Dictionary(uniqueKeysWithValues: inputs.enumerated().map { ("x\($0.offset)", $0.element) })
  }

  private func shape(of value: Int, _ builder: GraphBuilder, _ inputs: [Tensor]) throws -> [Int] {
    var copy = builder
    copy.output(value, name: "result")
    return try #require(try Interpreter(copy.graph).run(named(inputs))["result"]).shape
  }

  private func differences(_ network: Interpreter, _ inputs: [Tensor], _ place: Int) throws -> [Double] {
    // The step that balances rounding (1e-16/h) and curvature (h²) in 64-bit floats.
    let step = 1e-5
    func loss(_ values: [Double]) throws -> Double {
      var moved = inputs
      moved[place] = try Tensor(shape: inputs[place].shape, values)
      return try #require(try network.run(named(moved))["loss"]).elements.doubles[0]
    }
    let values = inputs[place].elements.doubles
    return try values.indices.map { index in
      var (above, below) = (values, values)
      above[index] += step
      below[index] -= step
      return (try loss(above) - loss(below)) / (2 * step)
    }
  }
}
