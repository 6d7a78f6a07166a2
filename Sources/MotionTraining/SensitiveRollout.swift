import Geometry
import Motion
import Splines

/// A point's way by a learned motion with its derivatives by the rates' parameters: forward sensitivities.
///
/// Parameters are the rates' constants, then the coefficients of each rate (`LearnedMotion.parameters`). With the state (x, v, m, c) of a part
/// step as in `LearnedMotion.advance`, ∂a/∂θ = (∂a/∂v) s_v + (∂a/∂m) s_m + (∂a/∂c) s_c + what the parameter does at once.
struct SensitiveRollout {
  /// The number of parameters; the constants alone are two, or three with the trend's.
  let count: Int
  private let rates: Int
  private let coefficients: Int
  /// ∂(way)/∂θ, ∂v/∂θ, ∂m/∂θ, ∂c/∂θ.
  private(set) var way: [Point]
  private var velocity: [Point]
  private var memory: [Point]
  private var trend: [Point]
  private var change: [Point]

  /// - Parameter isCurved: Whether the curves' coefficients are among the parameters.
  init(_ law: LearnedMotion, isCurved: Bool) {
    rates = law.rateOutputs.count
    coefficients = isCurved ? law.curves.count : 0
    count = rates * (1 + coefficients)
    way = Array(repeating: .zero, count: count)
    velocity = way
    memory = way
    trend = way
    change = way
  }

  /// At the start of a forecast nothing depends on the parameters.
  mutating func reset() {
    for index in 0..<count {
      way[index] = .zero
      velocity[index] = .zero
      memory[index] = .zero
      trend[index] = .zero
    }
  }

  /// Follows one step of a point that moves with it; call before the point's own prediction.
  mutating func advance(_ point: PointMotion, _ law: LearnedMotion, seconds: Double, growth: Double, unit: Double) {
    let parts = LearnedMotion.parts(of: seconds)
    let h = seconds / Double(parts)
    let share = point.memory.share
    var (v, known) = (point.state.velocity, point.memory)
    for _ in 0..<parts {
      let features = law.features(known, velocity: v, growth: growth, unit: unit)
      let acceleration = law.acceleration(features, velocity: v, memory: known, share: share)
      for index in 0..<count {
        change[index] =
          acceleration.byVelocity * velocity[index] + acceleration.byMemory * memory[index] + acceleration.byTrend * trend[index]
      }
      addDirect(features, law, share, [v, v - known.mean, known.trend])
      let step = known.follow(v, seconds: h, span: law.memorySeconds)
      v += acceleration.value * h
      for index in 0..<count {
        way[index] += velocity[index] * h + change[index] * (h * h / 2)
        let departure = velocity[index] - memory[index]
        trend[index] = step.trend(trend[index], departure: departure)
        memory[index] += departure * step.weight
        velocity[index] += change[index] * h
      }
    }
  }

  /// - Parameter directions: What each rate is multiplied by.
  private mutating func addDirect(_ features: MotionFeatures, _ law: LearnedMotion, _ share: Double, _ directions: [Point]) {
    for rate in 0..<rates { change[rate] += directions[rate] }
    guard coefficients > 0 else { return }
    for feature in law.curves.grids.indices {
      let weights = law.curves.weights(feature, at: features.values[feature])
      for lane in 0..<4 {
        let weight = share * weights.value[lane]
        for rate in 0..<rates { change[rates + rate * coefficients + weights.first + lane] += directions[rate] * weight }
      }
    }
  }
}
