import Foundation
import Geometry

/// A direction of travel.
@frozen
public struct Course: Hashable, Sendable {
  /// Radians in [−π, π), from the x axis towards the y axis.
  public var angle: Double
  /// Its standard deviation, radians; below that of a direction of which nothing is known, π/√3.
  public var deviation: Double

  /// A direction by its angle and standard deviation, radians.
  @inlinable
  public init(angle: Double, deviation: Double) {
    self.angle = angle
    self.deviation = deviation
  }

  /// The share of objects that stand still to which a course is given all the same: the customary level of significance.
  public static let significance = 0.05
  /// The standard deviation of an angle that is equally likely everywhere on the circle, radians.
  public static let unknownDeviation = Double.pi / 3.0.squareRoot()
}

extension PlanarMotion {
  /// The direction of the velocity; nil where the velocity does not stand out from its own covariance, or its direction is as good as unknown.
  ///
  /// Of an object that stands still, vᵀ V⁻¹ v is distributed as χ² with two degrees of freedom, which lies above −2 ln α with probability
  /// α = `Course.significance` (docs/motion-models.md, "Course"). The deviation is that of the angle to first order, √(nᵀ V n) / |v| with n
  /// across v.
  public var course: Course? {
    let squaredSpeed = velocity.squaredLength
    guard squaredSpeed > 0, let inverse = velocityCovariance.inverse else { return nil }
    guard inverse.quadraticForm(velocity) > -2 * log(Course.significance) else { return nil }
    let across = Point(-velocity.y, velocity.x)
    let deviation = velocityCovariance.quadraticForm(across).squareRoot() / squaredSpeed
    guard deviation < Course.unknownDeviation else { return nil }
    return Course(angle: Angle.wrappedHeading(velocity.angle), deviation: deviation)
  }
}
