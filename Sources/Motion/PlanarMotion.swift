import Geometry

/// A Kalman filter for a point of the plane and its velocity, with the 4×4 covariance kept as 2×2 blocks.
///
/// Serves the centre of a box in pixels and, just so, its shape coordinates (q, r).
@frozen
public struct PlanarMotion: Hashable, Sendable, Codable {
  /// The mean position, pixels.
  public var position: Point
  /// Per second.
  public var velocity: Point
  /// Of the position, px².
  public var positionCovariance: SymmetricMatrix2
  /// cov(position, velocity): rows are the position's axes, columns the velocity's.
  public var crossCovariance: Matrix2
  /// Of the velocity, px²∕s².
  public var velocityCovariance: SymmetricMatrix2

  /// - Parameters:
  ///   - position: Pixels.
  ///   - velocity: Pixels per second.
  ///   - crossCovariance: cov(position, velocity): rows are the position's axes, columns the velocity's.
  @inlinable
  public init(
    position: Point, velocity: Point, positionCovariance: SymmetricMatrix2, crossCovariance: Matrix2,
    velocityCovariance: SymmetricMatrix2
  ) {
    self.position = position
    self.velocity = velocity
    self.positionCovariance = positionCovariance
    self.crossCovariance = crossCovariance
    self.velocityCovariance = velocityCovariance
  }

  /// A point just seen, whose velocity is unknown around zero.
  @inlinable
  public init(position: Point, noise: SymmetricMatrix2, velocityCovariance: SymmetricMatrix2) {
    self.init(
      position: position, velocity: .zero, positionCovariance: noise, crossCovariance: Matrix2(0, 0, 0, 0),
      velocityCovariance: velocityCovariance)
  }

  /// Moves the state one step ahead; `acceleration` is the covariance of the acceleration's noise (its density for `MotionStep.white`).
  @inlinable
  public mutating func predict(_ step: MotionStep, acceleration: SymmetricMatrix2) {
    let a = step.reach
    let b = step.persistence
    let v = velocityCovariance
    let c = crossCovariance
    position += velocity * a
    velocity = velocity * b
    positionCovariance = SymmetricMatrix2(
      xx: positionCovariance.xx + 2 * a * c.a + a * a * v.xx + step.positionNoise * acceleration.xx,
      xy: positionCovariance.xy + a * (c.b + c.c) + a * a * v.xy + step.positionNoise * acceleration.xy,
      yy: positionCovariance.yy + 2 * a * c.d + a * a * v.yy + step.positionNoise * acceleration.yy)
    crossCovariance = Matrix2(
      b * (c.a + a * v.xx) + step.crossNoise * acceleration.xx,
      b * (c.b + a * v.xy) + step.crossNoise * acceleration.xy,
      b * (c.c + a * v.xy) + step.crossNoise * acceleration.xy,
      b * (c.d + a * v.yy) + step.crossNoise * acceleration.yy)
    velocityCovariance = v * (b * b) + acceleration * step.velocityNoise
  }

  /// The innovation of a measured position with this noise.
  @inlinable
  public func innovation(of measured: Point, noise: SymmetricMatrix2) -> PlanarInnovation {
    PlanarInnovation(residual: measured - position, covariance: positionCovariance + noise)
  }

  /// Takes in a measured position; a measurement whose innovation covariance is singular changes nothing.
  ///
  /// The position's block is updated in Joseph's form, which stays positive definite under rounding; the gain being optimal, the other
  /// blocks reduce to C' = (I − K) C and V' = V − Cᵀ S⁻¹ C.
  @inlinable
  public mutating func update(_ measured: Point, noise: SymmetricMatrix2) {
    guard let inverse = (positionCovariance + noise).inverse else { return }
    let residual = measured - position
    let p = positionCovariance
    let c = crossCovariance
    let gain = Matrix2(
      p.xx * inverse.xx + p.xy * inverse.xy, p.xx * inverse.xy + p.xy * inverse.yy,
      p.xy * inverse.xx + p.yy * inverse.xy, p.xy * inverse.xy + p.yy * inverse.yy)
    let velocityGain = Matrix2(
      c.a * inverse.xx + c.c * inverse.xy, c.a * inverse.xy + c.c * inverse.yy,
      c.b * inverse.xx + c.d * inverse.xy, c.b * inverse.xy + c.d * inverse.yy)
    let kept = Matrix2(1 - gain.a, -gain.b, -gain.c, 1 - gain.d)
    position += gain * residual
    velocity += velocityGain * residual
    positionCovariance = kept.transform(p) + gain.transform(noise)
    crossCovariance = kept * c
    let reduction = velocityGain * c
    velocityCovariance = SymmetricMatrix2(
      xx: velocityCovariance.xx - reduction.a, xy: velocityCovariance.xy - (reduction.b + reduction.c) / 2,
      yy: velocityCovariance.yy - reduction.d)
  }

  /// Moves the state with a linear map of the plane about its own position, which goes to `position`: velocity and all covariances turn with it.
  @inlinable
  public mutating func transform(_ map: Matrix2, position moved: Point) {
    position = moved
    velocity = map * velocity
    positionCovariance = map.transform(positionCovariance)
    velocityCovariance = map.transform(velocityCovariance)
    crossCovariance = map * crossCovariance * Matrix2(map.a, map.c, map.b, map.d)
  }

  /// Whether every number is finite and both covariances have positive variances.
  public var isSound: Bool {
    position.isFinite && velocity.isFinite && positionCovariance.isPositiveDefinite
      && velocityCovariance.isPositiveDefinite && crossCovariance.determinant.isFinite
  }
}
