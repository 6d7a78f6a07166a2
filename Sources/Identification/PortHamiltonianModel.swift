import Splines

/// A model that cannot make energy: dx/dt = (J − R) ∇H(x) + B u, with collocated outputs Bᵀ ∇H.
///
/// J is antisymmetric, R = L Lᵀ, and H is a sum of curves that are nowhere negative, so dH/dt ≤ yᵀu whatever was learned (A. van der Schaft
/// and D. Jeltsema, "Port-Hamiltonian Systems Theory", 2014). A step of length h solves x' = x + h ((J − R) g + B u) with the discrete
/// gradient g_j = (H_j(x'_j) − H_j(x_j))/(x'_j − x_j), which keeps the balance H(x') − H(x) = h (yᵀu − gᵀ R g) to rounding (O. Gonzalez,
/// "Time integration and discrete Hamiltonian systems", 1996).
public struct PortHamiltonianModel: Sendable, Hashable {
  /// n × n; only its antisymmetric part S − Sᵀ acts.
  public var exchange: Matrix
  /// n × n; L, of which the lower triangle acts.
  public var dissipation: Matrix
  /// n × m.
  public var entry: Matrix
  /// One energy a state.
  public var energies: [PassiveEnergy]
  /// The length of a step.
  public var step: Double

  /// The caller gives sizes that agree: `exchange` and `dissipation` n × n, `entry` n × m, n energies, a step above 0 in the unit
  /// of time.
  public init(exchange: Matrix, dissipation: Matrix, entry: Matrix, energies: [PassiveEnergy], step: Double) {
    let n = energies.count
    precondition(
      [exchange.rows, exchange.columns, dissipation.rows, dissipation.columns, entry.rows].allSatisfy { $0 == n },
      "one energy a state")
    self.exchange = exchange
    self.dissipation = dissipation
    self.entry = entry
    self.energies = energies
    self.step = step
  }

  /// n, the number of states.
  public var stateCount: Int { energies.count }

  /// J, antisymmetric to the last bit.
  public var structure: Matrix { exchange - exchange.transposed }

  /// R, without negative eigenvalues.
  public var resistance: Matrix { lower * lower.transposed }

  private var lower: Matrix {
    var result = dissipation
    for row in 0..<stateCount {
      for column in (row + 1)..<max(stateCount, row + 1) { result[row, column] = 0 }
    }
    return result
  }

  /// H(x).
  public func energy(_ x: [Double]) -> Double { zip(energies, x).reduce(0) { $0 + $1.0.curve.value(at: $1.1) } }

  /// One step and what it did.
  public struct Step: Sendable {
    /// The state after the step, n numbers.
    public var state: [Double]
    /// The discrete gradient.
    public var gradient: [Double]
    /// Bᵀ g.
    public var output: [Double]
    /// h yᵀu and h gᵀ R g.
    public var supplied: Double
    /// h gᵀ R g, what the resistance took out; never below 0.
    public var lost: Double
  }

  /// Advances by one step with a constant input.
  ///
  /// - Throws: `IdentificationError.diverged` where Newton's method finds no next state; a shorter step helps.
  public func advance(_ x: [Double], input u: [Double]) throws(IdentificationError) -> Step {
    let matrix = structure - resistance
    let force = entry * u
    let n = stateCount
    // Explicit Euler's step to begin with.
    let slopes = zip(energies, x).map { $0.curve.evaluate($1).slope }
    var next = zip(x, zip(matrix * slopes, force)).map { $0 + step * ($1.0 + $1.1) }
    var gradient = slopes
    var last = Double.infinity
    // Newton's method doubles its digits each time; thirty leave room for a bad start.
    for _ in 0..<30 {
      let means = (0..<n).map { energies[$0].meanSlope(from: x[$0], to: next[$0]) }
      gradient = means.map(\.value)
      let product = matrix * gradient
      let residual = (0..<n).map { next[$0] - x[$0] - step * (product[$0] + force[$0]) }
      let size = residual.map(abs).max() ?? 0
      guard size.isFinite else { throw .diverged(what: "a step", row: 0) }
      // Rounding is reached where the residual has stopped falling.
      let hasStopped = size == 0 || (size >= last && size < 1e-13 * (1 + (next.map(abs).max() ?? 0)))
      last = size
      if hasStopped { break }
      guard let change = jacobian(matrix, means.map(\.to)).solved(Matrix(residual.map { [$0] })) else {
        throw .diverged(what: "a step", row: 0)
      }
      for index in 0..<n { next[index] -= change.values[index] }
    }
    guard last < 1e-9 * (1 + (next.map(abs).max() ?? 0)) else { throw .diverged(what: "a step", row: 0) }
    let output = entry.transposed * gradient
    return Step(
      state: next, gradient: gradient, output: output, supplied: step * zip(output, u).reduce(0) { $0 + $1.0 * $1.1 },
      lost: step * zip(gradient, resistance * gradient).reduce(0) { $0 + $1.0 * $1.1 })
  }

  /// I − h (J − R) diag(∂g/∂x').
  private func jacobian(_ matrix: Matrix, _ slopes: [Double]) -> Matrix {
    var result = Matrix.identity(stateCount)
    for row in 0..<stateCount {
      for column in 0..<stateCount { result[row, column] -= step * matrix[row, column] * slopes[column] }
    }
    return result
  }
}

// MARK: - Learning

extension PortHamiltonianModel {
  /// The learned numbers: those of every energy, the lower triangle of L, then B.
  public var parameters: [Double] {
    get { energies.flatMap(\.parameters) + lowerPlaces.map { dissipation[$0.0, $0.1] } + entry.values }
    set {
      var rest = newValue[...]
      for index in energies.indices {
        let count = energies[index].parameters.count
        energies[index].parameters = Array(rest.prefix(count))
        rest = rest.dropFirst(count)
      }
      for place in lowerPlaces { dissipation[place.0, place.1] = rest.removeFirst() }
      entry.values = Array(rest)
    }
  }

  private var lowerPlaces: [(Int, Int)] { (0..<stateCount).flatMap { row in (0...row).map { (row, $0) } } }

  /// The derivative of the next state with respect to the present one (n columns) and to the parameters (the columns behind).
  ///
  /// From the step's equation: (I − hM ∂g/∂x') dx' = (I + hM ∂g/∂x) dx + h (∂M g + M ∂g/∂θ + ∂B u), M = J − R.
  func derivatives(from x: [Double], to step: Step, input u: [Double]) -> Matrix? {
    let n = stateCount
    let m = entry.columns
    let h = self.step
    let matrix = structure - resistance
    let means = (0..<n).map { energies[$0].meanSlope(from: x[$0], to: step.state[$0]) }
    var right = Matrix(rows: n, columns: n + parameters.count)
    for row in 0..<n {
      for column in 0..<n { right[row, column] = (row == column ? 1 : 0) + h * matrix[row, column] * means[column].from }
    }
    var column = n
    for (index, mean) in means.enumerated() {
      for value in energies[index].pullBack(mean.gradient) {
        for row in 0..<n { right[row, column] = h * matrix[row, index] * value }
        column += 1
      }
    }
    let flow = lower.transposed * step.gradient
    for (row, inner) in lowerPlaces {
      // −∂(L Lᵀ g)/∂L_rc = −e_r (Lᵀg)_c − L_·c g_r.
      right[row, column] -= h * flow[inner]
      for target in 0..<n { right[target, column] -= h * lower[target, inner] * step.gradient[row] }
      column += 1
    }
    for row in 0..<n {
      for input in 0..<m {
        right[row, column] = h * u[input]
        column += 1
      }
    }
    return jacobian(matrix, means.map(\.to)).solved(right)
  }

  /// The model with the least squared error of its first state against a measured one, by the method of Levenberg and Marquardt.
  ///
  /// - Parameters:
  ///   - inputs: What acts during each step.
  ///   - measured: The first state before each step.
  ///   - first: The state at the beginning, which is known.
  public func fitted(
    inputs: [[Double]], measured: [Double], first: [Double], iterations: Int = 30
  ) throws(IdentificationError) -> PortHamiltonianModel {
    guard measured.count == inputs.count, measured.count > 1 else {
      throw .rows(what: "training", range: 0..<measured.count, count: inputs.count, needed: 2)
    }
    var model = self
    guard var sums = model.sums(inputs, measured, first) else { throw .diverged(what: "the training rows", row: 0) }
    var damping = 1e-3
    for _ in 0..<iterations where damping < 1e8 {
      var matrix = sums.products
      for index in sums.rights.indices { matrix[index, index] += damping * matrix[index, index] + 1e-9 }
      var trial = model
      if let change = matrix.solvedPositiveDefinite(sums.rights) {
        trial.parameters = zip(model.parameters, change).map { $0 + $1 }
        if let trialSums = trial.sums(inputs, measured, first), trialSums.squares < sums.squares {
          let fall = 1 - trialSums.squares / sums.squares
          (model, sums) = (trial, trialSums)
          damping = max(damping / 10, 1e-9)
          if fall < 1e-7 { break }
          continue
        }
      }
      damping *= 10
    }
    return model
  }

  private func sums(
    _ inputs: [[Double]], _ measured: [Double], _ first: [Double]
  ) -> (products: Matrix, rights: [Double], squares: Double)? {
    let (n, count) = (stateCount, parameters.count)
    let stride = (count + 3) / 4 * 4
    var equations = NormalEquations(size: count, stride: stride)
    var sensitivity = Matrix(rows: n, columns: count)
    var row = [Double](repeating: 0, count: stride)
    var x = first
    for (u, y) in zip(inputs, measured) {
      for index in 0..<count { row[index] = sensitivity[0, index] }
      equations.add(row, error: y - x[0])
      guard let step = try? advance(x, input: u), let change = derivatives(from: x, to: step, input: u) else { return nil }
      var next = Matrix(rows: n, columns: count)
      for target in 0..<n {
        for index in 0..<count {
          next[target, index] = change[target, n + index]
          for inner in 0..<n { next[target, index] += change[target, inner] * sensitivity[inner, index] }
        }
      }
      (sensitivity, x) = (next, step.state)
    }
    let products = equations.finished()
    guard products.isFinite, equations.squares.isFinite else { return nil }
    return (products, equations.rights, equations.squares)
  }
}
