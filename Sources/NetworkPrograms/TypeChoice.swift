public import NetworkGraph

/// What a user wants a network to be computed in.
public enum TypeChoice: String, CaseIterable, Codable, Sendable {
  /// What its file is made for: `int8` where it is quantised and the processor sums products of bytes, else `f32`.
  case auto
  /// As in `ProgramType`.
  case f32, bf16, int8

  /// The type that is asked for; nil where the file decides.
  private var asked: ProgramType? { ProgramType(rawValue: rawValue) }

  /// The type for a network.
  ///
  /// - Throws: `NetworkError` where oneDNN is not installed, or the network's own quantised weights are damaged.
  public func type(for graph: Graph) throws -> ProgramType {
    if let asked { return asked }
    let isQuantized = graph.nodes.contains { $0.operation == "QuantizeLinear" }
    guard isQuantized, try Library.note(on: .int8) == nil, try !QuantizedGraph(graph).isEmpty else { return .f32 }
    return .int8
  }

  /// A sentence for people where this processor does not compute in the type that is asked for; nil where it does.
  ///
  /// - Throws: As `Library.prepare`.
  public func note() throws -> String? { try asked.flatMap { try Library.note(on: $0) } }
}
