import Foundation

/// The χ² distribution with a whole number of degrees of freedom.
public enum ChiSquare {
  /// P(χ² ≤ x) by its finite sum, exact up to rounding; 0 for x ≤ 0.
  public static func cumulative(_ x: Double, degrees: Int) -> Double {
    guard x > 0, degrees > 0 else { return 0 }
    guard x.isFinite else { return 1 }
    let half = x / 2
    // Upper tail: the sum over j of half^(start + j) exp(−half) / Γ(start + j + 1), after erfc for odd degrees.
    var tail = degrees % 2 == 0 ? 0 : erfc(half.squareRoot())
    var exponent = degrees % 2 == 0 ? 0.0 : 0.5
    while exponent < Double(degrees) / 2 {
      tail += exp(exponent * log(half) - half - lgamma(exponent + 1))
      exponent += 1
    }
    return max(0, 1 - tail)
  }

  /// The value that χ² stays below with this probability, by bisection; infinite for 1.
  public static func quantile(_ probability: Double, degrees: Int) -> Double {
    guard probability > 0, degrees > 0 else { return 0 }
    guard probability < 1 else { return .infinity }
    var low = 0.0
    var high = Double(degrees)
    while cumulative(high, degrees: degrees) < probability, high < 1e6 { high *= 2 }
    for _ in 0..<100 {
      let middle = (low + high) / 2
      if cumulative(middle, degrees: degrees) < probability { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
