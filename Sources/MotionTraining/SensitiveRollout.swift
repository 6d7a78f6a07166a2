import Geometry
import Motion
import Splines

/// A point's way by a learned motion with its derivatives by the rates' parameters: forward sensitivities.
///
/// Parameters are the rates' two constants, then the coefficients of the growth, then those of the departure. With the state (x, v, m) of a
/// part step as in `LearnedMotion.advance`, ∂a/∂θ = (∂a/∂v) s_v + (∂a/∂m) s_m + what the parameter does at once.
struct SensitiveRollout {
  /// The number of parameters; the constants alone are two.
  let count: Int
  private let coefficients: Int
  /// ∂(way)/∂θ, ∂v/∂θ, ∂m/∂θ.
  private(set) var way: [Point]
  private var velocity: [Point]
  private var memory: [Point]
  private var change: [Point]

  /// - Parameter isCurved: Whether the curves' coefficients are among the parameters.
  init(_ law: LearnedMotion, isCurved: Bool) {
    coefficients = isCurved ? law.curves.count : 0
    count = 2 + 2 * coefficients
    way = Array(repeating: .zero, count: count)
    velocity = way
    memory = way
    change = way
  }

  /// At the start of a forecast nothing depends on the parameters.
  mutating func reset() {
    for index in 0..<count {
      way[index] = .zero
      velocity[index] = .zero
      memory[index] = .zero
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
      let rates = law.rates(features, share: share)
      let d = v - known.mean
      let byVelocity =
        Matrix2.scaled(rates.value[0] + rates.value[1]) + .outer(v, rates.growthByVelocity) + .outer(d, rates.departureByVelocity)
      let byMemory = Matrix2.scaled(-rates.value[1]) + .outer(v, rates.growthByMemory) + .outer(d, rates.departureByMemory)
      for index in 0..<count { change[index] = byVelocity * velocity[index] + byMemory * memory[index] }
      addDirect(features, law, share, v, d)
      let acceleration = v * rates.value[0] + d * rates.value[1]
      let weight = known.follow(v, seconds: h, span: law.memorySeconds)
      v += acceleration * h
      for index in 0..<count {
        way[index] += velocity[index] * h + change[index] * (h * h / 2)
        memory[index] += (velocity[index] - memory[index]) * weight
        velocity[index] += change[index] * h
      }
    }
  }

  private mutating func addDirect(_ features: MotionFeatures, _ law: LearnedMotion, _ share: Double, _ v: Point, _ d: Point) {
    change[0] += v
    change[1] += d
    guard coefficients > 0 else { return }
    for feature in 0..<MotionFeatures.count {
      let weights = law.curves.weights(feature, at: features.values[feature])
      for lane in 0..<4 {
        let index = 2 + weights.first + lane
        change[index] += v * (share * weights.value[lane])
        change[index + coefficients] += d * (share * weights.value[lane])
      }
    }
  }
}

extension Matrix2 {
  static func scaled(_ s: Double) -> Matrix2 { Matrix2(s, 0, 0, s) }
  static func outer(_ a: Point, _ b: Point) -> Matrix2 { Matrix2(a.x * b.x, a.x * b.y, a.y * b.x, a.y * b.y) }
  static func + (m: Matrix2, n: Matrix2) -> Matrix2 { Matrix2(m.a + n.a, m.b + n.b, m.c + n.c, m.d + n.d) }
}
