internal import Foundation

/// How a step changes the parameters, given their gradients.
public enum Optimiser: Sendable, Codable, Equatable {
  /// v ← μ v + g + λ w, w ← w − η v (Polyak 1964); the decay λ is part of the gradient.
  case momentum(Double)
  /// AdamW (Loshchilov and Hutter 2019, algorithm 2): w ← w (1 − η λ), m and v the running means of g and g², then
  /// w ← w − η (m/(1 − β₁ᵗ))/(√(v/(1 − β₂ᵗ)) + ε).
  case adamW(beta1: Double, beta2: Double, epsilon: Double)

  /// AdamW with the paper's numbers.
  public static let adamW = Optimiser.adamW(beta1: 0.9, beta2: 0.999, epsilon: 1e-8)

  /// How many numbers it keeps for each parameter's number.
  public var slotCount: Int { if case .adamW = self { 2 } else { 1 } }

  /// One step of one tensor.
  ///
  /// - Parameters:
  ///   - weights: The tensor's numbers.
  ///   - slots: `slotCount` lists as long as `weights`; zeros before the first step.
  ///   - gradient: As long as `weights`.
  ///   - scale: What the gradient is multiplied by first.
  ///   - rate: η.
  ///   - decay: λ.
  ///   - step: t, from 1.
  public func update(
    _ weights: inout [Float], _ slots: inout [[Float]], gradient: [Float], scale: Float, rate: Double, decay: Double, step: Int
  ) {
    precondition(slots.count == slotCount && slots.allSatisfy { $0.count == weights.count } && gradient.count == weights.count)
    switch self {
    case .momentum(let momentum):
      let (momentum, rate, decay) = (Float(momentum), Float(rate), Float(decay))
      for place in weights.indices {
        let speed = momentum * slots[0][place] + scale * gradient[place] + decay * weights[place]
        slots[0][place] = speed
        weights[place] -= rate * speed
      }
    case .adamW(let beta1, let beta2, let epsilon):
      // Swapped out, so that each list is written in place.
      var (first, second) = (slots[0], slots[1])
      slots = [[], []]
      let (b1, b2) = (Float(beta1), Float(beta2))
      let kept = Float(1 - rate * decay)
      // In 64-bit floats: 1 − β₂ᵗ has few digits left in 32.
      let length = Float(rate / (1 - pow(beta1, Double(step))))
      let spread = Float(1 / (1 - pow(beta2, Double(step))))
      let floor = Float(epsilon)
      for place in weights.indices {
        let slope = scale * gradient[place]
        let mean = b1 * first[place] + (1 - b1) * slope
        let square = b2 * second[place] + (1 - b2) * slope * slope
        (first[place], second[place]) = (mean, square)
        weights[place] = weights[place] * kept - length * mean / ((square * spread).squareRoot() + floor)
      }
      slots = [first, second]
    }
  }
}
