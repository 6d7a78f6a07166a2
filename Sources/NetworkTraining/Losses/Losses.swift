internal import Foundation
internal import NetworkGraph

/// Losses: single numbers that training makes small, means over the batch.
extension GraphBuilder {
  /// Cross entropy −Σ q ln softmax(z/T) with q = (1 − s) t + s/K (Szegedy et al. 2016, section 7).
  ///
  /// - Parameters:
  ///   - logits: [batch, K, …].
  ///   - targets: The shares t of the classes, of the same shape: each class 0 or 1 for one true class.
  ///   - classes: K.
  public mutating func crossEntropy(
    _ logits: Int, _ targets: Int, classes: Int, smoothing: Double = 0, temperature: Double = 1
  ) -> Int {
    let scaled = temperature == 1 ? logits : multiply(logits, number: 1 / temperature)
    let logarithms = one("LogSoftmax", [scaled], ["axis": .integer(1)])
    let smooth = smoothing == 0 ? targets : add(multiply(targets, number: 1 - smoothing), number: smoothing / Double(classes))
    // The mean over everything counts each case K times.
    return multiply(mean(multiply(smooth, logarithms)), number: -Double(classes))
  }

  /// Binary cross entropy of logits: softplus(z) − t z, which is −t ln σ(z) − (1 − t) ln(1 − σ(z)).
  public mutating func binaryCrossEntropy(_ logits: Int, _ targets: Int) -> Int {
    let top = one("Softplus", [logits])
    return mean(subtract(top, multiply(targets, logits)))
  }

  /// The focal loss −α (1 − p)^γ ln p for true, −(1 − α) p^γ ln(1 − p) for false ones, p = σ(z) (Lin et al. 2017, equation 5); γ = 2.
  public mutating func focal(_ logits: Int, _ targets: Int, alpha: Double = 0.25) -> Int {
    let p = one("Sigmoid", [logits])
    let rest = subtract(number: 1, p)
    // −ln p = softplus(−z), −ln(1 − p) = softplus(z).
    let hit = multiply(multiply(rest, rest), one("Softplus", [negative(logits)]))
    let miss = multiply(multiply(p, p), one("Softplus", [logits]))
    let positive = multiply(multiply(hit, targets), number: alpha)
    let others = multiply(multiply(miss, subtract(number: 1, targets)), number: 1 - alpha)
    return mean(add(positive, others))
  }

  /// 1 − (2 Σ p g + ε)/(Σ p + Σ g + ε) over all numbers; with squares in the denominator as Milletari et al. 2016 have it.
  public mutating func dice(_ shares: Int, _ targets: Int, epsilon: Double = 1, isSquared: Bool = false) -> Int {
    let overlap = add(multiply(sum(multiply(shares, targets)), number: 2), number: epsilon)
    let sizes = [shares, targets].map { sum(isSquared ? multiply($0, $0) : $0) }
    return subtract(number: 1, divide(overlap, add(add(sizes[0], sizes[1]), number: epsilon)))
  }

  /// d²/(2 β) for |d| < β, else |d| − β/2 (Girshick 2015, equation 3): with c = min(|d|, β) it is c (|d| − c/2)/β.
  public mutating func smoothL1(_ values: Int, _ targets: Int, beta: Double = 1) -> Int {
    let distance = one("Abs", [subtract(values, targets)])
    let near = one("Min", [distance, constant(beta)])
    let factor = subtract(distance, multiply(near, number: 0.5))
    return mean(multiply(multiply(near, factor), number: 1 / beta))
  }

  /// Mean of −ln softmax_j(s_ij/τ) at j = i (van den Oord et al. 2018, equation 4); symmetric: the mean over rows and columns.
  ///
  /// - Parameters:
  ///   - scores: [count, count].
  ///   - identity: Ones on the diagonal.
  public mutating func infoNCE(
    _ scores: Int, identity: Int, count: Int, temperature: Double, isSymmetric: Bool = false
  ) -> Int {
    let rows = crossEntropy(scores, identity, classes: count, temperature: temperature)
    guard isSymmetric else { return rows }
    let columns = crossEntropy(transpose(scores, [1, 0]), identity, classes: count, temperature: temperature)
    return multiply(add(rows, columns), number: 0.5)
  }

  /// −1/n Σ ln σ(z (t s + b)), z = 1 on the diagonal, else −1, t = exp of the learned number (Zhai et al. 2023, equation 2).
  public mutating func sigmoidPairs(_ scores: Int, identity: Int, count: Int, logarithm: Int, bias: Int) -> Int {
    let logits = add(multiply(scores, one("Exp", [logarithm])), bias)
    let signs = add(multiply(identity, number: 2), number: -1)
    let loss = one("Softplus", [negative(multiply(signs, logits))])
    return multiply(sum(loss), number: 1 / Double(count))
  }

  /// The comp-sum family ((1 + u)^{1 − τ} − 1)/(1 − τ), 1 + u = 1/p of the true class; τ = 1: cross entropy (Mao, Mohri and Zhong 2023,
  /// equation 3).
  public mutating func compSum(_ logits: Int, _ targets: Int, classes: Int, tau: Double) -> Int {
    let logarithms = one("LogSoftmax", [logits], ["axis": .integer(1)])
    let chosen = sum(multiply(logarithms, targets), axes: [1], keepsAxes: false)
    // Within this distance of one the quotient loses more digits than the limit is off.
    let isLimit = abs(tau - 1) < 1e-4
    if isLimit { return negative(mean(chosen)) }
    let power = one("Exp", [multiply(chosen, number: tau - 1)])
    return multiply(mean(add(power, number: -1)), number: 1 / (1 - tau))
  }

  /// mix(hard, soft, share) with soft = τ² KL(softmax(z_t/τ) ‖ softmax(z_s/τ)) (Hinton, Vinyals and Dean 2015, section 2).
  ///
  /// - Parameters:
  ///   - student: [batch, classes]; gradients flow through it alone.
  ///   - hard: The loss on the true classes.
  public mutating func distillation(
    student: Int, teacher: Int, hard: Int, temperature: Double, share: Double, classes: Int
  ) -> Int {
    let logarithms = [student, stopGradient(teacher)].map {
      one("LogSoftmax", [multiply($0, number: 1 / temperature)], ["axis": .integer(1)])
    }
    let terms = multiply(one("Exp", [logarithms[1]]), subtract(logarithms[1], logarithms[0]))
    let soft = multiply(mean(terms), number: temperature * temperature * Double(classes))
    return mix(hard, soft, constant(share))
  }

  /// M = mix(L₁, mix(L₂, …, b₂), b₁): losses with weights that sum to one.
  ///
  /// - Parameter weights: One for each loss, none negative; learned weights would all move to the smallest loss.
  public mutating func mixed(_ losses: [Int], weights: [Double]) throws -> Int {
    let total = weights.reduce(0, +)
    guard losses.count == weights.count, let last = losses.last, total > 0, weights.allSatisfy({ $0 >= 0 }) else {
      throw TrainingError("A mix of \(losses.count) losses needs as many weights, none negative and one of them positive.")
    }
    var (mixed, mass) = (last, weights[weights.count - 1])
    for place in losses.indices.dropLast().reversed() {
      // b = what follows over what follows and this one.
      let share = mass + weights[place] > 0 ? mass / (mass + weights[place]) : 1
      mixed = mix(losses[place], mixed, constant(share))
      mass += weights[place]
    }
    return mixed
  }
}
