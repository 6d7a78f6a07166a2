/// The finite differences that smoothness is measured by.
public enum FiniteDifference {
  /// The binomial coefficients with alternating signs, the highest index last: (1, −2, 1) for order 2.
  public static func kernel(order: Int) -> [Double] {
    var kernel = [1.0]
    for _ in 0..<order {
      kernel = zip([0] + kernel, kernel + [0]).map { $0 - $1 }
    }
    return kernel
  }
}
