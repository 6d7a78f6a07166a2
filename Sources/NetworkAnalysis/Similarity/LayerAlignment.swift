public import ModelFiles
public import NetworkGraph
internal import NetworkPrograms

/// How alike the layers of two networks see the same samples.
public struct LayerAlignment: Sendable {
  /// The layers of the first and of the second network, by the names of their nodes.
  public let rows: [String], columns: [String]
  /// Centred kernel alignment, a row for each layer of the first network; nil where it is not defined.
  public let table: [[Double?]]

  /// Samples below which the unbiased alignment is not defined.
  public static let leastSamples = 4

  /// - Parameters:
  ///   - samples: Inputs of the first network and the same of the second.
  /// - Throws: `NetworkError.input` for fewer than four samples, for samples that are all the same, or ones that do not fit.
  public init(_ first: Graph, _ second: Graph, samples: [(first: [String: Tensor], second: [String: Tensor])], threads: Int) throws
  {
    guard samples.count >= LayerAlignment.leastSamples else {
      let found = samples.count == 1 ? "There is 1 sample" : "There are \(samples.count) samples"
      throw NetworkError(.input, "\(found); layers are compared on at least \(LayerAlignment.leastSamples).")
    }
    guard samples.contains(where: { $0.first != samples[0].first || $0.second != samples[0].second }) else {
      throw NetworkError(.input, "The samples are all the same; layers are compared by how they tell different ones apart.")
    }
    let left = try WatchedLayers(first, samples: samples.map(\.first), threads: threads)
    let right = try WatchedLayers(second, samples: samples.map(\.second), threads: threads)
    (rows, columns) = (left.names, right.names)
    table = left.matrices.map { row in right.matrices.map { row.alignment($0) } }
  }
}

/// The results of a network's layers on samples.
private struct WatchedLayers {
  private(set) var names: [String] = []
  private(set) var matrices: [GramMatrix] = []

  /// Operations with weights.
  private static let layers: Set<String> = ["Conv", "ConvTranspose", "MatMul", "Gemm", "GRU", "LSTM", "RNN"]

  init(_ graph: Graph, samples: [[String: Tensor]], threads: Int) throws {
    let nodes = graph.nodes.filter {
      $0.domain.isEmpty && WatchedLayers.layers.contains($0.operation) && $0.outputs.first ?? nil != nil
    }
    let values = nodes.compactMap { $0.outputs[0] }
    let program = try Program(WatchedGraph.watching(values, in: graph), threads: threads)
    var rows = [[[Float]]](repeating: [], count: values.count)
    for sample in samples {
      let results = try program.run(sample)
      for (place, value) in values.enumerated() {
        guard let tensor = results[graph.values[value].name] else { continue }
        rows[place].append(tensor.elements.floats)
      }
    }
    for (node, list) in zip(nodes, rows) {
      guard list.count == samples.count, Set(list.map(\.count)).count == 1 else { continue }
      names.append(node.name.isEmpty ? graph.values[node.outputs[0] ?? 0].name : node.name)
      matrices.append(GramMatrix(rows: list))
    }
  }
}
