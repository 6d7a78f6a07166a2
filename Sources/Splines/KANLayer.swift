/// A layer of a Kolmogorov–Arnold network: each output is a bias and a sum of edges, each of one input.
///
/// y_i = b_i + Σ_j φ_ij(x_j). Edges that were pruned are not listed.
public struct KANLayer: Sendable, Hashable, Codable {
  /// An edge with the numbers of its ends.
  public struct Link: Sendable, Hashable, Codable {
    /// The number of the input that it reads, from 0.
    public var input: Int
    /// The number of the output that it adds to, from 0.
    public var output: Int
    /// The curve between them.
    public var edge: Edge

    /// An edge between two numbers, each from 0.
    public init(input: Int, output: Int, edge: Edge) {
      self.input = input
      self.output = output
      self.edge = edge
    }
  }

  /// The number of inputs.
  public let inputs: Int
  /// The number of outputs.
  public let outputs: Int
  /// In the order of the parameters.
  public private(set) var links: [Link]
  /// One number an output.
  public private(set) var biases: [Double]

  /// The caller gives links between inputs and outputs that exist, and a bias for each output.
  public init(inputs: Int, outputs: Int, links: [Link], biases: [Double]? = nil) {
    precondition(
      links.allSatisfy { (0..<inputs).contains($0.input) && (0..<outputs).contains($0.output) },
      "an edge joins an input and an output")
    precondition(biases == nil || biases?.count == outputs, "each output has a bias")
    self.inputs = inputs
    self.outputs = outputs
    self.links = links
    self.biases = biases ?? [Double](repeating: 0, count: outputs)
  }

  /// Reads a layer from a file.
  ///
  /// - Throws: `SplineError` for links between numbers that do not exist, another number of biases than of outputs, or a number
  ///   that is not finite.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    inputs = try container.decode(Int.self, forKey: .inputs)
    outputs = try container.decode(Int.self, forKey: .outputs)
    links = try container.decode([Link].self, forKey: .links)
    biases = try container.decode([Double].self, forKey: .biases)
    let sizes = 0..<max(inputs, 0)
    guard links.allSatisfy({ sizes.contains($0.input) && $0.output >= 0 && $0.output < outputs }), biases.count == outputs else {
      throw SplineError.coefficientCount(found: biases.count, expected: outputs)
    }
  }

  /// The outputs for the inputs `x`, one number an input.
  public func evaluate(_ x: [Double]) -> [Double] {
    var y = biases
    for link in links { y[link.output] += link.edge.evaluate(x[link.input]).value }
    return y
  }

  /// ∂y/∂x, outputs × inputs.
  public func jacobian(_ x: [Double]) -> Matrix {
    var result = Matrix(rows: outputs, columns: inputs)
    for link in links { result[link.output, link.input] += link.edge.evaluate(x[link.input]).slope }
    return result
  }

  /// The number of `parameters`.
  public var parameterCount: Int { links.reduce(outputs) { $0 + $1.edge.parameterCount } }

  /// The biases, then each edge's parameters.
  public var parameters: [Double] {
    get { biases + links.flatMap(\.edge.parameters) }
    set {
      precondition(newValue.count == parameterCount, "a layer keeps its number of parameters")
      biases = Array(newValue.prefix(outputs))
      var start = outputs
      for index in links.indices {
        let count = links[index].edge.parameterCount
        links[index].edge.set(newValue[start..<start + count])
        start += count
      }
    }
  }

  /// Σ_i adjoint_i ∂y_i/∂θ for all parameters, and Σ_i adjoint_i ∂y_i/∂x.
  public func pullBack(_ adjoint: [Double], at x: [Double]) -> (parameters: [Double], inputs: [Double]) {
    var parameters = adjoint
    var inputs = [Double](repeating: 0, count: inputs)
    for link in links {
      let weight = adjoint[link.output]
      parameters += link.edge.gradient(at: x[link.input]).map { weight * $0 }
      inputs[link.input] += weight * link.edge.evaluate(x[link.input]).slope
    }
    return (parameters, inputs)
  }

  /// Ranges that hold every output where each input lies in its range, by adding the edges' intervals.
  public func bounds(on ranges: [ClosedRange<Double>]) -> [ClosedRange<Double>] {
    var result = biases.map { $0...$0 }
    for link in links {
      let part = link.edge.bounds(on: ranges[link.input])
      let sum = result[link.output]
      result[link.output] = sum.lowerBound + part.lowerBound...sum.upperBound + part.upperBound
    }
    return result
  }

  /// Each edge's root mean square over samples of the inputs: its group norm.
  public func groupNorms(over samples: [[Double]]) -> [Double] {
    links.map { link in
      let sum = samples.reduce(0.0) { sum, sample in
        let value = link.edge.evaluate(sample[link.input]).value
        return sum + value * value
      }
      return samples.isEmpty ? 0 : (sum / Double(samples.count)).squareRoot()
    }
  }

  /// The layer without the edges whose group norm is below a fraction of the largest.
  ///
  /// A removed edge leaves its mean over the samples in its output's bias.
  public func pruned(over samples: [[Double]], below fraction: Double) -> KANLayer {
    let norms = groupNorms(over: samples)
    let limit = fraction * (norms.max() ?? 0)
    var result = self
    result.links = []
    for (link, norm) in zip(links, norms) {
      if norm >= limit {
        result.links.append(link)
      } else {
        let sum = samples.reduce(0.0) { $0 + link.edge.evaluate($1[link.input]).value }
        result.biases[link.output] += sum / Double(max(samples.count, 1))
      }
    }
    return result
  }
}
