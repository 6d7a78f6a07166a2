extension Graph {
  /// The part of a network that makes a value, which becomes its only output.
  public func part(making value: Int) -> Graph {
    var needed: Set<Int> = [value]
    var kept: [Node] = []
    // Every node is behind those that it needs.
    for node in nodes.reversed() where node.outputs.contains(where: { $0.map(needed.contains) ?? false }) {
      kept.append(node)
      needed.formUnion(reads(of: node))
    }
    var part = self
    (part.nodes, part.outputs) = (kept.reversed(), [value])
    return part
  }
}
