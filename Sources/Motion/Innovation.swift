import Foundation
import Geometry

/// What a measurement of the plane said against its prediction.
@frozen
public struct PlanarInnovation: Hashable, Sendable {
  /// Measured minus predicted.
  public var residual: Point
  /// The residual's predicted covariance.
  public var covariance: SymmetricMatrix2

  /// - Parameters:
  ///   - residual: Measured less predicted.
  ///   - covariance: Of the residual: the state's and the measurement's.
  @inlinable
  public init(residual: Point, covariance: SymmetricMatrix2) {
    self.residual = residual
    self.covariance = covariance
  }

  /// The normalised innovation squared, χ² with two degrees of freedom for a consistent filter; infinite for a singular covariance.
  @inlinable
  public var normalizedSquare: Double {
    let d = covariance.determinant
    guard d > 0 else { return .infinity }
    return
      (covariance.yy * residual.x * residual.x - 2 * covariance.xy * residual.x * residual.y
      + covariance.xx * residual.y * residual.y) / d
  }

  /// What `normalizedSquare` stays below in nine of ten cases: −2 ln 0.1.
  public static let nineTenths = 4.605170185988092

  /// The logarithm of the measurement's density; −∞ for a singular covariance.
  public var logLikelihood: Double {
    let d = covariance.determinant
    guard d > 0 else { return -.infinity }
    return -(normalizedSquare + log(d)) / 2 - log(2 * .pi)
  }
}
