internal import ModelFiles
internal import NetworkGraph

/// Reverse-mode differentiation of a graph into another graph.
///
/// The nodes are visited from the last to the first; each has a rule that makes the gradients of its inputs from those of its outputs, and
/// what several nodes send to a value is added (Griewank and Walther, "Evaluating Derivatives", 2008, chapter 3). No shape need be known:
/// rules name the tensors whose shape they mean.
public enum Differentiation {
  /// Adds the nodes that compute the gradients of one number.
  ///
  /// - Parameters:
  ///   - loss: A value with a single number.
  ///   - parameters: The values whose gradients are asked for: inputs, constants or results of nodes.
  /// - Returns: For each parameter its gradient's value, of the parameter's shape; nil where the loss does not depend on it.
  /// - Throws: `NetworkError.unsupported` that names the node which has no rule.
  public static func gradients(of loss: Int, over parameters: [Int], in builder: inout GraphBuilder) throws -> [Int?] {
    let graph = builder.graph
    let isNeeded = dependents(of: parameters, in: graph)
    guard isNeeded.contains(loss) else { return parameters.map { _ in nil } }
    let start = builder.own("GradientStart", [loss], ["is_double": .integer(builder.type == .float64 ? 1 : 0)])
    var slopes: [Int: Int] = [loss: start]
    for node in graph.nodes.reversed() {
      let arriving = node.outputs.map { $0.flatMap { slopes[$0] } }
      guard arriving.contains(where: { $0 != nil }), node.inputs.contains(where: { $0.map(isNeeded.contains) ?? false }),
        !GradientRules.isConstant(node)
      else { continue }
      try send(arriving, of: node, isNeeded, &slopes, &builder)
    }
    return parameters.map { slopes[$0] }
  }

  /// The values that change with the parameters.
  private static func dependents(of parameters: [Int], in graph: Graph) -> Set<Int> {
    var found = Set(parameters)
    for node in graph.nodes where !GradientRules.isConstant(node) {
      if graph.reads(of: node).contains(where: found.contains) { found.formUnion(node.outputs.compactMap { $0 }) }
    }
    return found
  }

  private static func send(
    _ arriving: [Int?], of node: Node, _ isNeeded: Set<Int>, _ slopes: inout [Int: Int], _ builder: inout GraphBuilder
  ) throws {
    guard let rule = GradientRules.rule(for: node) else {
      throw NetworkError(
        .unsupported, "\(node.label) has no rule for gradients; train a network without it, or stop the gradient behind it.")
    }
    let constants = node.inputs.map { $0.flatMap { builder.graph.values[$0].constant } }
    let call = GradientCall(
      node: node, slopes: arriving, isNeeded: node.inputs.map { $0.map(isNeeded.contains) ?? false }, constants: constants)
    let sent = try rule.apply(call, &builder)
    for (place, slope) in sent.enumerated() {
      guard let slope, call.needs(place), let value = node.inputs[place] else { continue }
      slopes[value] = slopes[value].map { builder.add($0, slope) } ?? slope
    }
  }
}
