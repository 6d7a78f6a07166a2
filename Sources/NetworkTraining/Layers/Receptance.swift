internal import ModelFiles
internal import NetworkGraph

/// The parts of RWKV: a step of time mixing, the weighted sum of RWKV-4, and the matrix-valued state of RWKV-5 and 6.
extension NetworkBuilder {
  /// The step before each step, zero before the first one.
  ///
  /// - Parameter x: [batch, steps, width].
  public mutating func former(_ x: Int, steps: Int) -> Int {
    let zero = graph.multiply(graph.slice(x, axis: 1, 0..<1), number: 0)
    guard steps > 1 else { return zero }
    return graph.concat([zero, graph.slice(x, axis: 1, 0..<steps - 1)], axis: 1)
  }

  /// Token shift mix(xₜ, xₜ₋₁, μ) with a μ for each channel (Peng et al. 2023, "RWKV", equations 11 to 13, which have μ on xₜ).
  public mutating func tokenShift(_ x: Int, _ name: String, steps: Int, width: Int) throws -> Int {
    let before = former(x, steps: steps)
    return try scoped(name) { builder in
      let share = try builder.parameter("share", [width], .constant(0.5), isDecayed: false)
      return builder.graph.mix(x, before, share)
    }
  }

  /// Token shift whose share depends on the data: mix(a, b, λ(mix(a, b, μ))), a = xₜ, b = xₜ₋₁, λ(x) = λ + tanh(x A) B of a low rank (Peng et
  /// al. 2024, "Eagle and Finch", equations 14 and 15). The share is not kept within [0, 1].
  public mutating func dataShift(_ x: Int, _ name: String, steps: Int, width: Int, rank: Int) throws -> Int {
    let before = former(x, steps: steps)
    return try scoped(name) { builder in
      let first = try builder.parameter("share", [width], .constant(0.5), isDecayed: false)
      let share = try builder.lowRank(
        builder.graph.mix(x, before, first), "adapted", from: width, to: width, rank: rank, start: 0.5)
      return builder.graph.mix(x, before, share)
    }
  }

  /// λ + tanh(x A) B; B begins small, so that the result begins near `start`.
  mutating func lowRank(_ x: Int, _ name: String, from: Int, to: Int, rank: Int, start: Double) throws -> Int {
    try scoped(name) { builder in
      let offset = try builder.parameter("offset", [to], .constant(start), isDecayed: false)
      let down = try builder.parameter("down", [from, rank], .normal(deviation: (1 / Double(from)).squareRoot()))
      let up = try builder.parameter("up", [rank, to], .normal(deviation: 0.1 * (1 / Double(rank)).squareRoot()))
      let narrow = builder.graph.one("Tanh", [builder.graph.product(x, down)])
      return builder.graph.add(offset, builder.graph.product(narrow, up))
    }
  }

  /// Time mixing of RWKV-4: W_o (σ(r) · wkv(k, v)) with r, k and v of shifted steps, decay w = exp of the learned number (Peng et al. 2023,
  /// section 3.1).
  ///
  /// - Parameter x: [batch, steps, width].
  public mutating func timeMix(_ x: Int, _ name: String, steps: Int, width: Int) throws -> Int {
    try scoped(name) { builder in
      let parts = try ["receptance", "key", "value"].map { part -> Int in
        let shifted = try builder.tokenShift(x, part, steps: steps, width: width)
        return try builder.linear(shifted, part, from: width, to: width, tokens: steps, hasBias: false)
      }
      let logarithm = try builder.parameter("logarithm of decay", [width], .uniform(bound: 1), isDecayed: false)
      let bonus = try builder.parameter("bonus", [width], .constant(0), isDecayed: false)
      let decay = builder.graph.one("Exp", [logarithm])
      let rows = parts.map { builder.rows($0, count: steps, width: width) }
      let sums = builder.graph.weightedSums(keys: rows[1], values: rows[2], decay: decay, bonus: bonus)
      let gated = zip(rows[0], sums).map { receptance, sum -> Int in
        let gate = builder.graph.one("Sigmoid", [receptance])
        return builder.graph.reshape(builder.graph.multiply(gate, sum), [-1, 1, width])
      }
      return try builder.linear(builder.graph.concat(gated, axis: 1), "out", from: width, to: width, tokens: steps, hasBias: false)
    }
  }

  /// Time mixing with a matrix for a state: (SiLU(g) · GroupNorm(out)) W_o, out by `matrixState` for each head (Peng et al. 2024, equations 3
  /// to 10); `isDataDependent` is RWKV-6: shifts and decay depend on the data, else RWKV-5.
  ///
  /// - Parameter x: [batch, steps, width].
  public mutating func matrixTimeMix(
    _ x: Int, _ name: String, steps: Int, width: Int, heads: Int, isDataDependent: Bool = true, rank: Int = 32
  ) throws -> Int {
    guard heads > 0, width % heads == 0 else {
      throw TrainingError("The layer '\(name)' of width \(width) cannot have \(heads) heads; choose a divisor.")
    }
    return try scoped(name) { builder in
      func shifted(_ part: String) throws -> Int {
        isDataDependent
          ? try builder.dataShift(x, part, steps: steps, width: width, rank: rank)
          : try builder.tokenShift(x, part, steps: steps, width: width)
      }
      let parts = try ["receptance", "key", "value", "gate"].map { part in
        try builder.linear(try shifted(part), part, from: width, to: width, tokens: steps, hasBias: false)
      }
      let size = width / heads
      let rate =
        isDataDependent
        ? try builder.lowRank(try shifted("decay"), "rate", from: width, to: width, rank: rank, start: -1)
        : try builder.parameter("rate", [width], .uniform(bound: 1), isDecayed: false)
      let decay = builder.graph.one("Exp", [builder.graph.negative(builder.graph.one("Exp", [rate]))])
      let bonus = try builder.parameter("bonus", [heads, size, 1], .uniform(bound: 0.5), isDecayed: false)
      let columns = (0..<2).map { builder.heads(parts[$0], steps: steps, heads, size, isColumn: true) }
      let values = builder.heads(parts[2], steps: steps, heads, size, isColumn: false)
      let decays =
        isDataDependent
        ? builder.heads(decay, steps: steps, heads, size, isColumn: true) : [builder.graph.reshape(decay, [1, heads, size, 1])]
      let outputs = builder.graph.matrixState(
        receptances: columns[0], keys: columns[1], values: values, decays: decays, bonus: bonus)
      let joined = builder.graph.concat(outputs.map { builder.graph.reshape($0, [-1, 1, heads, size]) }, axis: 1)
      let normal = try builder.headNorm(joined, "norm", steps: steps, heads: heads, size: size)
      let gated = builder.graph.multiply(builder.silu(parts[3]), normal)
      return try builder.linear(gated, "out", from: width, to: width, tokens: steps, hasBias: false)
    }
  }

  /// Each step of [batch, steps, heads · size] as [batch, heads, size, 1], or [batch, heads, 1, size].
  private mutating func heads(_ x: Int, steps: Int, _ heads: Int, _ size: Int, isColumn: Bool) -> [Int] {
    rows(x, count: steps, width: heads * size).map { graph.reshape($0, isColumn ? [-1, heads, size, 1] : [-1, heads, 1, size]) }
  }

  /// Group normalization with a head a group: [batch, steps, heads, size] to [batch, steps, heads · size].
  private mutating func headNorm(_ x: Int, _ name: String, steps: Int, heads: Int, size: Int) throws -> Int {
    try scoped(name) { builder in
      let width = heads * size
      let scale = try builder.parameter("scale", [width], .constant(1), isDecayed: false)
      let shift = try builder.parameter("shift", [width], .constant(0), isDecayed: false)
      let (ones, zeros) = (
        builder.graph.constant(try builder.tensor([size], [Double](repeating: 1, count: size))),
        builder.graph.constant(try builder.tensor([size], [Double](repeating: 0, count: size)))
      )
      // 64 times the usual guard, for states that grow as the head's size (the published code's).
      let attributes: [String: Attribute] = ["axis": .integer(-1), "epsilon": .float(64e-5)]
      let standard = builder.graph.one("LayerNormalization", [x, ones, zeros], attributes)
      let scaled = builder.graph.multiply(builder.graph.reshape(standard, [-1, steps, width]), scale)
      return builder.marked(builder.graph.add(scaled, shift))
    }
  }

  /// Channel mixing σ(x_r W_r) · (max(x_k W_k, 0)² W_v) of shifted steps (Peng et al. 2023, equations 16 to 18).
  ///
  /// - Parameter x: [batch, steps, width].
  public mutating func channelMix(_ x: Int, _ name: String, steps: Int, width: Int, hidden: Int) throws -> Int {
    try scoped(name) { builder in
      let key = try builder.tokenShift(x, "key", steps: steps, width: width)
      let receptance = try builder.tokenShift(x, "receptance", steps: steps, width: width)
      let wide = builder.squaredRelu(try builder.linear(key, "key", from: width, to: hidden, tokens: steps, hasBias: false))
      let value = try builder.linear(wide, "value", from: hidden, to: width, tokens: steps, hasBias: false)
      let gate = builder.graph.one(
        "Sigmoid", [try builder.linear(receptance, "receptance", from: width, to: width, tokens: steps, hasBias: false)])
      return builder.marked(builder.graph.multiply(gate, value))
    }
  }
}

extension GraphBuilder {
  /// WKV of RWKV-4: yₜ = (Σ_{i<t} e^{−(t−1−i)w + kᵢ} vᵢ + e^{u + kₜ} vₜ)/(the same without v), for each channel (Peng et al. 2023, equation 14).
  ///
  /// The state is kept as a·eᵖ and b·eᵖ with p the greatest exponent so far, so that nothing overflows. Numerator and denominator have the
  /// same eᵖ, so no gradient flows through p.
  ///
  /// - Parameters:
  ///   - keys: k of each step, [batch, width].
  ///   - values: v of each step.
  ///   - decay: w > 0, [width].
  ///   - bonus: u, [width].
  /// - Returns: y of each step.
  public mutating func weightedSums(keys: [Int], values: [Int], decay: Int, bonus: Int) -> [Int] {
    var state: (a: Int, b: Int, p: Int)?
    return zip(keys, values).map { key, value in
      guard let (a, b, p) = state else {
        // Before the first step there is nothing to weigh the value with. Its weight is one, with the slope of eᵏ.
        let top = stopGradient(key)
        let weight = one("Exp", [subtract(key, top)])
        state = (multiply(weight, value), weight, top)
        return value
      }
      let boosted = add(bonus, key)
      let top = stopGradient(one("Max", [p, boosted]))
      let (old, new) = (one("Exp", [subtract(p, top)]), one("Exp", [subtract(boosted, top)]))
      let result = divide(add(multiply(old, a), multiply(new, value)), add(multiply(old, b), new))
      let faded = subtract(p, decay)
      let next = stopGradient(one("Max", [faded, key]))
      let (kept, added) = (one("Exp", [subtract(faded, next)]), one("Exp", [subtract(key, next)]))
      state = (add(multiply(kept, a), multiply(added, value)), add(multiply(kept, b), added), next)
      return result
    }
  }

  /// The matrix-valued state of RWKV-5 and 6: outₜ = rₜ (S + diag(u) kₜᵀ vₜ), S' = diag(wₜ) S + kₜᵀ vₜ from S = 0 (Peng et al. 2024, equations 8
  /// and 9).
  ///
  /// - Parameters:
  ///   - receptances: r of each step as a column, [batch, heads, size, 1]; keys likewise.
  ///   - values: v of each step as a row, [batch, heads, 1, size].
  ///   - decays: w in (0, 1) of each step as a column, or one for all steps.
  ///   - bonus: u as a column.
  /// - Returns: out of each step, [batch, heads, 1, size].
  public mutating func matrixState(receptances: [Int], keys: [Int], values: [Int], decays: [Int], bonus: Int) -> [Int] {
    var state: Int?
    return receptances.indices.map { step in
      let outer = multiply(keys[step], values[step])
      let boosted = multiply(bonus, outer)
      let seen = state.map { add($0, boosted) } ?? boosted
      let decay = decays.count == 1 ? decays[0] : decays[step]
      state = state.map { add(multiply(decay, $0), outer) } ?? outer
      return sum(multiply(receptances[step], seen), axes: [-2])
    }
  }
}
