extension Graph {
  /// The part of a network that makes a value, which becomes its only output.
  public func part(making value: Int) -> Graph {
    let needed = sources(of: [value])
    var part = self
    part.nodes = nodes.filter { node in node.outputs.contains { $0.map(needed.contains) ?? false } }
    part.outputs = [value]
    return part
  }

  /// The values that some values are made of, and themselves.
  public func sources(of values: [Int]) -> Set<Int> {
    var needed = Set(values)
    // Every node is behind those that it needs.
    for node in nodes.reversed() where node.outputs.contains(where: { $0.map(needed.contains) ?? false }) {
      needed.formUnion(reads(of: node))
    }
    return needed
  }
}
