import Foundation
import Geometry

/// What a learned motion knows of a track beside its state: the velocity's recent mean, and how far the curves have proved right.
@frozen
public struct MotionMemory: Hashable, Sendable, Codable {
  /// m, per second like the velocity that it is the mean of.
  public var mean = Point.zero
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

  /// Goes on by a part of a step, at whose start the velocity is this.
  ///
  /// - Parameter span: Seconds that are remembered.
  /// - Returns: The part of the mean that this velocity became.
  @inlinable
  public mutating func follow(_ velocity: Point, seconds: Double, span: Double) -> Double {
    age = min(age + seconds, span)
    // The mean of all that was seen, until that is longer than the span.
    let weight = min(1, max(1 - exp(-seconds / span), seconds / max(age, .leastNormalMagnitude)))
    mean += (velocity - mean) * weight
    return weight
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
    difference = map * difference
  }
}
