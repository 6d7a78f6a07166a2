import Foundation
import Geometry
import Motion
import Tracking

/// A box that is filtered as the tracker does: its centre by a motion, its size and form by their own filters, with the tracker's defaults.
struct FilteredBox {
  /// A detection in the filter's coordinates.
  struct Detection {
    var center: Point
    var shape: LogCovariance

    /// Nil for a box without area or with numbers that are not finite.
    init?(_ box: OrientedBox) {
      guard let shape = LogCovariance(GaussianBox(box).covariance), box.center.isFinite else { return nil }
      (center, self.shape) = (box.center, shape)
    }
  }

  private(set) var motion: BoxMotion
  private let law: LearnedMotion
  /// Factors of the law's noises, which the stream's innovations tell.
  var noise: StreamNoise
  /// A factor of the centre's noise, which the box's own innovations tell.
  private var agitation = Agitation()
  private var probe: ForecastProbe?

  private static let settings = TrackerSettings()
  private static let sizeNoise = 2 * settings.sideError * settings.sideError

  init(_ detected: Detection, _ law: LearnedMotion, _ noise: StreamNoise) {
    let settings = FilteredBox.settings
    let side = (GaussianBox.momentDivisor * exp(detected.shape.p)).squareRoot()
    let speed = law.initialSpeed * side
    self.law = law
    self.noise = noise
    motion = BoxMotion(
      center: PlanarMotion(
        position: detected.center, noise: law.measurementNoise(unit: side) * noise.errorFactor,
        velocityCovariance: .identity * (speed * speed)),
      size: ScalarMotion(
        value: detected.shape.p, variance: FilteredBox.sizeNoise, rateVariance: settings.initialSizeRate * settings.initialSizeRate),
      form: PlanarMotion(
        position: Point(detected.shape.q, detected.shape.r), noise: .identity * FilteredBox.sizeNoise,
        velocityCovariance: .identity * (settings.initialFormRate * settings.initialFormRate)))
  }

  /// Goes on by a time.
  mutating func predict(seconds: Double) {
    let settings = FilteredBox.settings
    // The law has the centre's noise.
    let noise = BoxProcessNoise(
      center: .identity, size: settings.sizeAcceleration * settings.sizeAcceleration,
      form: settings.formAcceleration * settings.formAcceleration)
    let restlessness = agitation.value * self.noise.accelerationFactor
    motion.predict(
      by: law, seconds: seconds, step: .fading(seconds: seconds, timeConstant: settings.velocityFading), noise: noise,
      agitation: restlessness)
    probe?.predict(by: law, seconds: seconds, agitation: restlessness)
  }

  /// Moves with the camera; false, and unchanged, where the map takes it beyond all bounds.
  mutating func move(with camera: Homography) -> Bool {
    if probe?.move(with: camera) == false { probe = nil }
    return motion.move(with: camera)
  }

  private var error: SymmetricMatrix2 { law.measurementNoise(unit: motion.meanSide) * noise.errorFactor }

  /// What a detection says against the prediction for its frame.
  func innovation(of detected: Detection) -> PlanarInnovation {
    motion.center.innovation(of: detected.center, noise: error)
  }

  /// Takes a detection in.
  ///
  /// - Parameters:
  ///   - seconds: Since the frame before.
  ///   - probes: Whether a forecast may begin here.
  /// - Returns: What it said against a forecast from a second before, where there is one.
  mutating func update(_ detected: Detection, seconds: Double, probes: Bool) -> PlanarInnovation? {
    agitation.learn(innovation(of: detected), seconds: seconds)
    let error = self.error
    let due = probe.flatMap { $0.isDue ? $0.center.innovation(of: detected.center, noise: error) : nil }
    motion.update(
      BoxMeasurement(
        center: detected.center, shape: detected.shape, centerNoise: error, sizeNoise: FilteredBox.sizeNoise,
        shapeNoise: .identity * FilteredBox.sizeNoise))
    if probes, probe == nil || due != nil { probe = ForecastProbe(motion) }
    return due
  }

  /// What the true centre says against the state: the part of the detector's error that lasts is beside the filter's uncertainty.
  func innovation(ofTruth center: Point, lastingError: Double) -> PlanarInnovation {
    let lasting = lastingError * motion.meanSide
    return motion.center.innovation(of: center, noise: .identity * (lasting * lasting))
  }
}
