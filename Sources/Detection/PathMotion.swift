/// The mean velocity of a point's content along its path.
struct PathMotion: Blendable, Codable {
  /// Velocity x and y, number of averaged frames; the last one is unused.
  let lanes: SIMD4<Float>

  init(lanes: SIMD4<Float>) { self.lanes = lanes }

  private init(velocity: SIMD2<Float>, count: Float) { lanes = SIMD4(velocity.x, velocity.y, count, 0) }

  /// A point that nothing is known of.
  static let none = PathMotion(lanes: .zero)

  /// In working pixels a frame.
  var velocity: SIMD2<Float> { lanes.lowHalf }

  /// How many frames the velocity is the mean of; 0 for none, and whole only where neighbours agree.
  var count: Float { lanes.z }

  /// A velocity fits the mean within this many working pixels a frame, plus `toleranceShare` of its speed: the flow's error on what
  /// stands still and on what moves. Chosen by hand on the sequences that Benchmarks/README.md names under "Motion detector".
  private static let tolerance: Float = 0.7
  private static let toleranceShare: Float = 0.3

  /// The mean after one more frame; a velocity that does not fit begins a new one.
  /// - Parameter greatestCount: The number of frames that are averaged; from then on older ones fade.
  @inline(__always)
  func continued(by velocity: SIMD2<Float>, greatestCount: Float) -> PathMotion {
    let deviation = velocity - self.velocity
    let speed = (velocity * velocity).sum().squareRoot()
    let tolerance = Self.tolerance + Self.toleranceShare * speed
    guard count > 0, (deviation * deviation).sum() < tolerance * tolerance else {
      return PathMotion(velocity: velocity, count: 1)
    }
    let count = min(self.count + 1, greatestCount)
    return PathMotion(velocity: self.velocity + deviation / count, count: count)
  }
}
