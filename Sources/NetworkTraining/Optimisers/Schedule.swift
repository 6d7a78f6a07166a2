internal import Foundation

/// The learning rate of every step: a straight rise from zero, then the shape.
public struct Schedule: Sendable, Codable, Equatable {
  /// What follows the rise.
  public enum Shape: String, Sendable, Codable {
    /// The rate itself.
    case constant
    /// Half a cosine from the rate to the floor (Loshchilov and Hutter 2017, equation 5).
    case cosine
    /// A straight fall from the rate to the floor.
    case linear
  }
  /// The rate at the end of the rise.
  public var rate: Double
  /// Steps of the rise.
  public var warmUp: Int
  /// Steps after which the rate is the floor.
  public var total: Int
  /// What follows the rise.
  public var shape: Shape
  /// The last rate.
  public var floor: Double

  /// - Parameters:
  ///   - warmUp: Steps of the rise.
  ///   - total: Steps of the whole training.
  public init(rate: Double, warmUp: Int = 0, total: Int, shape: Shape = .cosine, floor: Double = 0) {
    (self.rate, self.warmUp, self.total, self.shape, self.floor) = (rate, warmUp, total, shape, floor)
  }

  /// - Parameter step: From 1.
  public func rate(at step: Int) -> Double {
    if step < warmUp { return rate * Double(step) / Double(warmUp) }
    let share = min(1, Double(step - warmUp) / Double(max(1, total - warmUp)))
    switch shape {
    case .constant: return rate
    case .cosine: return floor + (rate - floor) * (1 + cos(.pi * share)) / 2
    case .linear: return floor + (rate - floor) * (1 - share)
    }
  }
}

/// The exponential moving average of weights: e ← d e + (1 − d) w, d = D (1 − exp(−n/T)) in step n, so that the beginning is forgotten.
public struct WeightAverage: Sendable, Codable, Equatable {
  /// D.
  public var decay: Double
  /// T, in steps.
  public var rise: Double

  /// - Parameters:
  ///   - decay: D, the share that stays in late steps.
  ///   - rise: T, in steps.
  public init(decay: Double = 0.9999, rise: Double = 2000) { (self.decay, self.rise) = (decay, rise) }

  /// d in a step from 1.
  public func decay(at step: Int) -> Double { decay * (1 - exp(-Double(step) / rise)) }

  /// Moves an average towards the weights of a step.
  public func update(_ average: inout [Float], _ weights: [Float], step: Int) {
    precondition(average.count == weights.count)
    let kept = Float(decay(at: step))
    for place in average.indices { average[place] = kept * average[place] + (1 - kept) * weights[place] }
  }
}

/// Limits the length of all gradients together.
public enum GradientClipping {
  /// √Σ g² over all tensors, summed in 64-bit floats.
  public static func norm(_ gradients: [[Float]]) -> Double {
    gradients.reduce(0) { sum, gradient in gradient.reduce(sum) { $0 + Double($1) * Double($1) } }.squareRoot()
  }

  /// What gradients are multiplied by, so that their norm is at most `limit` (Pascanu et al. 2013, algorithm 1).
  public static func factor(norm: Double, limit: Double?) -> Double {
    guard let limit, norm > limit else { return 1 }
    return limit / norm
  }
}
