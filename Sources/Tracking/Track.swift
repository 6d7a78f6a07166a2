import Geometry
import Motion

/// What the tracker knows of one object; a plain value without heap storage.
struct Track: Codable {
  /// Tells tracks apart from their first detection on; never leaves the tracker.
  let serial: Int
  /// 0 until the track is confirmed.
  var id = 0
  var motion: BoxMotion
  /// The state at the last detection, moved with the camera since.
  var anchor: BoxMotion
  var presence: Presence
  var votes: ClassVote
  var heading = Heading()
  /// How restless the centre has been.
  var agitation = Agitation()
  /// How restless the stream's centres are against what is assumed (`StreamNoise`).
  var streamFactor = 1.0
  /// A forecast of the centre that tells it, once its time has come.
  var probe: ForecastProbe?
  /// Whether any detection had an angle: sources of upright boxes tell nothing about the object's axis.
  var isOriented: Bool
  /// The filtered centre at the last detection, in that frame's pixels.
  var seenAt: Point
  /// Time and ordinal of the last detection.
  var lastSeen: Double
  var lastSeenOrdinal: Int
  /// Frames since the last detection, 0 when seen in the present one.
  var missed = 0
  /// The logarithm of the longest side among the reported rows with a detection, px; before the first one, among the detections.
  var longestLogSide: Double
  /// The last detection.
  var detected: BoxMeasurement
  /// Score, class and index of the last detection.
  var score: Double
  var rawClassIndex: Int
  var detectionIndex: Int
  /// Why the track ends in this frame, nil while it lives.
  var ending: TrackEnding.Reason?

  /// The factor of the centre's noise.
  var restlessness: Double { agitation.value * streamFactor }
  var isConfirmed: Bool { id > 0 }
  var isObserved: Bool { missed == 0 }

  init(serial: Int, _ measurement: Measurement, _ frame: FrameContext, settings: TrackerSettings) {
    self.serial = serial
    motion = Track.firstMotion(measurement, settings)
    anchor = motion
    presence = Presence(settings.birthProbability)
    votes = ClassVote(first: measurement.classIndex, weight: measurement.score)
    isOriented = measurement.isOriented
    seenAt = motion.center.position
    lastSeen = frame.now
    lastSeenOrdinal = frame.ordinal
    longestLogSide = measurement.box.shape.logLongerSide
    detected = measurement.box
    score = measurement.score
    rawClassIndex = measurement.classIndex
    detectionIndex = measurement.index
  }

  private static func firstMotion(_ measurement: Measurement, _ settings: TrackerSettings) -> BoxMotion {
    let box = measurement.box
    let squaredSide = measurement.determinant.squareRoot() * GaussianBox.momentDivisor
    return BoxMotion(
      center: PlanarMotion(
        position: box.center, noise: box.centerNoise,
        velocityCovariance: .identity * (settings.initialSpeed * settings.initialSpeed * squaredSide)),
      size: ScalarMotion(
        value: box.shape.p, variance: box.sizeNoise,
        rateVariance: settings.initialSizeRate * settings.initialSizeRate),
      form: PlanarMotion(
        position: box.form, noise: box.shapeNoise,
        velocityCovariance: .identity * (settings.initialFormRate * settings.initialFormRate)))
  }

  /// Whether the state is still that of a possible object: finite, and of a place, size and shape within wide bounds.
  ///
  /// A broken camera motion or a rate carried on for too long can lead out of them.
  var isPossible: Bool {
    let center = motion.center
    return motion.isSound && center.position.squaredLength < Track.farthest * Track.farthest
      && center.velocity.squaredLength < Track.farthest * Track.farthest
      && center.positionCovariance.trace < Track.farthest * Track.farthest
      && abs(motion.size.value) < Track.mostLogArea && motion.form.position.squaredLength < Track.mostElongation
  }

  private static let farthest = 1e9
  /// Of p, the logarithm of the area over 12.
  private static let mostLogArea = 40.0
  /// Square of the logarithm of the sides' ratio.
  private static let mostElongation = 200.0

  /// The variance of the angle of a box of this shape; nil where the box is too near a square for its angle to mean anything.
  func angleVariance(of shape: LogCovariance) -> Double? { shape.angleVariance(motion.form.positionCovariance) }

  /// The unit vector along the box's longer side, nil where it has none or the source gives upright boxes only.
  func axis(of shape: LogCovariance) -> Point? {
    guard isOriented, angleVariance(of: shape) != nil else { return nil }
    let form = Point(shape.q, shape.r)
    let cosine = form.x / form.length
    let x = max(0, (1 + cosine) / 2).squareRoot()
    let y = max(0, (1 - cosine) / 2).squareRoot()
    return Point(x, form.y < 0 ? -y : y)
  }
}
