/// Layers one after the other.
public struct KANChain: Sendable, Hashable, Codable {
  /// From the input to the output; the outputs of one are the inputs of the next.
  public private(set) var layers: [KANLayer]

  /// The caller gives layers whose sizes agree.
  public init(_ layers: [KANLayer]) {
    precondition(
      zip(layers, layers.dropFirst()).allSatisfy { $0.outputs == $1.inputs }, "each layer takes what the one before gives")
    self.layers = layers
  }

  /// Reads a chain from a file.
  ///
  /// - Throws: `SplineError.coefficientCount` where the sizes of neighbours do not agree, and what its layers throw.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    layers = try container.decode([KANLayer].self, forKey: .layers)
    for (first, second) in zip(layers, layers.dropFirst()) where first.outputs != second.inputs {
      throw SplineError.coefficientCount(found: second.inputs, expected: first.outputs)
    }
  }

  /// The outputs for the inputs `x`, one number an input of the first layer.
  public func evaluate(_ x: [Double]) -> [Double] { layers.reduce(x) { $1.evaluate($0) } }

  /// ∂y/∂x by the chain rule.
  public func jacobian(_ x: [Double]) -> Matrix {
    var point = x
    var result = Matrix.identity(x.count)
    for layer in layers {
      result = layer.jacobian(point) * result
      point = layer.evaluate(point)
    }
    return result
  }

  /// The layers' parameters one after the other.
  public var parameters: [Double] {
    get { layers.flatMap(\.parameters) }
    set {
      var start = 0
      for index in layers.indices {
        let count = layers[index].parameterCount
        layers[index].parameters = Array(newValue[start..<start + count])
        start += count
      }
    }
  }

  /// Σ_i adjoint_i ∂y_i/∂θ for the parameters of all layers.
  public func parameterGradient(_ adjoint: [Double], at x: [Double]) -> [Double] {
    var points = [x]
    for layer in layers.dropLast() { points.append(layer.evaluate(points[points.count - 1])) }
    var adjoint = adjoint
    var parts: [[Double]] = []
    for (layer, point) in zip(layers, points).reversed() {
      let back = layer.pullBack(adjoint, at: point)
      parts.append(back.parameters)
      adjoint = back.inputs
    }
    return parts.reversed().flatMap { $0 }
  }

  /// Ranges that hold every output where each input lies in its range.
  public func bounds(on ranges: [ClosedRange<Double>]) -> [ClosedRange<Double>] { layers.reduce(ranges) { $1.bounds(on: $0) } }
}
