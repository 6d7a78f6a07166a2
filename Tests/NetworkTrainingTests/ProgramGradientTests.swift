import ModelFiles
import NetworkGraph
import NetworkKernels
import NetworkPrograms
import NetworkTestSupport
import TestSupport
import Testing

@testable import NetworkTraining

/// Gradients by oneDNN and our own kernels in 32-bit floats against the plain kernels.
@Suite("Compiled gradients agree with the plain kernels")
struct ProgramGradientTests {
  /// The errors allowed are what is left of 32-bit floats, or of bfloat16, after some hundred products in a few layers.
  ///
  /// - Parameter plain: Operations that may run by their plain kernels.
  private func compare(
    _ shape: [Int], plain: Set<String> = ["Cast"], type: ProgramType = .f32, sourceLocation: SourceLocation = #_sourceLocation,
    _ make: (inout NetworkBuilder, Int) throws -> Int
  ) throws {
    var random = TestRandom(seed: 41)
    func tensor(_ shape: [Int]) throws -> Tensor {
      try Tensor(shape: shape, (0..<shape.reduce(1, *)).map { _ in Float(random.signed()) })
    }
    let x = try tensor(shape)
    var result: [Int] = []
    let network = try TrainingNetwork(seed: 2) { builder in
      let value = builder.graph.input("x", shape: shape.map { .fixed($0) })
      let made = try make(&builder, try builder.parameter("start", shape, .constant(0)).added(to: value, &builder))
      var copy = builder.graph
      copy.output(made, name: "y")
      let inputs = Dictionary(uniqueKeysWithValues: builder.parameters.map { ($0.name, $0.start) })
      result = try #require(try Interpreter(copy.graph).run(inputs.merging(["x": x]) { first, _ in first })["y"]).shape
      let weights = builder.graph.constant(try tensor(result))
      return builder.graph.mean(builder.graph.multiply(made, weights))
    }
    var inputs = ["x": x]
    for parameter in network.parameters {
      let noise = try tensor(parameter.start.shape).elements.floats
      inputs[parameter.name] = try Tensor(
        shape: parameter.start.shape, zip(parameter.start.elements.floats, noise).map { $0 + 0.2 * $1 })
    }
    let expected = try Interpreter(network.graph).run(inputs)
    let program = try Program(network.graph, type: type)
    let tolerance = program.type == .bf16 ? 3e-2 : 1e-4
    // The second run is in the arena.
    for _ in 0..<2 {
      let found = try program.run(inputs)
      // The loss is a sum of terms of both signs: they cancel, their rounding to bfloat16 does not.
      for (name, tensor) in expected where program.type == .f32 || name != TrainingNetwork.lossName {
        let error = Distance.relative(try #require(found[name]), tensor)
        #expect(error < tolerance, "\(name)", sourceLocation: sourceLocation)
      }
    }
    let lines = try #require(try program.report(for: inputs)).lines
    let slow = Set(lines.filter { $0.kernel == "plain" }.map(\.node.operation)).subtracting(plain)
    #expect(slow.isEmpty, sourceLocation: sourceLocation)
    if program.type == .bf16 { #expect(lines.contains { $0.kernel.contains("bf16") }, sourceLocation: sourceLocation) }
  }

  @Test func convolutions() throws {
    for (from, to, kernel, stride, dilation, groups) in [
      (3, 16, 3, 1, 1, 1), (16, 32, 3, 2, 1, 1), (16, 16, 3, 1, 2, 1), (16, 16, 3, 1, 1, 16), (8, 12, 5, 2, 1, 4),
      (16, 32, 1, 1, 1, 1),
    ] {
      try compare([2, from, 13, 11]) { builder, x in
        try builder.convolution(x, "a", from: from, to: to, kernel: kernel, stride: stride, dilation: dilation, groups: groups)
      }
    }
    try compare([2, 16, 5, 6]) { try $0.enlargement($1, "a", from: 16, to: 8) }
  }

  @Test func aConvolutionalNetwork() throws {
    try compare([2, 3, 16, 16]) { builder, x in
      let first = try builder.batchNorm(try builder.convolution(x, "a", from: 3, to: 16, hasBias: false), "an", channels: 16)
      let beside = builder.relu(first)
      let small = builder.relu(try builder.convolution(builder.maximumPool(beside), "b", from: 16, to: 32))
      let large = try builder.enlargement(small, "c", from: 32, to: 16)
      let joined = builder.graph.concat([beside, large], axis: 1)
      let deep = builder.silu(try builder.convolution(joined, "d", from: 32, to: 16))
      return try builder.linear(builder.globalMean(deep), "e", from: 16, to: 5)
    }
  }

  /// A processor without bfloat16 computes them in 32-bit floats.
  @Test func layersInBfloat16() throws {
    for (from, to, kernel, stride, groups) in [
      (3, 16, 3, 1, 1), (16, 32, 3, 2, 1), (16, 16, 3, 1, 16), (16, 32, 1, 1, 1), (32, 12, 1, 1, 1),
    ] {
      try compare([2, from, 13, 11], type: .bf16) { builder, x in
        try builder.convolution(x, "a", from: from, to: to, kernel: kernel, stride: stride, groups: groups)
      }
    }
    try compare([2, 16, 6, 6], type: .bf16) { builder, x in
      let large = try builder.enlargement(x, "a", from: 16, to: 16)
      let beside = try builder.enlargement(x, "b", from: 16, to: 16)
      return builder.maximumPool(
        builder.relu(try builder.convolution(builder.graph.concat([beside, large], axis: 1), "c", from: 32, to: 16)))
    }
    try compare([2, 16, 12, 12], type: .bf16) { builder, x in
      let first = builder.relu(try builder.convolution(x, "a", from: 16, to: 32, hasBias: false))
      return try builder.batchNorm(first, "b", channels: 32)
    }
    try compare([2, 9, 16], type: .bf16) { try $0.attention($1, "a", tokens: 9, width: 16, heads: 4) }
  }

  @Test func tokensAndRows() throws {
    try compare([2, 9, 16]) { try $0.transformerBlock($1, "a", tokens: 9, width: 16, heads: 4) }
    try compare([2, 9, 16]) { try $0.mixerBlock($1, "a", tokens: 9, width: 16, tokenWidth: 8, channelWidth: 20) }
    try compare([3, 4, 8], plain: ["Cast", "Shape"]) { try $0.gru($1, "a", steps: 4, from: 8, width: 8).last ?? 0 }
    try compare([5, 6], plain: ["Cast"]) { try $0.edges($1, "a", from: 6, to: 4, basis: .chebyshev(degree: 3)) }
    try compare([2, 1, 8, 8]) { try $0.patchEmbedding($1, "a", channels: 1, side: 8, patch: 4, width: 6) }
  }

  @Test func logarithms() throws {
    try compare([3, 7]) { builder, x in
      let positive = builder.graph.add(builder.graph.one("Exp", [x]), number: 0.1)
      return builder.graph.one("Log", [positive])
    }
  }

  @Test func lossesOfClassesAndPixels() throws {
    for shape in [[6, 5], [2, 5, 4, 3]] {
      try compare(shape) { builder, x in
        let targets = builder.graph.constant(
          try Tensor(shape: shape, (0..<shape.reduce(1, *)).map { Float($0 % 3) / 3 }))
        return builder.graph.crossEntropy(x, targets, classes: 5, smoothing: 0.1, temperature: 2)
      }
    }
  }
}

extension Int {
  /// The sum of this value and another one.
  fileprivate func added(to other: Int, _ builder: inout NetworkBuilder) -> Int { builder.graph.add(other, self) }
}
