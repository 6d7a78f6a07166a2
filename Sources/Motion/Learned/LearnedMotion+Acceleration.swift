import Geometry

extension LearnedMotion {
  /// The outputs of the curves at a state, and the acceleration that they give.
  @frozen
  public struct Acceleration {
    /// g, r, the noise's logarithm and k.
    public var rates: SIMD4<Double>
    /// g v + r (v − m) + k c.
    public var value: Point
    /// Its derivatives by v, by m and by c, each with the two others held.
    public var byVelocity: Matrix2
    public var byMemory: Matrix2
    public var byTrend: Matrix2
  }

  /// The acceleration at a state, where the curves count by a share from 0, the plain part, to 1.
  @inline(__always)
  public func acceleration(_ features: MotionFeatures, velocity: Point, memory: MotionMemory, share: Double) -> Acceleration {
    let (full, fullSlopes) = curves.evaluate(features.values)
    let rates = curves.constants + share * (full - curves.constants)
    let slopes = fullSlopes * share
    let (g, r, k) = (rates[0], rates[1], rates[3])
    let (departure, trend) = (velocity - memory.mean, memory.trend)
    let (growth, turn) = (Gradients(0, slopes, features), Gradients(1, slopes, features))
    var result = Acceleration(
      rates: rates, value: velocity * g + departure * r,
      byVelocity: Matrix2.identity * (g + r) + Matrix2(outer: velocity, growth.byVelocity)
        + Matrix2(outer: departure, turn.byVelocity),
      byMemory: Matrix2.identity * -r + Matrix2(outer: velocity, growth.byMemory) + Matrix2(outer: departure, turn.byMemory),
      byTrend: Matrix2(0, 0, 0, 0))
    guard curves.seesTrend else { return result }
    let course = Gradients(3, slopes, features)
    result.value += trend * k
    result.byVelocity = result.byVelocity + Matrix2(outer: trend, course.byVelocity)
    result.byMemory = result.byMemory + Matrix2(outer: trend, course.byMemory)
    let byShape = Matrix2(outer: velocity, growth.byTrend) + Matrix2(outer: departure, turn.byTrend)
    result.byTrend = Matrix2.identity * k + byShape + Matrix2(outer: trend, course.byTrend)
    return result
  }

  /// The gradients of one output by v, m and c: v counts by itself and in v − m.
  private struct Gradients {
    let byVelocity: Point
    let byMemory: Point
    let byTrend: Point

    @inline(__always)
    init(_ output: Int, _ slopes: MotionCurves.Slopes, _ features: MotionFeatures) {
      let (departure, trend) = (features.departure, features.trend)
      let (share, alignment) = (slopes.departure.share[output], slopes.departure.alignment[output])
      let (trendShare, trendAlignment) = (slopes.trend.share[output], slopes.trend.alignment[output])
      let byDeparture = departure.shareByOther * share + departure.alignmentByOther * alignment
      let bySpeed = features.speedByVelocity * slopes.speed[output]
      let byCourse = trend.shareByVelocity * trendShare + trend.alignmentByVelocity * trendAlignment
      let byComparison = departure.shareByVelocity * share + departure.alignmentByVelocity * alignment
      byVelocity = bySpeed + byComparison + byDeparture + byCourse
      byMemory = byDeparture * -1
      byTrend = trend.shareByOther * trendShare + trend.alignmentByOther * trendAlignment
    }
  }
}

extension Matrix2 {
  /// a bᵀ.
  @inline(__always)
  init(outer a: Point, _ b: Point) { self.init(a.x * b.x, a.x * b.y, a.y * b.x, a.y * b.y) }
}
