internal import Foundation
internal import NetworkGraph
internal import NetworkKernels

/// Normalizations and the softmax family along one axis, by our own kernels.
extension PlanBuilder {
  /// How numbers along an axis lie: `outer` groups of `size` × `inner`.
  private struct Axis {
    let outer: Int
    let size: Int
    let inner: Int

    init(_ shape: [Int], _ axis: Int) {
      outer = shape[..<axis].reduce(1, *)
      size = shape[axis]
      inner = shape[(axis + 1)...].reduce(1, *)
    }
  }

  /// z − max z − ln Σ exp(z − max z) along the axis.
  func addLogSoftmax(_ node: Node) throws -> Bool {
    guard node.version >= 13, let input = node.inputs[0], let shape = shape(of: input), !shape.isEmpty, let output = node.outputs[0]
    else { return false }
    let call = call(node)
    let axis = Axis(shape, try call.axis(try call.int("axis", default: -1), rank: shape.count))
    return try addNative("log softmax", [try plainView(of: input, type: .float32)], [(output, shape)]) { sources, targets in
      var (tops, sums) = ([Float](repeating: 0, count: axis.inner), [Float](repeating: 0, count: axis.inner))
      for outer in 0..<axis.outer {
        // Within the tensor's outer · size · inner numbers.
        let (from, to) = (sources[0] + outer * axis.size * axis.inner, targets[0] + outer * axis.size * axis.inner)
        for inner in 0..<axis.inner { (tops[inner], sums[inner]) = (from[inner], 0) }
        for row in 1..<max(1, axis.size) {
          for inner in 0..<axis.inner { tops[inner] = max(tops[inner], from[row * axis.inner + inner]) }
        }
        for row in 0..<axis.size {
          for inner in 0..<axis.inner { sums[inner] += exp(from[row * axis.inner + inner] - tops[inner]) }
        }
        for inner in 0..<axis.inner { tops[inner] += log(sums[inner]) }
        for row in 0..<axis.size {
          for inner in 0..<axis.inner { to[row * axis.inner + inner] = from[row * axis.inner + inner] - tops[inner] }
        }
      }
    }
  }

  /// y (dy − Σ dy y), or dy − exp(y) Σ dy.
  func addSoftmaxGradient(_ node: Node) throws -> Bool {
    guard let slope = node.inputs[0], let result = node.inputs[1], isBufferable(result), let shape = shape(of: slope),
      self.shape(of: result) == shape, !shape.isEmpty, let output = node.outputs[0]
    else { return false }
    let call = call(node)
    let axis = Axis(shape, try call.axis(try call.int("axis", default: -1), rank: shape.count))
    let isLogarithm = node.operation == "LogSoftmaxGradient"
    let sources = [try plainView(of: slope, type: .float32), try plainView(of: result, type: .float32)]
    return try addNative("softmax gradient", sources, [(output, shape)]) { sources, targets in
      var sums = [Float](repeating: 0, count: axis.inner)
      for outer in 0..<axis.outer {
        // Within the tensors' outer · size · inner numbers.
        let start = outer * axis.size * axis.inner
        let (dy, y, dx) = (sources[0] + start, sources[1] + start, targets[0] + start)
        for inner in 0..<axis.inner { sums[inner] = 0 }
        for row in 0..<axis.size {
          for inner in 0..<axis.inner {
            let place = row * axis.inner + inner
            sums[inner] += isLogarithm ? dy[place] : dy[place] * y[place]
          }
        }
        for row in 0..<axis.size {
          for inner in 0..<axis.inner {
            let place = row * axis.inner + inner
            dx[place] = isLogarithm ? dy[place] - exp(y[place]) * sums[inner] : y[place] * (dy[place] - sums[inner])
          }
        }
      }
    }
  }

  func addLayerNormalization(_ node: Node) throws -> Bool {
    guard let rows = try layerRows(node, input: 0, scale: 1), let output = node.outputs[0],
      !node.outputs.dropFirst().contains(where: { $0 != nil })
    else { return false }
    let shift = node.inputs.count > 2 ? node.inputs[2] : nil
    guard shift == nil || isBufferable(shift) && shift.flatMap({ shape(of: $0) }) == [rows.size] else { return false }
    var sources = [try plainView(of: rows.input, type: .float32), try plainView(of: rows.scale, type: .float32)]
    if let shift { sources.append(try plainView(of: shift, type: .float32)) }
    return try addNative("layer norm", sources, [(output, rows.shape)]) { sources, targets in
      for row in 0..<rows.count {
        // Within the tensor's count · size numbers.
        let (from, to) = (sources[0] + row * rows.size, targets[0] + row * rows.size)
        let (mean, inverse) = rows.statistics(from)
        for place in 0..<rows.size {
          to[place] = (from[place] - mean) * inverse * sources[1][place] + (shift == nil ? 0 : sources[2][place])
        }
      }
    }
  }

  func addLayerGradient(_ node: Node) throws -> Bool {
    guard let rows = try layerRows(node, input: 1, scale: 2), let slope = node.inputs[0], shape(of: slope) == rows.shape else {
      return false
    }
    let sources = [
      try plainView(of: slope, type: .float32), try plainView(of: rows.input, type: .float32),
      try plainView(of: rows.scale, type: .float32),
    ]
    let outputs = zip(node.outputs, [rows.shape, [rows.size], [rows.size]]).map { (value: $0, shape: $1) }
    guard outputs.count == 3 else { return false }
    return try addNative("layer norm gradient", sources, outputs) { sources, targets in
      targets[1].update(repeating: 0, count: rows.size)
      targets[2].update(repeating: 0, count: rows.size)
      for row in 0..<rows.count {
        rows.addGradient(
          sources[0] + row * rows.size, sources[1] + row * rows.size, sources[2], targets[0] + row * rows.size, targets[1],
          targets[2])
      }
    }
  }

  private func layerRows(_ node: Node, input: Int, scale: Int) throws -> LayerRows? {
    guard let value = node.inputs[input], isBufferable(value), let factor = node.inputs[scale], isBufferable(factor),
      let shape = shape(of: value), let size = shape.last, self.shape(of: factor) == [size]
    else { return nil }
    let call = call(node)
    guard try call.axis(try call.int("axis", default: -1), rank: shape.count) == shape.count - 1 else { return nil }
    return LayerRows(
      input: value, scale: factor, shape: shape, count: shape.dropLast().reduce(1, *), size: size,
      epsilon: Float(try call.float("epsilon", default: 1e-5)))
  }
}

/// Rows of numbers that are each brought to mean zero and deviation one.
private struct LayerRows {
  let input: Int
  let scale: Int
  let shape: [Int]
  let count: Int
  let size: Int
  let epsilon: Float

  /// The mean, and one over the deviation, of `size` numbers.
  func statistics(_ row: UnsafePointer<Float>) -> (mean: Float, inverse: Float) {
    let mean = Sums.run(row, size) / Float(size)
    var square: Float = 0
    for place in 0..<size { square += (row[place] - mean) * (row[place] - mean) }
    return (mean, 1 / (square / Float(size) + epsilon).squareRoot())
  }

  /// One row's gradient, and what it adds to those of scale and shift; all have `size` numbers.
  func addGradient(
    _ dy: UnsafePointer<Float>, _ x: UnsafePointer<Float>, _ scale: UnsafePointer<Float>, _ dx: UnsafeMutablePointer<Float>,
    _ scaleSlope: UnsafeMutablePointer<Float>, _ shiftSlope: UnsafeMutablePointer<Float>
  ) {
    let (mean, inverse) = statistics(x)
    var (sum, product): (Float, Float) = (0, 0)
    for place in 0..<size {
      let standard = (x[place] - mean) * inverse
      scaleSlope[place] += dy[place] * standard
      shiftSlope[place] += dy[place]
      let scaled = dy[place] * scale[place]
      sum += scaled
      product += scaled * standard
      dx[place] = scaled
    }
    let (centre, slope) = (sum / Float(size), product / Float(size))
    for place in 0..<size { dx[place] = (dx[place] - centre - (x[place] - mean) * inverse * slope) * inverse }
  }
}
