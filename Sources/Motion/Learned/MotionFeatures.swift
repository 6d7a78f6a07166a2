import Geometry

/// What a learned motion looks at: four numbers that do not change when the picture is turned or mirrored (docs/motion-models.md, "Learned
/// motion").
///
/// With the velocity v, its departure d = v − m from what is remembered of it, and the floor f, in the model's unit per second:
/// the speed s = √(|v|² + f²), the share e²/(s² + e²) of the departure with e² = |d|² + f², and the alignment v·d/(s e). The fourth is the rate
/// at which the size grows, given from outside: what comes nearer speeds up in the picture.
@frozen
public struct MotionFeatures: Sendable, Hashable {
  /// Their number.
  @inlinable public static var count: Int { 4 }
  /// Speed, share of the departure, alignment and growth.
  public var values: SIMD4<Double>
  /// The gradients of the first three by v, with m held.
  public var byVelocity: (Point, Point, Point)
  /// Their gradients by m.
  public var byMemory: (Point, Point, Point)

  /// The features of a state, and their derivatives.
  ///
  /// - Parameters:
  ///   - velocity: v, in any unit of length per second.
  ///   - memory: m, likewise.
  ///   - growth: The rate of the logarithm of the area, per second.
  ///   - unit: The model's unit of length in that unit.
  ///   - floor: f, the model's units per second.
  @inlinable
  public init(velocity: Point, memory: Point, growth: Double, unit: Double, floor: Double) {
    let v = velocity / unit
    let d = (velocity - memory) / unit
    let squaredFloor = floor * floor
    let ss = v.squaredLength + squaredFloor
    let ee = d.squaredLength + squaredFloor
    let speed = ss.squareRoot()
    let product = speed * ee.squareRoot()
    let total = ss + ee
    let share = ee / total
    let alignment = v.dot(d) / product
    values = SIMD4(speed, share, alignment, growth)
    // By v and by d as if they were independent; then d(v, m)/dv = I and d/dm = −I.
    let speedByV = v / speed
    let shareByV = v * (-2 * ee / (total * total))
    let shareByD = d * (2 * ss / (total * total))
    let alignmentByV = d / product - v * (alignment / ss)
    let alignmentByD = v / product - d * (alignment / ee)
    byVelocity = (speedByV / unit, (shareByV + shareByD) / unit, (alignmentByV + alignmentByD) / unit)
    byMemory = (.zero, shareByD / -unit, alignmentByD / -unit)
  }

  /// Equality of all numbers.
  public static func == (a: MotionFeatures, b: MotionFeatures) -> Bool {
    a.values == b.values && a.byVelocity == b.byVelocity && a.byMemory == b.byMemory
  }

  /// The values alone tell states apart.
  public func hash(into hasher: inout Hasher) { hasher.combine(values) }
}
