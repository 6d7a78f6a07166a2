import Foundation
import Geometry
import Splines

/// How things of one kind move: an acceleration of a linear part and a KAN, and noise that depends on the state.
///
/// With the velocity v and a memory of the last `memorySeconds` of it, its mean m and its trend c (`MotionMemory`),
///
///     dv/dt = g v + r (v − m) + k c + noise
///
/// where the rates g, r and k and the logarithm of the noise are sums of curves (`MotionCurves`) of the features of v, m and c. Without curves
/// of the trend k is 0. The plain part has the rates' constants alone. docs/motion-models.md, "Learned motion", derives what follows from it.
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

  /// The motion with curves of the trend, still zero, beside its own.
  ///
  /// - Parameter grids: Of the trend's share and alignment.
  public func seeingTrend(_ grids: [SplineGrid]) -> LearnedMotion {
    var motion = self
    motion.curves = curves.seeingTrend(grids)
    return motion
  }

  /// The features of a state.
  @inline(__always)
  public func features(_ state: MotionMemory, velocity: Point, growth: Double, unit: Double) -> MotionFeatures {
    MotionFeatures(velocity: velocity, memory: state.mean, trend: state.trend, growth: growth, unit: unit, floor: floorSpeed)
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

  /// The strongest pull of the trend, 1/s.
  private var strongestTrend: Double {
    let trend = curves.bounds(of: .trend)
    return max(abs(trend.lowerBound), abs(trend.upperBound))
  }

  /// The fastest growth of v − m, 1/s: while that grows by `mostGrowth` at most, |c| stays within √3/(2 + growth · T) of it
  /// (docs/motion-models.md).
  private var growthOfChanges: Double {
    let reach = 3.0.squareRoot() / (2 + LearnedMotion.mostGrowth * memorySeconds)
    return curves.bounds(of: .departure).upperBound + reach * strongestTrend - 1 / memorySeconds
  }

  /// Cuts the highest coefficients of the rates to what is stable; changes nothing of a motion that is.
  ///
  /// Where a fit has no data nothing holds its coefficients, and one that is beyond the bound there must not end the fit.
  public mutating func lowerToBounds() {
    // A hair below the bound, so that rounding does not undo it.
    let most = LearnedMotion.mostGrowth - 1e-9
    curves.lower(.growth, by: curves.bounds(of: .growth).upperBound - most)
    curves.lower(.departure, by: growthOfChanges - most)
  }

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
    guard growthOfChanges <= LearnedMotion.mostGrowth else {
      return "it is unstable: a change of velocity could grow by \(growthOfChanges) per second"
    }
    guard min(growth.lowerBound, departure.lowerBound, -strongestTrend) >= -LearnedMotion.mostRate else {
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
