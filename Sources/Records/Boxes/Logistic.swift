import Foundation

/// The logistic function between logits and probabilities.
public enum Logistic {
  /// 1 / (1 + exp(−logit)).
  public static func probability(_ logit: Double) -> Double {
    1 / (1 + exp(-logit))
  }

  /// ln(p / (1 − p)); p is kept 1e-12 away from 0 and 1.
  public static func logit(_ probability: Double) -> Double {
    let p = min(max(probability, 1e-12), 1 - 1e-12)
    return log(p / (1 - p))
  }
}
