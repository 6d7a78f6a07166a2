import Geometry
import Motion

/// What the tracker knows of one object; a plain value without heap storage.
struct Track {
  /// 0 until the track is confirmed.
  var id = 0
  var motion: BoxMotion
  /// The state at the last detection, moved with the camera since; it holds only while the track coasts.
  var anchor: BoxMotion
  var existence: Existence
  var votes: ClassVote
  /// Time of the first and of the last detection.
  var firstSeen: Double
  var lastSeen: Double
  var lastSeenOrdinal: Int
  /// Frames since the last detection, 0 when seen in the present one.
  var missed = 0
  /// Score, class and index of the last detection.
  var score: Double
  var rawClassIndex: Int
  var detectionIndex: Int
  /// Why the track ends in this frame, nil while it lives.
  var ending: TrackEnding.Reason?

  var isConfirmed: Bool { id > 0 }
  var isObserved: Bool { missed == 0 }

  init(_ measurement: Measurement, time: Double, ordinal: Int, settings: TrackerSettings) {
    let box = measurement.box
    let squaredSide = measurement.determinant.squareRoot() * GaussianBox.momentDivisor
    let speedVariance = settings.initialSpeed * settings.initialSpeed * squaredSide
    motion = BoxMotion(
      center: PlanarMotion(
        position: box.center, noise: box.centerNoise,
        velocityCovariance: SymmetricMatrix2(xx: speedVariance, xy: 0, yy: speedVariance)),
      size: ScalarMotion(
        value: box.shape.p, variance: box.sizeNoise,
        rateVariance: settings.initialSizeRate * settings.initialSizeRate),
      form: PlanarMotion(
        position: box.form, noise: box.shapeNoise,
        velocityCovariance: .identity * (settings.initialFormRate * settings.initialFormRate)))
    anchor = motion
    existence = Existence(settings.birthProbability)
    votes = ClassVote(first: measurement.classIndex, weight: measurement.score)
    firstSeen = time
    lastSeen = time
    lastSeenOrdinal = ordinal
    score = measurement.score
    rawClassIndex = measurement.classIndex
    detectionIndex = measurement.index
  }
}
