internal import NetworkTraining

/// What a detector's training makes small of the scores of centres.
public enum CentreLoss: String, Sendable, CaseIterable, Codable {
  /// The focal loss with −ln p (Law and Deng 2018, "CornerNet", equation 1).
  case focal
  /// The same with (1 − p^q) ∕ q in the place of −ln p: the comp-sum loss of two classes with τ = 1 + q (Mao, Mohri and Zhong 2023,
  /// "Cross-entropy loss functions: theoretical analysis and applications", equation 3), which is the generalised cross entropy of Zhang and
  /// Sabuncu 2018. It is at most 1 ∕ q, so that a label that is wrong pulls the less the surer the network is that it is wrong.
  case compSum = "comp-sum"

  /// q of comp-sum: half of the way from the cross entropy to the mean absolute error, which learns slowly from rare centres.
  static let power = 0.5
}

extension GraphBuilder {
  /// Σ (c (1 − p)² f(p) + b p² f(1 − p)) ∕ (1 + Σ c), f as `CentreLoss` has it: with −ln p the focal loss of centres (Law and Deng 2018,
  /// equation 1, with α = 2), where b holds its (1 − y)⁴.
  ///
  /// - Parameters:
  ///   - logits: [batch, classes, rows, columns].
  ///   - centres: c, of the same shape; `background`, b, likewise.
  mutating func centreLoss(_ kind: CentreLoss, _ logits: Int, centres: Int, background: Int) -> Int {
    let p = one("Sigmoid", [logits])
    let rest = subtract(number: 1, p)
    let hit = multiply(multiply(rest, rest), surprise(kind, p, logits))
    let miss = multiply(multiply(p, p), surprise(kind, rest, negative(logits)))
    let total = sum(add(multiply(hit, centres), multiply(miss, background)))
    return divide(total, add(sum(centres), number: 1))
  }

  /// −ln p or (1 − p^q) ∕ q of a probability p, the sigmoid of the logits.
  private mutating func surprise(_ kind: CentreLoss, _ p: Int, _ logits: Int) -> Int {
    switch kind {
    case .focal:
      // The least probability that a logarithm is taken of: 32-bit floats of a logit below −16 are 0.
      return negative(one("Log", [add(p, number: 1e-7)]))
    case .compSum:
      // p^q = e^(−q softplus(−z)), whose slope is finite where p is 0.
      let power = one("Exp", [multiply(one("Softplus", [negative(logits)]), number: -CentreLoss.power)])
      return multiply(subtract(number: 1, power), number: 1 / CentreLoss.power)
    }
  }
}
