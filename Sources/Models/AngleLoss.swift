internal import NetworkTraining

/// What a box's angle costs near squares, where Gaussians hardly tell it.
///
/// Two Gaussians of one centre and shape, turned by φ, have Bhattacharyya's distance ½ ln(1 + sinh²ρ sin²φ), ρ the logarithm of the sides'
/// ratio (docs/gaussian-boxes.md, "Distances"): to the second order ½ sinh²ρ φ², which vanishes towards squares. (q, r) = ρ (cos 2θ, sin 2θ) tells the
/// angle there as elsewhere, only that it is short.
enum AngleLoss {
  /// ρ below which a direction counts less: annotated sides are not known to better than a tenth, and what they differ by below that is chance.
  static let softness = 0.1
}

extension GraphBuilder {
  /// ½ |u − t|² ∕ cosh²ρ of each cell, [batch, 1, rows, columns]: u = (q, r) ∕ √(q² + r² + δ²) of what is found, t the same of the target, ρ the
  /// target's √(q² + r²), δ `AngleLoss.softness`.
  ///
  /// Of shapes longer than δ, ½ |u − t|² is 1 − cos 2φ ≈ 2 φ²; over cosh²ρ = 1 + sinh²ρ it counts where the Gaussians' own slope does not.
  /// A square's t is 0: it asks for a square, and for no angle.
  ///
  /// - Parameters:
  ///   - found: [batch, 5, rows, columns], see `DetectorModel.boxChannels`; `targets` likewise.
  mutating func angleLoss(_ found: Int, _ targets: Int) -> Int {
    let (a, b) = (boxChannels(found), boxChannels(targets))
    let (first, second) = (direction(q: a[3], r: a[4]), direction(q: b[3], r: b[4]))
    let (dq, dr) = (subtract(first.q, second.q), subtract(first.r, second.r))
    let apart = multiply(add(multiply(dq, dq), multiply(dr, dr)), number: 0.5)
    let rho = one("Sqrt", [add(multiply(b[3], b[3]), multiply(b[4], b[4]))])
    let even = multiply(add(one("Exp", [rho]), one("Exp", [negative(rho)])), number: 0.5)
    return divide(apart, multiply(even, even))
  }

  private mutating func direction(q: Int, r: Int) -> (q: Int, r: Int) {
    let squares = add(multiply(q, q), multiply(r, r))
    let length = one("Sqrt", [add(squares, number: AngleLoss.softness * AngleLoss.softness)])
    return (divide(q, length), divide(r, length))
  }
}
