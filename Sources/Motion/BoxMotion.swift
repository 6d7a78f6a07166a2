import Foundation
import Geometry

/// A Gaussian box in the coordinates of the filter: its centre and the logarithm of its covariance.
@frozen
public struct BoxMeasurement: Hashable, Sendable, Codable {
  /// The box's centre in pixels of the frame.
  public var center: Point
  /// Its size and shape, as the logarithm of its covariance.
  public var shape: LogCovariance
  /// The covariance of the centre's error, px².
  public var centerNoise: SymmetricMatrix2
  /// The variance of p's error.
  public var sizeNoise: Double
  /// The covariance of the error of (q, r).
  public var shapeNoise: SymmetricMatrix2

  /// - Parameters:
  ///   - centerNoise: The covariance of the centre's error, px².
  ///   - sizeNoise: The variance of `shape.p`.
  ///   - shapeNoise: The covariance of `shape.q` and `shape.r`.
  public init(
    center: Point, shape: LogCovariance, centerNoise: SymmetricMatrix2, sizeNoise: Double,
    shapeNoise: SymmetricMatrix2
  ) {
    self.center = center
    self.shape = shape
    self.centerNoise = centerNoise
    self.sizeNoise = sizeNoise
    self.shapeNoise = shapeNoise
  }

  /// The shape coordinates (q, r) as a point of their plane.
  @inlinable public var form: Point { Point(shape.q, shape.r) }
}

/// How a box's motion may change: the densities of the white accelerations that drive the filter.
@frozen
public struct BoxProcessNoise: Hashable, Sendable {
  /// For the centre, (px/s²)² per hertz.
  public var center: SymmetricMatrix2
  /// For p, the logarithm of the area.
  public var size: Double
  /// For (q, r), the shape and the angle.
  public var form: Double

  /// - Parameters:
  ///   - center: Of the centre's acceleration, in squared pixels and seconds.
  ///   - size: Of the size's logarithm.
  ///   - form: Of the elongation's two coordinates.
  @inlinable
  public init(center: SymmetricMatrix2, size: Double, form: Double) {
    self.center = center
    self.size = size
    self.form = form
  }
}

/// The motion of a Gaussian box: three Kalman filters for its centre, its size p and its form (q, r), each with its rate.
///
/// In these coordinates the measurement is linear, no angle wraps, no size turns negative and a square is a point like any other
/// (docs/gaussian-boxes.md, "Log-covariance"; docs/motion-models.md).
@frozen
public struct BoxMotion: Hashable, Sendable, Codable {
  /// The centre with its velocity, pixels and pixels per second.
  public var center: PlanarMotion
  /// p, the logarithm of the area, with its rate per second.
  public var size: ScalarMotion
  /// (q, r), which hold the aspect and the angle, with their rates per second.
  public var form: PlanarMotion
  /// What a learned motion of the centre knows beside its state.
  public var memory = MotionMemory()

  /// Three filters that know nothing of each other.
  @inlinable
  public init(center: PlanarMotion, size: ScalarMotion, form: PlanarMotion) {
    self.center = center
    self.size = size
    self.form = form
  }

  /// Size and shape as the logarithm of the box's covariance.
  public var shape: LogCovariance { LogCovariance(p: size.value, q: form.position.x, r: form.position.y) }
  /// The box of the state's mean.
  public var box: GaussianBox { GaussianBox(mean: center.position, shape: shape) }

  /// The geometric mean of the box's sides, px.
  public var meanSide: Double { (GaussianBox.momentDivisor * exp(size.value)).squareRoot() }

  /// Moves the state on by a step of time; its uncertainty grows by the noise.
  public mutating func predict(_ step: MotionStep, noise: BoxProcessNoise) {
    center.predict(step, acceleration: noise.center)
    size.predict(step, acceleration: noise.size)
    form.predict(step, acceleration: SymmetricMatrix2(xx: noise.form, xy: 0, yy: noise.form))
  }

  /// The shape some time later if it keeps still but for the rest of its rates, which fade.
  ///
  /// - Parameters:
  ///   - step: How far rates carry while they fade (`MotionStep.fading`).
  ///   - mostRate: The most, per second, that p and (q, r) each are believed to change.
  public func shape(after step: MotionStep, mostRate: Double) -> LogCovariance {
    let growth = min(max(size.rate, -mostRate), mostRate) * step.reach
    let speed = form.velocity.length
    let change = form.velocity * (step.reach * (speed > mostRate ? mostRate / speed : 1))
    return LogCovariance(p: size.value + growth, q: form.position.x + change.x, r: form.position.y + change.y)
  }

  /// The shape of what was last seen some time ago, with this state then.
  ///
  /// A prediction carries the rates of size and form on, for the sake of association, but after a few frames it says nothing of what the
  /// object does unseen: a box that was detected in parts just before would grow for ever.
  public func shapeUnseen(for seconds: Double) -> LogCovariance {
    shape(after: .fading(seconds: seconds, timeConstant: BoxMotion.unseenFading), mostRate: BoxMotion.mostUnseenRate)
  }

  /// Time in which the rates of size and form fade to 1/e once the object is not seen, seconds: half a second later a tenth is left.
  private static var unseenFading: Double { 0.2 }
  /// The most that p and (q, r), the logarithms of area and of the sides' ratio, may change a second while the object is not seen: p's rate
  /// for an object that would reach the camera in two seconds. With `unseenFading` no side changes by more than a factor e^0.2.
  private static var mostUnseenRate: Double { 1 }

  /// Takes a measurement of the present frame in, by Kalman's equations.
  public mutating func update(_ measurement: BoxMeasurement) {
    if memory.difference != .zero { memory.judge(center.innovation(of: measurement.center, noise: measurement.centerNoise)) }
    center.update(measurement.center, noise: measurement.centerNoise)
    size.update(measurement.shape.p, variance: measurement.sizeNoise)
    form.update(measurement.form, noise: measurement.shapeNoise)
  }

  /// Moves the state with the camera: `homography` maps the frame of this state to the next one, by its derivative at the centre.
  ///
  /// - Returns: False, and the state unchanged, where the box reaches the line that the map sends to infinity or the result is not finite.
  public mutating func move(with homography: Homography) -> Bool {
    guard let moved = moved(with: homography) else { return false }
    self = moved.motion
    return true
  }

  /// The state moved with the camera, and the derivatives by which its centre and its form moved; nil where `move` fails.
  public func moved(with homography: Homography) -> (motion: BoxMotion, map: Matrix2, turn: Matrix2)? {
    let covariance = shape.covariance
    let old = GaussianBox(mean: center.position, covariance: covariance)
    guard let box = homography.transform(old), let moved = LogCovariance(box.covariance) else { return nil }
    let map = homography.jacobian(at: center.position)
    guard let turn = BoxMotion.formDerivative(of: map, from: shape, to: moved) else { return nil }
    var next = self
    next.center.transform(map, position: box.mean)
    next.size.value = moved.p
    next.memory.transform(map)
    next.form.transform(turn, position: Point(moved.q, moved.r))
    return next.isSound ? (next, map, turn) : nil
  }

  /// d(q', r')/d(q, r) of Σ' = M Σ Mᵀ.
  ///
  /// Chain rule through Σ: the change of Σ with q (or r) is mapped by M, then expressed in the basis of the derivatives at the new shape.
  /// The size p' = p + ln|det M| does not depend on (q, r), nor they on p, so this block is all that is not the identity.
  static func formDerivative(of map: Matrix2, from old: LogCovariance, to new: LogCovariance) -> Matrix2? {
    let source = old.covarianceDerivatives
    let target = new.covarianceDerivatives
    guard
      let q = coordinates(of: map.transform(source.q), in: target),
      let r = coordinates(of: map.transform(source.r), in: target)
    else { return nil }
    return Matrix2(q.x, r.x, q.y, r.y)
  }

  /// The (q, r) coordinates of a change of covariance in the basis of the derivatives by p, q and r (Cramer's rule).
  private static func coordinates(
    of change: SymmetricMatrix2, in basis: (p: SymmetricMatrix2, q: SymmetricMatrix2, r: SymmetricMatrix2)
  ) -> Point? {
    let d = determinant(basis.p, basis.q, basis.r)
    guard d.isFinite, d != 0 else { return nil }
    return Point(determinant(basis.p, change, basis.r) / d, determinant(basis.p, basis.q, change) / d)
  }

  private static func determinant(_ a: SymmetricMatrix2, _ b: SymmetricMatrix2, _ c: SymmetricMatrix2) -> Double {
    a.xx * (b.xy * c.yy - b.yy * c.xy) - b.xx * (a.xy * c.yy - a.yy * c.xy) + c.xx * (a.xy * b.yy - a.yy * b.xy)
  }

  /// Whether every number is finite and every covariance positive definite.
  public var isSound: Bool { center.isSound && size.isSound && form.isSound && memory.mean.isFinite }
}
