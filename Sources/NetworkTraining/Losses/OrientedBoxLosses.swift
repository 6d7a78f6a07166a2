internal import NetworkGraph

/// Distances of oriented boxes as Gaussians, for losses; formulas in `docs/gaussian-boxes.md`, "Distances".
extension GraphBuilder {
  /// A box's five numbers as its centre and covariance; every value is [boxes, 1].
  private struct Gaussian {
    let x: Int, y: Int
    let xx: Int, xy: Int, yy: Int
    /// xx yy − xy², without cancellation.
    let determinant: Int
  }

  /// Σ = R diag(w², h²)/k Rᵀ of boxes [count, 5]: cx, cy, w, h in pixels, the angle in radians from x towards y.
  private mutating func gaussian(_ boxes: Int, divisor: Double) -> Gaussian {
    let parts = (0..<5).map { slice(boxes, axis: 1, $0..<$0 + 1) }
    let (a, b) = (
      multiply(multiply(parts[2], parts[2]), number: 1 / divisor), multiply(multiply(parts[3], parts[3]), number: 1 / divisor)
    )
    let (c, s) = (one("Cos", [parts[4]]), one("Sin", [parts[4]]))
    let (cc, ss) = (multiply(c, c), multiply(s, s))
    return Gaussian(
      x: parts[0], y: parts[1], xx: add(multiply(a, cc), multiply(b, ss)), xy: multiply(subtract(a, b), multiply(s, c)),
      yy: add(multiply(a, ss), multiply(b, cc)), determinant: multiply(a, b))
  }

  /// dᵀ A⁻¹ d · det A for A = [[xx, xy], [xy, yy]] and the difference of the centres.
  private mutating func form(_ a: Gaussian, _ b: Gaussian, xx: Int, xy: Int, yy: Int) -> Int {
    let (dx, dy) = (subtract(a.x, b.x), subtract(a.y, b.y))
    let squares = add(multiply(yy, multiply(dx, dx)), multiply(xx, multiply(dy, dy)))
    return subtract(squares, multiply(multiply(xy, multiply(dx, dy)), number: 2))
  }

  /// Bhattacharyya's distance of each pair, [count, 1]: variances are sides² ∕ 12.
  public mutating func bhattacharyya(_ first: Int, _ second: Int) -> Int {
    let (a, b) = (gaussian(first, divisor: 12), gaussian(second, divisor: 12))
    let (xx, xy, yy) = (add(a.xx, b.xx), add(a.xy, b.xy), add(a.yy, b.yy))
    let determinant = subtract(multiply(xx, yy), multiply(xy, xy))
    let offset = multiply(divide(form(a, b, xx: xx, xy: xy, yy: yy), determinant), number: 0.25)
    let root = multiply(one("Sqrt", [multiply(a.determinant, b.determinant)]), number: 4)
    return add(offset, multiply(one("Log", [divide(determinant, root)]), number: 0.5))
  }

  /// Hellinger's distance √(1 − e⁻ᴮ + ε) of each pair, one minus ProbIoU (Llerena et al. 2021); ε keeps the slope finite at equal boxes.
  public mutating func hellinger(_ first: Int, _ second: Int, epsilon: Double = 1e-7) -> Int {
    let likeness = one("Exp", [negative(bhattacharyya(first, second))])
    return one("Sqrt", [subtract(number: 1 + epsilon, likeness)])
  }

  /// The squared Wasserstein distance of each pair in pixels², variances sides² ∕ 4 (Yang et al. 2021, "GWD", equation 4):
  /// |δ|² + tr Σ₁ + tr Σ₂ − 2 √(tr(Σ₁ Σ₂) + 2 √(det Σ₁ det Σ₂)).
  public mutating func wasserstein(_ first: Int, _ second: Int) -> Int {
    let (a, b) = (gaussian(first, divisor: 4), gaussian(second, divisor: 4))
    let (dx, dy) = (subtract(a.x, b.x), subtract(a.y, b.y))
    let offset = add(multiply(dx, dx), multiply(dy, dy))
    let traces = add(add(a.xx, a.yy), add(b.xx, b.yy))
    let crossed = add(add(multiply(a.xx, b.xx), multiply(a.yy, b.yy)), multiply(multiply(a.xy, b.xy), number: 2))
    let roots = multiply(one("Sqrt", [multiply(a.determinant, b.determinant)]), number: 2)
    return subtract(add(offset, traces), multiply(one("Sqrt", [add(crossed, roots)]), number: 2))
  }

  /// Kullback and Leibler's divergence KL(first ‖ second) of each pair, variances sides² ∕ 4 (Yang et al. 2021, "KLD", equation 4):
  /// ½ (δᵀ Σ₂⁻¹ δ + tr(Σ₂⁻¹ Σ₁) + ln(det Σ₂ ∕ det Σ₁)) − 1.
  public mutating func divergence(_ first: Int, _ second: Int) -> Int {
    let (a, b) = (gaussian(first, divisor: 4), gaussian(second, divisor: 4))
    let offset = form(a, b, xx: b.xx, xy: b.xy, yy: b.yy)
    let crossed = add(multiply(b.yy, a.xx), multiply(b.xx, a.yy))
    let trace = subtract(crossed, multiply(multiply(b.xy, a.xy), number: 2))
    let quotient = divide(add(offset, trace), b.determinant)
    let logarithm = one("Log", [divide(b.determinant, a.determinant)])
    return add(multiply(add(quotient, logarithm), number: 0.5), number: -1)
  }

  /// 1 − 1/(1 + ln(1 + d)): a distance as a loss in [0, 1) (Yang et al. 2021).
  public mutating func bounded(_ distance: Int) -> Int {
    let logarithm = one("Log", [add(distance, number: 1)])
    return subtract(number: 1, one("Reciprocal", [add(logarithm, number: 1)]))
  }
}
