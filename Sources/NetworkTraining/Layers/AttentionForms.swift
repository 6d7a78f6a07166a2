internal import Foundation
internal import ModelFiles
internal import NetworkGraph

/// Attention without layers of its own, on given queries, keys and values [batch, tokens, size].
extension GraphBuilder {
  /// φ(q)(Σ φ(k) vᵀ)/(φ(q)·Σ φ(k)), φ = elu + 1 (Katharopoulos et al. 2020, equation 5).
  public mutating func linearAttention(_ queries: Int, _ keys: Int, _ values: Int) -> Int {
    let (q, k) = (add(one("Elu", [queries]), number: 1), add(one("Elu", [keys]), number: 1))
    let sums = product(transpose(k, [0, 2, 1]), values)
    let norm = product(q, transpose(sum(k, axes: [1]), [0, 2, 1]))
    return divide(product(q, sums), norm)
  }

  /// softmax(cos(q, k)/τ + B) V (Liu et al. 2022, "Swin Transformer V2", equation 2).
  ///
  /// - Parameters:
  ///   - queries: […, tokens, size]; keys and values likewise.
  ///   - temperature: τ, a number or one for each head.
  ///   - bias: B, which broadcasts to […, tokens, tokens]; none otherwise.
  public mutating func cosineAttention(_ queries: Int, _ keys: Int, _ values: Int, temperature: Int, bias: Int? = nil) -> Int {
    var scores = divide(product(unitRows(queries), own("SwapLastAxes", [unitRows(keys)])), temperature)
    if let bias { scores = add(scores, bias) }
    return product(one("Softmax", [scores], ["axis": .integer(-1)]), values)
  }

  /// N(Q)(N(K)ᵀ V)/n^sigmoid(m), N: rows of norm one, n: how many keys (Mongaras, Dohm and Larson 2024, "Cottention").
  ///
  /// - Parameters:
  ///   - exponent: m, a single number.
  ///   - count: n.
  public mutating func linearCosineAttention(_ queries: Int, _ keys: Int, _ values: Int, exponent: Int, count: Int) -> Int {
    let power = multiply(one("Sigmoid", [exponent]), number: -log(Double(count)))
    let sums = product(transpose(unitRows(keys), [0, 2, 1]), values)
    return multiply(product(unitRows(queries), sums), one("Exp", [power]))
  }

  /// The same where each query sees its own key and those before it, and the value of step t is divided by t^sigmoid(m): one running sum over
  /// the steps (Mongaras, Dohm and Larson 2024, section 3.3).
  ///
  /// - Parameter values: [batch, count, size].
  public mutating func causalCosineAttention(
    _ queries: Int, _ keys: Int, _ values: Int, exponent: Int, count: Int, size: Int, valueSize: Int
  ) throws -> Int {
    let steps = try constant([1, count, 1, 1], (1...max(1, count)).map { -log(Double($0)) })
    let powers = one("Exp", [multiply(steps, one("Sigmoid", [exponent]))])
    let scaled = multiply(reshape(values, [-1, count, 1, valueSize]), powers)
    let outer = multiply(reshape(unitRows(keys), [-1, count, size, 1]), scaled)
    let state = one("CumSum", [outer, constant(Tensor(scalar: Int64(1)))])
    let row = reshape(unitRows(queries), [-1, count, size, 1])
    return sum(multiply(row, state), axes: [2], keepsAxes: false)
  }

  /// yₜ = σ(qₜ) Σ_s e^{k_s + w_ts} v_s / Σ_s e^{k_s + w_ts} for each channel (Zhai et al. 2021, "AFT", equation 2).
  ///
  /// - Parameters:
  ///   - queries: [batch, count, size]; keys and values likewise.
  ///   - bias: w, [count, count]; none: AFT-simple.
  ///   - isCausal: Whether s goes up to t alone.
  public mutating func attentionFree(
    _ queries: Int, _ keys: Int, _ values: Int, bias: Int?, count: Int, size: Int, isCausal: Bool = false
  ) throws -> Int {
    // e^−1e30 is zero, and not infinite where it is added to.
    let hidden = -1e30
    let mask = (0..<count * count).map { isCausal && $0 % count > $0 / count ? hidden : 0 }
    let shape = [1, count, count, 1]
    let seen = try constant(shape, mask)
    let pairs = bias.map { add(reshape($0, shape), seen) } ?? seen
    let exponents = add(reshape(keys, [-1, 1, count, size]), pairs)
    let shares = one("Softmax", [exponents], ["axis": .integer(2)])
    let mixed = sum(multiply(shares, reshape(values, [-1, 1, count, size])), axes: [2], keepsAxes: false)
    return multiply(one("Sigmoid", [queries]), mixed)
  }

  /// Rows along the last axis divided by their norm.
  mutating func unitRows(_ x: Int) -> Int {
    // The square of 1e-8, below which a row has no direction.
    let norm = one("Sqrt", [add(sum(multiply(x, x), axes: [-1]), number: 1e-16)])
    return divide(x, norm)
  }
}
