import Foundation
import Geometry

/// A point of the plane that is followed by a learned motion: a filter over its measured places, and forecasts from it.
public struct PointMotion: Sendable, Hashable {
  /// Place and velocity.
  public var state: PlanarMotion
  /// What is known beside them.
  public var memory = MotionMemory()

  /// A point just seen.
  ///
  /// - Parameter unit: The motion's unit of length in that of the positions.
  public init(_ position: Point, law: LearnedMotion, unit: Double = 1) {
    let speed = law.initialSpeed * unit
    state = PlanarMotion(
      position: position, noise: law.measurementNoise(unit: unit), velocityCovariance: .identity * (speed * speed))
  }

  /// Moves on by a time.
  ///
  /// - Parameters:
  ///   - growth: The rate of the logarithm of the object's area, per second; 0 for a point.
  public mutating func predict(by law: LearnedMotion, seconds: Double, growth: Double = 0, unit: Double = 1) {
    state.predict(by: law, memory: &memory, seconds: seconds, growth: growth, unit: unit)
  }

  /// Takes in a measured place.
  ///
  /// - Returns: What it said against the prediction.
  @discardableResult
  public mutating func update(_ measured: Point, law: LearnedMotion, unit: Double = 1) -> PlanarInnovation {
    let noise = law.measurementNoise(unit: unit)
    let innovation = state.innovation(of: measured, noise: noise)
    memory.judge(innovation)
    state.update(measured, noise: noise)
    return innovation
  }

  /// The states after each of some steps of time, seconds.
  public func forecast(by law: LearnedMotion, steps: [Double], growth: Double = 0, unit: Double = 1) -> [PlanarMotion] {
    var point = self
    return steps.map { seconds in
      point.predict(by: law, seconds: seconds, growth: growth, unit: unit)
      return point.state
    }
  }

  /// One way that the point may go, drawn from the filter's own distribution: a state of its covariance, and noise in each step.
  ///
  /// - Parameters:
  ///   - steps: Seconds from each place to the next one.
  ///   - normal: Gives standard normal numbers.
  public func sample(by law: LearnedMotion, steps: [Double], unit: Double = 1, normal: () -> Double) -> [Point] {
    var point = self
    point.state.collapse(normal)
    return steps.map { seconds in
      point.predict(by: law, seconds: seconds, unit: unit)
      point.state.collapse(normal)
      return point.state.position
    }
  }
}

extension PlanarMotion {
  /// Replaces the state by one that is drawn from its distribution and known.
  ///
  /// The place is drawn first, then the velocity given the place (the covariance's Schur complement).
  mutating func collapse(_ normal: () -> Double) {
    let shift = positionCovariance.root * Point(normal(), normal())
    var rest = velocityCovariance
    var change = Point.zero
    if let inverse = positionCovariance.inverse {
      let gain = crossCovariance.transposed * Matrix2(inverse)
      let explained = gain * crossCovariance
      rest = SymmetricMatrix2(
        xx: rest.xx - explained.a, xy: rest.xy - (explained.b + explained.c) / 2, yy: rest.yy - explained.d)
      change = gain * shift
    }
    position += shift
    velocity += change + rest.root * Point(normal(), normal())
    positionCovariance = SymmetricMatrix2(xx: 0, xy: 0, yy: 0)
    crossCovariance = Matrix2(0, 0, 0, 0)
    velocityCovariance = SymmetricMatrix2(xx: 0, xy: 0, yy: 0)
  }
}

extension SymmetricMatrix2 {
  /// The lower triangular L with L Lᵀ = self; what rounding made negative counts as zero.
  var root: Matrix2 {
    let a = max(0, xx).squareRoot()
    let c = a > 0 ? xy / a : 0
    return Matrix2(a, 0, c, max(0, yy - c * c).squareRoot())
  }
}
