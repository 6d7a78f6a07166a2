import Foundation

/// A 2×2 covariance by its matrix logarithm, log Σ = [[p + q, r], [r, p − q]].
///
/// Three unconstrained numbers, smooth at squares, in which averaging and filtering are plain vector arithmetic: p is the logarithm of
/// the area (up to a constant), (q, r) has the length ln(w/h) and twice the box's angle.
/// With J = [[q, r], [r, −q]] and ρ = |(q, r)|, J² = ρ² I, so that the power series of exp splits: exp(p I + J) =
/// exp(p) (cosh ρ I + sinh ρ/ρ J), and its derivatives and the logarithm follow in closed form.
/// Source: log-Euclidean metrics after Arsigny et al., "Log-Euclidean metrics for fast and simple calculus on diffusion tensors", 2006.
@frozen
public struct LogCovariance: Hashable, Sendable, Codable {
  /// Half the logarithm of the determinant.
  public var p: Double
  /// (log xx − log yy)/2: how much longer the box is along x than along y.
  public var q: Double
  /// The off-diagonal entry of the logarithm.
  public var r: Double

  /// The logarithm by its three numbers.
  @inlinable
  public init(p: Double, q: Double, r: Double) {
    self.p = p
    self.q = q
    self.r = r
  }

  /// The logarithm of a positive definite matrix; nil where it is not one.
  public init?(_ s: SymmetricMatrix2) {
    guard s.isPositiveDefinite else { return nil }
    let mean = s.trace / 2
    let difference = (s.xx - s.yy) / 2
    let radius = hypot(difference, s.xy)
    // atanh(radius/mean)/radius; near a circle by its series, else through the eigenvalues so that thin boxes keep their digits.
    let gain: Double
    if radius < 1e-4 * mean {
      gain = 1 / mean + radius * radius / (3 * mean * mean * mean)
    } else {
      let major = mean + radius
      gain = 0.5 * Foundation.log(major * major / s.determinant) / radius
    }
    self.init(p: 0.5 * Foundation.log(s.determinant), q: gain * difference, r: gain * s.xy)
  }

  /// |(q, r)|: the logarithm of the sides' ratio.
  @inlinable public var elongation: Double { Scalar.hypot(q, r) }

  /// The direction of the longer side in [−π/2, π/2]; meaningless at a square.
  @inlinable public var angle: Double { 0.5 * Scalar.atan2(r, q) }

  /// The covariance, Σ = exp(p) (cosh ρ I + sinh ρ/ρ [[q, r], [r, −q]]), ρ = |(q, r)|.
  public var covariance: SymmetricMatrix2 {
    let rho = elongation
    let scale = exp(p)
    let s = LogCovariance.sinhOverArgument(rho)
    let c = cosh(rho)
    return SymmetricMatrix2(xx: scale * (c + s * q), xy: scale * s * r, yy: scale * (c - s * q))
  }

  /// The derivatives of (xx, xy, yy) with respect to (p, q, r): columns in that order.
  public var covarianceDerivatives: (p: SymmetricMatrix2, q: SymmetricMatrix2, r: SymmetricMatrix2) {
    let rho = elongation
    let e = exp(p)
    let s = LogCovariance.sinhOverArgument(rho)
    let t =
      rho < 0.01
      ? 1.0 / 3 + rho * rho / 30 + rho * rho * rho * rho / 840
      : (rho * cosh(rho) - sinh(rho)) / (rho * rho * rho)
    return (
      p: covariance,
      q: SymmetricMatrix2(xx: e * (s * q + t * q * q + s), xy: e * t * q * r, yy: e * (s * q - t * q * q - s)),
      r: SymmetricMatrix2(xx: e * (s * r + t * q * r), xy: e * (t * r * r + s), yy: e * (s * r - t * q * r))
    )
  }

  private static func sinhOverArgument(_ rho: Double) -> Double {
    rho < 1e-4 ? 1 + rho * rho / 6 : sinh(rho) / rho
  }
}
