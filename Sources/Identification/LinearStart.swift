import Splines

/// The linear model that identification starts from: least squares on one-step errors, in the canonical form of an observer.
///
/// y_k = Σ −a_i y_{k−i} + Σ b_ij u_{j,k−i} + c (an ARX model; L. Ljung, "System Identification", 1999, section 4.2). Its bias by noise on the
/// output is what the fit of the simulation error then removes.
struct LinearStart {
  /// a_1 … a_n.
  var feedback: [Double]
  /// b_0 … b_n of every input.
  var forward: [[Double]]
  var constant: Double

  /// - Parameters:
  ///   - record: Scaled, with one output.
  ///   - order: n.
  init(_ record: SignalRecord, rows: Range<Int>, order: Int) throws(IdentificationError) {
    let m = record.inputCount
    let size = order + m * (order + 1) + 1
    guard rows.count > 2 * size + order else {
      throw .rows(what: "training", range: rows, count: record.count, needed: 2 * size + order + 1)
    }
    var equations = NormalEquations(size: size, stride: (size + 3) / 4 * 4)
    var regressors = [Double](repeating: 0, count: (size + 3) / 4 * 4)
    for row in rows.dropFirst(order) {
      for lag in 1...order { regressors[lag - 1] = -record.outputs[row - lag] }
      for input in 0..<m {
        for lag in 0...order { regressors[order + input * (order + 1) + lag] = record.inputs[(row - lag) * m + input] }
      }
      regressors[size - 1] = 1
      equations.add(regressors, error: record.outputs[row])
    }
    var products = equations.finished()
    // A trace of a ridge, so that an input without enough frequencies does not stop the start.
    for index in 0..<size { products[index, index] += 1e-9 * Double(rows.count) }
    guard let solution = products.solvedPositiveDefinite(equations.rights), solution.allSatisfy(\.isFinite) else {
      throw .degenerate("a linear model of order \(order)")
    }
    feedback = Array(solution.prefix(order))
    forward = (0..<m).map { input in Array(solution[order + input * (order + 1)..<order + (input + 1) * (order + 1)]) }
    constant = solution[size - 1]
    stabilise()
  }

  /// Moves all poles towards the origin until none is outside the circle of radius 0.999: a_i r^i has the poles r z.
  private mutating func stabilise() {
    let radius = Polynomial.roots([1] + feedback).map(\.magnitude).max() ?? 0
    guard radius > 0.999 else { return }
    var factor = 1.0
    for index in feedback.indices {
      factor *= 0.999 / radius
      feedback[index] *= factor
    }
  }
}
