import Foundation
import Geometry

/// What a learned motion knows of a track beside its state: the velocity's recent past, and how far the curves have proved right.
///
/// The past is held by its first two coefficients of orthonormal Legendre polynomials (HiPPO-LegS: A. Gu and others, "HiPPO: Recurrent memory
/// with optimal polynomial projections", 2020), the whole of it while it is shorter than the model's memory, a fading one of that length then.
@frozen
public struct MotionMemory: Hashable, Sendable, Codable {
  /// m, the coefficient of degree 0, per second like the velocity that it is the mean of.
  public var mean = Point.zero
  /// c, that of degree 1: of a velocity that changes evenly, 1/√12 of what it changed by in the time remembered.
  public var trend = Point.zero
  /// Seconds that the mean goes back, at most the model's memory.
  public var age = 0.0
  /// Σ of half the differences of the normalised innovations squared, plain less learned, recent ones more: the curves' log-odds but for the
  /// prior's.
  public var evidence = 0.0
  /// The learned prediction less the plain one of the present step.
  public var difference = Point.zero
  /// Seconds since the last measurement.
  public var elapsed = 0.0

  /// Nothing known yet.
  @inlinable
  public init() {}

  /// How much the curves count: their probability against the plain part, by the innovations so far.
  @inlinable
  public var share: Double { 1 / (1 + exp(-(MotionMemory.prior + evidence))) }

  /// Log-odds of the curves before anything is seen: nine to one, as they were the better ones on what they were trained on.
  @inlinable public static var prior: Double { 2.2 }
  /// Innovations count as evidence for so long, seconds: what an object does changes.
  @inlinable public static var evidenceSeconds: Double { 2 }
  /// More evidence than this could not be undone in time.
  @inlinable public static var mostEvidence: Double { 6 }

  /// How the past follows a velocity over a part of a step: m + weight (v − m), and kept (c + √3 weight (v − m)).
  @frozen
  public struct Step: Sendable {
    /// The part of the mean that the velocity becomes.
    public var weight: Double
    /// The part of the trend that stays.
    @inlinable public var kept: Double { (1 - weight) / (1 + weight) }

    @inlinable
    init(weight: Double) { self.weight = weight }

    /// The trend behind the part from that before it and the departure v − m.
    @inlinable
    public func trend(_ trend: Point, departure: Point) -> Point { (trend + departure * (3.0.squareRoot() * weight)) * kept }

    /// Likewise their derivatives.
    @inline(__always)
    func trend(_ trend: Matrix2, departure: Matrix2) -> Matrix2 { (trend + departure * (3.0.squareRoot() * weight)) * kept }
  }

  /// Goes on by a part of a step, at whose start the velocity is this.
  ///
  /// With the steps δ of dm/dt = (v − m)/t and dc/dt = (√3 (v − m) − 2c)/t taken backwards, as is stable for all of them, m moves by the weight
  /// δ/(1 + δ); in it the step of c reads as in `Step`. A first velocity is all of the past: it has no trend.
  ///
  /// - Parameter span: Seconds that are remembered.
  /// - Returns: What the past became of.
  @inlinable
  public mutating func follow(_ velocity: Point, seconds: Double, span: Double) -> Step {
    age = min(age + seconds, span)
    // The mean of all that was seen, until that is longer than the span.
    let step = Step(weight: min(1, max(1 - exp(-seconds / span), seconds / max(age, .leastNormalMagnitude))))
    let departure = velocity - mean
    trend = step.trend(trend, departure: departure)
    mean += departure * step.weight
    return step
  }

  /// Takes in what a measurement said: the residual against the prediction that was made, and its covariance.
  @inlinable
  public mutating func judge(_ innovation: PlanarInnovation) {
    let seconds = elapsed
    elapsed = 0
    guard difference != .zero, let inverse = innovation.covariance.inverse else { return }
    let share = self.share
    let learned = innovation.residual - difference * (1 - share)
    let plain = innovation.residual + difference * share
    let gain = (inverse.quadraticForm(plain) - inverse.quadraticForm(learned)) / 2
    let next = evidence * exp(-seconds / MotionMemory.evidenceSeconds) + gain
    if next.isFinite { evidence = min(max(next, -MotionMemory.mostEvidence), MotionMemory.mostEvidence) }
  }

  /// Turns with a linear map of the plane.
  @inlinable
  public mutating func transform(_ map: Matrix2) {
    mean = map * mean
    trend = map * trend
    difference = map * difference
  }
}
