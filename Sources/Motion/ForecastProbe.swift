import Geometry

/// A forecast of a centre that waits for the time it was made for: what is detected there tells how restless the objects of a stream are.
public struct ForecastProbe: Hashable, Sendable, Codable {
  /// Where the centre is expected now.
  public private(set) var center: PlanarMotion
  private var memory: MotionMemory
  /// The rate of the logarithm of the area and the mean side when it was made.
  private let growth: Double
  private let side: Double
  private var seconds = 0.0

  /// How far ahead it looks, seconds: accelerations have come to rule then, and most tracks are that long.
  private static let span = 1.0

  /// Begins at a state that has just taken a detection in.
  public init(_ motion: BoxMotion) {
    (center, memory) = (motion.center, motion.memory)
    (growth, side) = (motion.size.rate, motion.meanSide)
  }

  /// Whether its time has come; a hair of it may be lost in the sum of the steps.
  public var isDue: Bool { seconds > ForecastProbe.span - 1e-6 }

  /// Goes on by Kalman's step.
  public mutating func predict(_ step: MotionStep, seconds passed: Double, acceleration: SymmetricMatrix2) {
    center.predict(step, acceleration: acceleration)
    seconds += passed
  }

  /// Goes on by a learned motion.
  public mutating func predict(by law: LearnedMotion, seconds passed: Double, agitation: Double) {
    let unit = law.unit == .side ? side : 1
    center.predict(by: law, memory: &memory, seconds: passed, growth: growth, unit: unit, agitation: agitation)
    seconds += passed
  }

  /// Moves with the camera.
  ///
  /// - Returns: False where the map takes it to infinity; it is of no use then.
  public mutating func move(with homography: Homography) -> Bool {
    let map = homography.jacobian(at: center.position)
    center.transform(map, position: homography.apply(center.position))
    memory.transform(map)
    return center.isSound && memory.mean.isFinite
  }

  /// Moves by a shift of the picture.
  public mutating func move(by shift: Point) { center.position += shift }
}
