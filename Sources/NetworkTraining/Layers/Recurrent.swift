internal import ModelFiles
internal import NetworkGraph

/// Recurrent layers, unrolled over a fixed number of steps; steps lie on axis 1.
extension NetworkBuilder {
  /// Where a gated recurrent unit's reset acts.
  public enum Reset: Sendable {
    /// On the state, before the product: n = tanh(W x + R (r·h) + b) (Cho et al. 2014).
    case state
    /// On the product: n = tanh(W x + r·(R h + b')) (cuDNN, PyTorch).
    case product
  }

  /// A gated recurrent unit: h' = mix(n, h, z).
  ///
  /// - Parameter x: [batch, steps, from].
  /// - Returns: The state after each step, [batch, width] each.
  public mutating func gru(
    _ x: Int, _ name: String, steps: Int, from: Int, width: Int, reset: Reset = .product
  ) throws -> [Int] {
    try scoped(name) { builder in
      let inputs = try builder.linear(x, "in", from: from, to: 3 * width, tokens: steps)
      let weight = try builder.parameter("recurrent", [width, 3 * width], .normal(deviation: (1 / Double(width)).squareRoot()))
      let bias = try builder.parameter("recurrent bias", [3 * width], .constant(0), isDecayed: false)
      var state: Int?
      return builder.rows(inputs, count: steps, width: 3 * width).map { row in
        let next = builder.gruStep(row, state, weight, bias, width: width, reset: reset)
        state = next
        return builder.marked(next)
      }
    }
  }

  mutating func gruStep(_ row: Int, _ state: Int?, _ weight: Int, _ bias: Int, width: Int, reset: Reset) -> Int {
    func part(_ value: Int, _ place: Int, axis: Int) -> Int { graph.slice(value, axis: axis, place * width..<(place + 1) * width) }
    // Without a state the first step begins at zero: R h = 0.
    let product = state.map { graph.one("Gemm", [$0, weight, bias]) } ?? graph.reshape(bias, [1, 3 * width])
    let update = graph.one("Sigmoid", [graph.add(part(row, 0, axis: 1), part(product, 0, axis: 1))])
    let gate = graph.one("Sigmoid", [graph.add(part(row, 1, axis: 1), part(product, 1, axis: 1))])
    let memory: Int
    if reset == .state, let state {
      let kept = graph.multiply(gate, state)
      memory = graph.one("Gemm", [kept, part(weight, 2, axis: 1), part(bias, 2, axis: 0)])
    } else {
      memory = reset == .state ? part(product, 2, axis: 1) : graph.multiply(gate, part(product, 2, axis: 1))
    }
    let candidate = graph.one("Tanh", [graph.add(part(row, 2, axis: 1), memory)])
    guard let state else { return graph.multiply(candidate, graph.subtract(number: 1, update)) }
    return graph.mix(candidate, state, update)
  }

  /// A long short-term memory: c' = f c + i tanh(…), h = o tanh c' (Hochreiter and Schmidhuber 1997, Gers et al. 2000); coupled, i = 1 − f.
  ///
  /// - Parameter x: [batch, steps, from].
  /// - Returns: The output after each step, [batch, width] each.
  public mutating func lstm(
    _ x: Int, _ name: String, steps: Int, from: Int, width: Int, isCoupled: Bool = false
  ) throws -> [Int] {
    try scoped(name) { builder in
      // Gates in the order forget, output, candidate and, where it is its own, input.
      let count = isCoupled ? 3 : 4
      let inputs = try builder.linear(x, "in", from: from, to: count * width, tokens: steps)
      let weight = try builder.parameter("recurrent", [width, count * width], .normal(deviation: (1 / Double(width)).squareRoot()))
      var state: (cell: Int, output: Int)?
      return builder.rows(inputs, count: steps, width: count * width).map { row in
        let sums = state.map { builder.graph.add(row, builder.graph.product($0.output, weight)) } ?? row
        let parts = (0..<count).map { builder.graph.slice(sums, axis: 1, $0 * width..<($0 + 1) * width) }
        let next = builder.lstmStep(parts, cell: state?.cell)
        state = next
        return builder.marked(next.output)
      }
    }
  }

  mutating func lstmStep(_ parts: [Int], cell: Int?) -> (cell: Int, output: Int) {
    let (forget, out) = (graph.one("Sigmoid", [parts[0]]), graph.one("Sigmoid", [parts[1]]))
    let candidate = graph.one("Tanh", [parts[2]])
    let input = parts.count > 3 ? graph.one("Sigmoid", [parts[3]]) : graph.subtract(number: 1, forget)
    var next = graph.multiply(input, candidate)
    if let cell { next = graph.add(graph.multiply(forget, cell), next) }
    return (next, graph.multiply(out, graph.one("Tanh", [next])))
  }

  /// A simple recurrent unit: c' = mix(W x, c, f), h = mix(x, c', r) (Lei et al. 2018, equations 1 to 5); with `seesCell` the gates see c.
  ///
  /// - Parameter x: [batch, steps, width].
  /// - Returns: The output after each step, [batch, width] each.
  public mutating func sru(_ x: Int, _ name: String, steps: Int, width: Int, seesCell: Bool = false) throws -> [Int] {
    try scoped(name) { builder in
      let sums = try builder.linear(x, "in", from: width, to: 3 * width, tokens: steps)
      let views = seesCell ? try builder.parameter("view", [2 * width], .constant(0), isDecayed: false) : nil
      let inputs = builder.rows(x, count: steps, width: width)
      var cell: Int?
      return zip(builder.rows(sums, count: steps, width: 3 * width), inputs).map { row, input in
        let next = builder.sruStep(row, input, cell, views, width: width)
        cell = next.cell
        return builder.marked(next.output)
      }
    }
  }

  private mutating func sruStep(_ row: Int, _ input: Int, _ cell: Int?, _ views: Int?, width: Int) -> (cell: Int, output: Int) {
    var gates = (0..<2).map { graph.slice(row, axis: 1, ($0 + 1) * width..<($0 + 2) * width) }
    if let views, let cell {
      for place in 0..<2 {
        let view = graph.slice(views, axis: 0, place * width..<(place + 1) * width)
        gates[place] = graph.add(gates[place], graph.multiply(view, cell))
      }
    }
    let (forget, reset) = (graph.one("Sigmoid", [gates[0]]), graph.one("Sigmoid", [gates[1]]))
    let candidate = graph.slice(row, axis: 1, 0..<width)
    let next = cell.map { graph.mix(candidate, $0, forget) } ?? graph.multiply(candidate, graph.subtract(number: 1, forget))
    return (next, graph.mix(input, next, reset))
  }

  /// The steps of [batch, steps, width], each as [batch, width].
  public mutating func rows(_ x: Int, count: Int, width: Int) -> [Int] {
    let parts = graph.add("Split", [x], ["axis": .integer(1), "num_outputs": .integer(Int64(count))], count: count)
    return parts.map { graph.reshape($0, [-1, width]) }
  }
}
