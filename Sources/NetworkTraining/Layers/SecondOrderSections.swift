internal import ModelFiles
internal import NetworkGraph

/// Filters over steps as sections of second order, which stay stable whatever they learn.
extension NetworkBuilder {
  /// y = Π (b₀ + b₁ z⁻¹ + b₂ z⁻²)/(1 + a₁ z⁻¹ + a₂ z⁻²) x for each channel by itself, in the transposed direct form II: y = b₀ x + s₁,
  /// s₁' = b₁ x − a₁ y + s₂, s₂' = b₂ x − a₂ y (Oppenheim and Schafer 2010, section 6.3).
  ///
  /// a₂ = tanh p and a₁ = (1 + a₂) tanh q keep the poles within the unit circle: this is the whole triangle |a₂| < 1, |a₁| < 1 + a₂. Sections
  /// begin as the identity: p = q = 0, b = (1, 0, 0).
  ///
  /// - Parameter x: [batch, steps, width].
  /// - Returns: The output of each step, [batch, width] each.
  public mutating func sections(_ x: Int, _ name: String, steps: Int, width: Int, count: Int) throws -> [Int] {
    try scoped(name) { builder in
      var rows = builder.rows(x, count: steps, width: width)
      for section in 0..<count {
        rows = try builder.scoped("section\(section)") { try $0.section(rows, width: width) }
      }
      return rows.map { builder.marked($0) }
    }
  }

  private mutating func section(_ rows: [Int], width: Int) throws -> [Int] {
    let b = try (0..<3).map { try parameter("b\($0)", [width], .constant($0 == 0 ? 1 : 0), isDecayed: false) }
    let (p, q) = (
      try parameter("p", [width], .constant(0), isDecayed: false), try parameter("q", [width], .constant(0), isDecayed: false)
    )
    let second = graph.one("Tanh", [p])
    let first = graph.multiply(graph.add(second, number: 1), graph.one("Tanh", [q]))
    var state: (Int, Int)?
    return rows.map { x in
      let direct = graph.multiply(b[0], x)
      let y = state.map { graph.add(direct, $0.0) } ?? direct
      let change = graph.subtract(graph.multiply(b[1], x), graph.multiply(first, y))
      let next = graph.subtract(graph.multiply(b[2], x), graph.multiply(second, y))
      state = (state.map { graph.add(change, $0.1) } ?? change, next)
      return y
    }
  }
}
