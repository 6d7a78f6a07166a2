import Foundation
import Geometry
import Splines

/// How things of one kind move: an acceleration of a linear part and a KAN, and noise that depends on the state.
///
/// With the velocity v and a memory m of it, a velocity's mean over the last `memorySeconds`,
///
///     dv/dt = g v + r (v − m) + noise,   dm/dt = (v − m)/memorySeconds
///
/// where the rates g and r and the logarithm of the noise are sums of curves (`MotionCurves`) of the features of v and m. The plain part
/// has the rates' constants alone. docs/motion-models.md, "Learned motion", derives what follows from it.
public struct LearnedMotion: Sendable, Hashable {
  /// What lengths are measured in.
  public enum Unit: String, Sendable, Hashable, Codable, CaseIterable {
    /// The geometric mean of the box's sides: objects in pictures.
    case side
    /// The unit of the positions: points on the ground.
    case length
  }

  /// What lengths are measured in.
  public var unit = Unit.length
  /// The KAN.
  public var curves: MotionCurves
  /// f, the speed below which directions mean nothing, units per second.
  public var floorSpeed: Double
  /// Seconds over which the velocity is remembered.
  public var memorySeconds: Double
  /// The density of the acceleration's noise, (units/s²)² per hertz, before the curve's factor.
  public var noise: Double
  /// How much more of it lies along the velocity, as a part of the rest; above −1.
  public var alongNoise: Double
  /// The error of a measured place as a part of the unit, and beside it in the positions' own unit.
  public var relativeError: Double
  /// Likewise, in the unit of the positions.
  public var absoluteError: Double
  /// The part of a measured place's error that lasts, in the unit: a detector that cuts an object off does so in frame after frame. No filter
  /// sees it, so it is beside the filter's uncertainty of where the object truly is.
  public var lastingError = 0.0
  /// The standard deviation of the velocity of what has just been seen, units per second.
  public var initialSpeed: Double

  /// A velocity that fades with a time constant, driven by white noise: today's Kalman filter.
  ///
  /// - Parameters:
  ///   - fading: Seconds in which velocities fade to 1/e.
  ///   - grids: One for each feature.
  ///   - noise: (units/s²)² per hertz.
  public init(
    unit: Unit, fading: Double, grids: [SplineGrid], floorSpeed: Double, memorySeconds: Double, noise: Double,
    relativeError: Double, absoluteError: Double, initialSpeed: Double
  ) {
    self.unit = unit
    curves = MotionCurves(grids: grids, constants: SIMD4(-1 / fading, 0, 0, 0))
    self.floorSpeed = floorSpeed
    self.memorySeconds = memorySeconds
    self.noise = noise
    alongNoise = 0
    self.relativeError = relativeError
    self.absoluteError = absoluteError
    self.initialSpeed = initialSpeed
  }

  /// The rates at a state and their derivatives.
  @frozen
  public struct Rates {
    /// g, r and the noise's logarithm.
    public var value: SIMD4<Double>
    /// Gradients of g and r by the velocity, with the memory held, and by the memory.
    public var growthByVelocity: Point
    public var departureByVelocity: Point
    public var growthByMemory: Point
    public var departureByMemory: Point
  }

  /// The features of a state.
  @inline(__always)
  public func features(_ state: MotionMemory, velocity: Point, growth: Double, unit: Double) -> MotionFeatures {
    MotionFeatures(velocity: velocity, memory: state.mean, growth: growth, unit: unit, floor: floorSpeed)
  }

  /// The rates where the curves count by a share from 0, the plain part, to 1.
  @inline(__always)
  public func rates(_ features: MotionFeatures, share: Double) -> Rates {
    let (full, slopes) = curves.evaluate(features.values)
    let value = curves.constants + share * (full - curves.constants)
    let s = (share * slopes.0, share * slopes.1, share * slopes.2)
    func gradient(_ output: Int, _ by: (Point, Point, Point)) -> Point {
      by.0 * s.0[output] + by.1 * s.1[output] + by.2 * s.2[output]
    }
    return Rates(
      value: value, growthByVelocity: gradient(0, features.byVelocity), departureByVelocity: gradient(1, features.byVelocity),
      growthByMemory: gradient(0, features.byMemory), departureByMemory: gradient(1, features.byMemory))
  }

  /// The density of the acceleration's noise at a state, in squared lengths.
  @inline(__always)
  public func density(_ value: SIMD4<Double>, velocity: Point, unit: Double) -> SymmetricMatrix2 {
    let strength = noise * unit * unit * exp(value[MotionCurves.Output.noise.rawValue])
    let floor = floorSpeed * unit
    let along = strength * alongNoise / (velocity.squaredLength + floor * floor)
    return SymmetricMatrix2(
      xx: strength + along * velocity.x * velocity.x, xy: along * velocity.x * velocity.y,
      yy: strength + along * velocity.y * velocity.y)
  }

  /// The covariance of a measured place's error.
  public func measurementNoise(unit: Double) -> SymmetricMatrix2 {
    let relative = relativeError * unit
    return .identity * (relative * relative + absoluteError * absoluteError)
  }
}

// MARK: - Bounds

extension LearnedMotion {
  /// The fastest growth of a velocity that is accepted, 1/s: e-fold in two seconds.
  public static let mostGrowth = 0.5
  /// The largest rate of either sign, 1/s: steps are short against it.
  public static let mostRate = 8.0
  /// The largest logarithm of the noise's factor of either sign.
  public static let mostLogNoise = 6.0

  /// Why no filter can use the model; nil for a sound one.
  ///
  /// The rates' bounds are proved by the curves' coefficients, so they hold for every state, of the data or not: a velocity that lies along
  /// its memory cannot grow faster than `mostGrowth`, nor a departure once `memorySeconds` has its share.
  public var problem: String? {
    let numbers = [floorSpeed, memorySeconds, noise, relativeError, absoluteError, lastingError, initialSpeed, alongNoise]
    guard numbers.allSatisfy({ $0.isFinite && abs($0) <= 1e9 }), curves.constants.isFinite,
      curves.coefficients.allSatisfy(\.isFinite)
    else { return "a number of it is not finite, or beyond any motion" }
    guard floorSpeed >= 1e-6, (0.01...3600).contains(memorySeconds), noise > 0, relativeError >= 0, absoluteError >= 0,
      lastingError >= 0, relativeError + absoluteError > 0, initialSpeed > 0, alongNoise > -1
    else { return "its floor, memory, noises or errors are not positive" }
    let growth = curves.bounds(of: .growth)
    let departure = curves.bounds(of: .departure)
    let noise = curves.bounds(of: .noise)
    guard growth.upperBound <= LearnedMotion.mostGrowth else {
      return
        "it is unstable: a velocity could grow by \(growth.upperBound) per second, and at most \(LearnedMotion.mostGrowth) is safe"
    }
    guard departure.upperBound - 1 / memorySeconds <= LearnedMotion.mostGrowth else {
      return "it is unstable: a change of velocity could grow by \(departure.upperBound - 1 / memorySeconds) per second"
    }
    guard growth.lowerBound >= -LearnedMotion.mostRate, departure.lowerBound >= -LearnedMotion.mostRate else {
      return "it changes velocities faster than by \(LearnedMotion.mostRate) per second, which no step of it follows"
    }
    guard max(abs(noise.lowerBound), abs(noise.upperBound)) <= LearnedMotion.mostLogNoise else {
      return "its noise varies beyond a factor of e^\(LearnedMotion.mostLogNoise)"
    }
    return nil
  }
}

extension SIMD4<Double> {
  /// Whether all lanes are finite.
  var isFinite: Bool { (0..<4).allSatisfy { self[$0].isFinite } }
}
