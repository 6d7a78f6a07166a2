internal import Foundation
internal import ModelFiles
internal import NetworkGraph

/// Products with learned weights: linear layers and convolutions.
extension NetworkBuilder {
  /// y = x W + b on the last axis; the axes before it are kept.
  ///
  /// - Parameters:
  ///   - x: [batch, from], or [batch, tokens, from] with `tokens`.
  ///   - gain: 2 before a rectifier, else 1: the variance of the result over that of x (He et al. 2015, equation 10).
  public mutating func linear(
    _ x: Int, _ name: String, from: Int, to: Int, tokens: Int? = nil, hasBias: Bool = true, gain: Double = 1
  ) throws -> Int {
    try scoped(name) { builder in
      let weight = try builder.parameter("weight", [from, to], .normal(deviation: (gain / Double(from)).squareRoot()))
      let bias = hasBias ? try builder.parameter("bias", [to], .constant(0), isDecayed: false) : nil
      let rows = tokens == nil ? x : builder.graph.reshape(x, [-1, from])
      let product = builder.graph.one("Gemm", [rows, weight] + (bias.map { [$0] } ?? []))
      return builder.marked(tokens.map { builder.graph.reshape(product, [-1, $0, to]) } ?? product)
    }
  }

  /// A convolution over two spatial axes; the result is as large as x divided by the stride, rounded up, for odd kernels.
  ///
  /// - Parameters:
  ///   - x: [batch, from, height, width].
  ///   - gain: As for `linear`.
  ///   - start: The weights [to, from/groups, kernel, kernel] to begin with; seeded ones otherwise.
  public mutating func convolution(
    _ x: Int, _ name: String, from: Int, to: Int, kernel: Int = 3, stride: Int = 1, dilation: Int = 1, groups: Int = 1,
    hasBias: Bool = true, gain: Double = 2, start: [Double]? = nil
  ) throws -> Int {
    guard groups > 0, from % groups == 0, to % groups == 0, kernel > 0 else {
      throw TrainingError("The convolution '\(name)' of \(from) to \(to) channels cannot have \(groups) groups.")
    }
    return try scoped(name) { builder in
      let terms = Double(from / groups * kernel * kernel)
      let shape = [to, from / groups, kernel, kernel]
      let first = start.map { Start.values($0) } ?? .normal(deviation: (gain / terms).squareRoot())
      let weight = try builder.parameter("weight", shape, first)
      let bias = hasBias ? try builder.parameter("bias", [to], .constant(0), isDecayed: false) : nil
      let pad = dilation * (kernel - 1) / 2
      let attributes: [String: Attribute] = [
        "kernel_shape": .integers([Int64(kernel), Int64(kernel)]), "strides": .integers([Int64(stride), Int64(stride)]),
        "dilations": .integers([Int64(dilation), Int64(dilation)]), "group": .integer(Int64(groups)),
        "pads": .integers([Int64](repeating: Int64(pad), count: 4)),
      ]
      return builder.marked(builder.graph.one("Conv", [x, weight] + (bias.map { [$0] } ?? []), attributes))
    }
  }

  /// A transposed convolution whose result is `stride` times as large as x: kernel and stride are the same, so that no products overlap.
  public mutating func enlargement(_ x: Int, _ name: String, from: Int, to: Int, stride: Int = 2) throws -> Int {
    try scoped(name) { builder in
      let weight = try builder.parameter("weight", [from, to, stride, stride], .normal(deviation: (1 / Double(from)).squareRoot()))
      let bias = try builder.parameter("bias", [to], .constant(0), isDecayed: false)
      let steps = Attribute.integers([Int64(stride), Int64(stride)])
      return builder.marked(builder.graph.one("ConvTranspose", [x, weight, bias], ["strides": steps, "kernel_shape": steps]))
    }
  }

  /// The greatest of each window of `size` × `size` without overlap.
  public mutating func maximumPool(_ x: Int, size: Int = 2) -> Int {
    let steps = Attribute.integers([Int64(size), Int64(size)])
    return graph.one("MaxPool", [x], ["kernel_shape": steps, "strides": steps])
  }

  /// The mean of each channel: [batch, channels].
  public mutating func globalMean(_ x: Int) -> Int {
    let mean = graph.one("GlobalAveragePool", [x])
    return graph.reshape(mean, [0, -1])
  }

  /// Zeroes each number with probability `ratio` in training and divides the others by 1 − ratio (Srivastava et al. 2014).
  public mutating func dropout(_ x: Int, _ name: String, ratio: Float) -> Int {
    guard isTraining, ratio > 0 else { return x }
    return scoped(name) { builder in
      let state = builder.layerState()
      return builder.graph.own("Dropout", [x, state], ["ratio": .float(ratio)])
    }
  }
}
