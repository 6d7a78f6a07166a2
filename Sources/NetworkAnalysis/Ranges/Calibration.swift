public import ModelFiles
public import NetworkGraph
internal import NetworkPrograms

/// The ranges of a network's values on sample data.
public struct Calibration: Sendable {
  /// By value.
  public private(set) var ranges: [Int: ValueRange] = [:]

  /// Runs a network in 32-bit floats on every sample twice: for the bounds, and to count magnitudes within them.
  ///
  /// - Parameters:
  ///   - groups: The values to look at; those of a group share their range.
  ///   - samples: Inputs by name.
  /// - Throws: `NetworkError` for a sample that does not fit the network, or where there is none.
  public init(_ graph: Graph, groups: [[Int]], samples: [[String: Tensor]], threads: Int) throws {
    guard !samples.isEmpty else { throw NetworkError(.input, "There are no samples to tell the ranges of values from.") }
    let program = try Program(WatchedGraph.watching(groups.flatMap { $0 }, in: graph), threads: threads)
    let names = groups.map { $0.map { graph.values[$0].name } }
    var joined = [ValueRange](repeating: ValueRange(), count: groups.count)
    for isCounting in [false, true] {
      for sample in samples {
        let results = try program.run(sample)
        for (place, list) in names.enumerated() {
          for name in list {
            guard case .float32(let numbers)? = (results[name] ?? sample[name])?.elements else { continue }
            if isCounting { joined[place].count(numbers) } else { joined[place].widen(numbers) }
          }
        }
      }
    }
    for (group, range) in zip(groups, joined) { for value in group { ranges[value] = range } }
  }
}

/// A graph that gives further values out.
enum WatchedGraph {
  /// The graph with values among its outputs; its inputs, which the caller has already, are left out.
  static func watching(_ values: [Int], in graph: Graph) -> Graph {
    var graph = graph
    let known = Set(graph.outputs + graph.inputs)
    for value in values where !known.contains(value) { graph.outputs.append(value) }
    return graph
  }
}
