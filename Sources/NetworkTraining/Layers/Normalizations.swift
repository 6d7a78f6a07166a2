internal import NetworkGraph
internal import NetworkKernels

/// Layers that bring numbers to mean zero and deviation one, or to one size.
extension NetworkBuilder {
  /// Batch normalization with running statistics (Ioffe and Szegedy 2015): y = g (x − mean)/√(variance + ε) + b for each channel.
  ///
  /// - Parameters:
  ///   - x: [batch, channels, …].
  ///   - momentum: How much of the running statistics stays in each step.
  public mutating func batchNorm(_ x: Int, _ name: String, channels: Int, momentum: Double = 0.9, epsilon: Float = 1e-5) throws
    -> Int
  {
    try scoped(name) { builder in
      let scale = try builder.parameter("scale", [channels], .constant(1), isDecayed: false)
      let shift = try builder.parameter("shift", [channels], .constant(0), isDecayed: false)
      guard builder.isTraining else {
        let mean = try builder.statistic("mean", [channels], batch: nil, start: 0, momentum: momentum)
        let variance = try builder.statistic("variance", [channels], batch: nil, start: 1, momentum: momentum)
        return builder.graph.one("BatchNormalization", [x, scale, shift, mean, variance], ["epsilon": .float(epsilon)])
      }
      let outputs = builder.graph.add(
        "BatchNormalization", [x, scale, shift], ["epsilon": .float(epsilon)], domain: Kernels.ownDomain, count: 3)
      _ = try builder.statistic("mean", [channels], batch: outputs[1], start: 0, momentum: momentum)
      _ = try builder.statistic("variance", [channels], batch: outputs[2], start: 1, momentum: momentum)
      return builder.marked(outputs[0])
    }
  }

  /// Layer normalization over the last axis (Ba, Kiros and Hinton 2016).
  public mutating func layerNorm(_ x: Int, _ name: String, size: Int, epsilon: Float = 1e-5) throws -> Int {
    try scoped(name) { builder in
      let scale = try builder.parameter("scale", [size], .constant(1), isDecayed: false)
      let shift = try builder.parameter("shift", [size], .constant(0), isDecayed: false)
      let attributes: [String: Attribute] = ["axis": .integer(-1), "epsilon": .float(epsilon)]
      return builder.marked(builder.graph.one("LayerNormalization", [x, scale, shift], attributes))
    }
  }

  /// y = g x/√(mean x² + ε) over the last axis (Zhang and Sennrich 2019, equation 4).
  public mutating func rmsNorm(_ x: Int, _ name: String, size: Int, epsilon: Double = 1e-6) throws -> Int {
    try scoped(name) { builder in
      let scale = try builder.parameter("scale", [size], .constant(1), isDecayed: false)
      let square = builder.graph.multiply(x, x)
      let mean = builder.graph.add(builder.graph.mean(square, axes: [-1]), number: epsilon)
      let standard = builder.graph.divide(x, builder.graph.one("Sqrt", [mean]))
      return builder.marked(builder.graph.multiply(standard, scale))
    }
  }
}
