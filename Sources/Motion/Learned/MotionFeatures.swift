import Geometry

/// What a learned motion looks at: numbers that do not change when the picture is turned or mirrored (docs/motion-models.md, "Learned
/// motion").
///
/// With the velocity v, its departure d = v − m from what is remembered of it, its trend c, and the floor f, in the model's unit per second:
/// the speed s = √(|v|² + f²), then how d compares with v, the rate at which the size grows, given from outside (what comes nearer speeds up
/// in the picture), and how c compares with v.
@frozen
public struct MotionFeatures: Sendable {
  /// Their number where a motion looks at the trend.
  @inlinable public static var count: Int { 6 }
  /// Their number otherwise: the first ones.
  @inlinable public static var countWithoutTrend: Int { 4 }

  /// Speed, share and alignment of the departure, growth, share and alignment of the trend; two lanes are unused.
  public var values: SIMD8<Double>
  /// The gradient of the speed by v.
  public var speedByVelocity: Point
  /// The departure against the velocity, with their gradients as if the two were independent.
  public var departure: VelocityComparison
  /// Likewise the trend.
  public var trend: VelocityComparison

  /// The features of a state, and their derivatives.
  ///
  /// - Parameters:
  ///   - velocity: v, in any unit of length per second.
  ///   - memory: m, likewise.
  ///   - trend: c, likewise.
  ///   - growth: The rate of the logarithm of the area, per second.
  ///   - unit: The model's unit of length in that unit.
  ///   - floor: f, the model's units per second.
  @inlinable
  public init(velocity: Point, memory: Point, trend: Point, growth: Double, unit: Double, floor: Double) {
    let v = velocity / unit
    let ss = v.squaredLength + floor * floor
    let speed = ss.squareRoot()
    let departure = VelocityComparison(v, with: (velocity - memory) / unit, squaredSpeed: ss, unit: unit, floor: floor)
    let course = VelocityComparison(v, with: trend / unit, squaredSpeed: ss, unit: unit, floor: floor)
    values = SIMD8(speed, departure.share, departure.alignment, growth, course.share, course.alignment, 0, 0)
    speedByVelocity = v / (speed * unit)
    self.departure = departure
    self.trend = course
  }
}

/// How another velocity d compares with a velocity v: its share e²/(s² + e²) with e² = |d|² + f² and s² = |v|² + f², and the alignment
/// v·d/(s e), from −1 to 1.
@frozen
public struct VelocityComparison: Sendable {
  /// 0 for a small one, 1 for a large one.
  public var share: Double
  /// 1 along the velocity, −1 against it.
  public var alignment: Double
  /// Gradients by v, with d held, and by d.
  public var shareByVelocity: Point
  public var alignmentByVelocity: Point
  public var shareByOther: Point
  public var alignmentByOther: Point

  /// - Parameters:
  ///   - v: In the model's units per second, like `d`.
  ///   - squaredSpeed: s².
  ///   - unit: The model's unit in that of the gradients.
  @inlinable
  init(_ v: Point, with d: Point, squaredSpeed ss: Double, unit: Double, floor: Double) {
    let ee = d.squaredLength + floor * floor
    let product = (ss * ee).squareRoot()
    let total = ss + ee
    share = ee / total
    alignment = v.dot(d) / product
    shareByVelocity = v * (-2 * ee / (total * total * unit))
    shareByOther = d * (2 * ss / (total * total * unit))
    alignmentByVelocity = (d / product - v * (alignment / ss)) / unit
    alignmentByOther = (v / product - d * (alignment / ee)) / unit
  }
}
