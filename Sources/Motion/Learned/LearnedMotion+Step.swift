import Foundation
import Geometry

/// The step of a point by its own motion: how place and velocity follow from the velocity before, to first order.
@frozen
public struct PlanarTransition: Hashable, Sendable, Codable {
  /// d(place')/d(velocity), seconds.
  public var reach: Matrix2
  /// d(velocity')/d(velocity).
  public var persistence: Matrix2

  /// - Parameters:
  ///   - reach: d(place')/d(velocity), seconds.
  ///   - persistence: d(velocity')/d(velocity).
  @inlinable
  public init(reach: Matrix2, persistence: Matrix2) {
    self.reach = reach
    self.persistence = persistence
  }

  /// The same in all directions.
  public init(_ step: MotionStep) {
    reach = .identity * step.reach
    persistence = .identity * step.persistence
  }
}

extension LearnedMotion {
  /// Part steps are no longer than this, seconds: with rates of a few per second their error is below that of the rates.
  public static var longestPart: Double { 0.2 }
  /// At most so many: longer times are cut into longer parts.
  static var mostParts: Int { 64 }

  /// The number of part steps of a time.
  @inline(never)
  public static func parts(of seconds: Double) -> Int {
    seconds > longestPart ? Int(bounded: (seconds / longestPart - 1e-9).rounded(.up), in: 1...mostParts) : 1
  }

  /// Where a state goes in a time without noise, with the exact derivative of that by the velocity at its start.
  ///
  /// - Parameters:
  ///   - share: How much the curves count.
  ///   - growth: The rate of the logarithm of the area, per second.
  ///   - unit: The model's unit of length in that of the positions.
  /// - Returns: The way, the velocity behind it, the transition, and the noise's density at the start.
  public func advance(
    velocity start: Point, memory: inout MotionMemory, seconds: Double, share: Double, growth: Double, unit: Double
  ) -> (way: Point, velocity: Point, transition: PlanarTransition, density: SymmetricMatrix2) {
    let parts = LearnedMotion.parts(of: seconds)
    let h = seconds / Double(parts)
    var (way, velocity) = (Point.zero, start)
    // Derivatives by the velocity at the start: of the place, the velocity, its remembered mean and its trend.
    let zero = Matrix2(0, 0, 0, 0)
    var (reach, persistence, remembrance, inclination) = (zero, Matrix2.identity, zero, zero)
    var density = SymmetricMatrix2.identity
    for part in 0..<parts {
      let features = features(memory, velocity: velocity, growth: growth, unit: unit)
      let acceleration = acceleration(features, velocity: velocity, memory: memory, share: share)
      if part == 0 { density = self.density(acceleration.rates, velocity: velocity, unit: unit) }
      let change =
        acceleration.byVelocity * persistence + acceleration.byMemory * remembrance + acceleration.byTrend * inclination
      way += velocity * h + acceleration.value * (h * h / 2)
      reach = reach + persistence * h + change * (h * h / 2)
      let step = memory.follow(velocity, seconds: h, span: memorySeconds)
      inclination = step.trend(inclination, departure: persistence - remembrance)
      remembrance = remembrance + (persistence - remembrance) * step.weight
      velocity += acceleration.value * h
      persistence = persistence + change * h
    }
    return (way, velocity, PlanarTransition(reach: reach, persistence: persistence), density)
  }

  /// The same by the plain part alone: where its constants lead.
  @inline(__always)
  func plainWay(velocity start: Point, memory: MotionMemory, seconds: Double) -> Point {
    let parts = LearnedMotion.parts(of: seconds)
    let h = seconds / Double(parts)
    var (way, velocity, memory) = (Point.zero, start, memory)
    for _ in 0..<parts {
      let acceleration =
        velocity * curves.constants[0] + (velocity - memory.mean) * curves.constants[1] + memory.trend * curves.constants[3]
      way += velocity * h + acceleration * (h * h / 2)
      _ = memory.follow(velocity, seconds: h, span: memorySeconds)
      velocity += acceleration * h
    }
    return way
  }
}

extension PlanarMotion {
  /// Moves the state on by a learned motion: the extended Kalman filter's prediction, P' = F P Fᵀ + Q with F = [[1, reach], [0, persistence]].
  ///
  /// - Parameters:
  ///   - memory: What the motion knows of the track; goes on with it.
  ///   - seconds: The time to move on by; none or less changes nothing.
  ///   - agitation: A factor of the noise.
  /// - Returns: How velocity led to the place, for a way back.
  @discardableResult
  public mutating func predict(
    by law: LearnedMotion, memory: inout MotionMemory, seconds: Double, growth: Double, unit: Double, agitation: Double = 1
  ) -> PlanarTransition {
    guard seconds > 0, unit > 0 else {
      memory.difference = .zero
      return PlanarTransition(reach: Matrix2(0, 0, 0, 0), persistence: .identity)
    }
    let share = memory.share
    memory.elapsed += seconds
    let plain = law.plainWay(velocity: velocity, memory: memory, seconds: seconds)
    let moved = law.advance(velocity: velocity, memory: &memory, seconds: seconds, share: share, growth: growth, unit: unit)
    // The way is nearly linear in the share: the whole difference is the part's over its share.
    memory.difference = share > 0 ? (moved.way - plain) / share : .zero
    position += moved.way
    velocity = moved.velocity
    spread(by: moved.transition, density: moved.density * agitation, seconds: seconds)
    return moved.transition
  }

  /// The covariance's part of a prediction, with the noise of a white acceleration of this density.
  @inline(__always)
  mutating func spread(by transition: PlanarTransition, density: SymmetricMatrix2, seconds dt: Double) {
    let (reach, persistence) = (transition.reach, transition.persistence)
    let velocities = Matrix2(velocityCovariance)
    let mixed = crossCovariance * reach.transposed
    let carried = crossCovariance + reach * velocities
    positionCovariance =
      positionCovariance + SymmetricMatrix2(symmetric: mixed + mixed.transposed) + reach.transform(velocityCovariance)
      + density * (dt * dt * dt / 3)
    crossCovariance = carried * persistence.transposed + Matrix2(density) * (dt * dt / 2)
    velocityCovariance = persistence.transform(velocityCovariance) + density * dt
  }
}
