public import ModelFiles
public import NetworkGraph
public import NetworkPrograms

/// A way to store or compute a network in fewer bits, layer by layer.
public struct Conversion: Sendable {
  /// The network as it is: the layers are nodes of it.
  public let exact: Graph
  /// The nodes that can be converted.
  public let layers: [Int]
  private let convert: @Sendable (Set<Int>) throws -> Graph

  /// - Parameter convert: The network with these of the layers converted.
  public init(_ exact: Graph, layers: [Int], _ convert: @escaping @Sendable (Set<Int>) throws -> Graph) {
    (self.exact, self.layers, self.convert) = (exact, layers, convert)
  }

  /// The network with some of the layers converted.
  ///
  /// - Throws: `NetworkError.unsupported` for an operator set that cannot tell it.
  public func graph(_ chosen: Set<Int>) throws -> Graph { try convert(chosen) }

  /// Weights and values on bytes, by the ranges of sample data.
  public static func bytes(_ graph: Graph, samples: [[String: Tensor]], rule: RangeRule, threads: Int) throws -> Conversion {
    let plan = QuantizationPlan(graph)
    let groups = plan.groups(for: Set(plan.layers))
    let ranges = try Calibration(graph, groups: groups, samples: samples, threads: threads).ranges
    let grids = ranges.compactMapValues { $0.grid(rule) }
    let layers = plan.layers.filter { graph.nodes[$0].inputs[0].map { grids[$0] != nil } ?? false }
    return Conversion(graph, layers: layers) { try Quantizer(plan, grids: grids).graph($0) }
  }

  /// The errors of the outputs by group when some layers are converted, the others being exact.
  ///
  /// - Parameters:
  ///   - expected: The exact network's outputs for each sample.
  ///   - type: What the converted network is run in.
  public func errors(
    _ chosen: Set<Int>, groups: [ChannelGroup], samples: [[String: Tensor]], expected: [[String: Tensor]], threads: Int,
    type: ProgramType
  ) throws -> [Double] {
    let program = try Program(graph(chosen), threads: threads, type: type)
    var errors = [RelativeError](repeating: RelativeError(), count: groups.count)
    for (sample, exact) in zip(samples, expected) {
      let results = try program.run(sample)
      for (place, group) in groups.enumerated() {
        guard let found = results[group.output], let right = exact[group.output] else { continue }
        errors[place].add(group.numbers(found), exact: group.numbers(right))
      }
    }
    return errors.map(\.value)
  }
}
