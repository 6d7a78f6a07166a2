import Foundation

/// Everything that a person can change about the tracker; every time is in seconds, every length in shares of the object's own size.
///
/// The defaults are one set for all streams, from 2 to 60 frames per second.
public struct TrackerSettings: Sendable, Codable, Hashable {
  /// How a track's prediction is compared with a detection.
  public enum Cost: String, Sendable, Codable, CaseIterable {
    /// −ln(1 − H²) of the Hellinger distance H between the Gaussian boxes, the prediction's uncertainty included.
    case hellinger
    /// 1 − IoU of the upright hulls.
    case iou
    /// 1 − exact IoU of the oriented boxes.
    case rotatedIoU
    /// Half the negative logarithm of the innovation's density over centre, size and form.
    case likelihood
  }

  /// What a scene cut does to the tracks.
  public enum Cuts: String, Sendable, Codable, CaseIterable {
    /// Every track ends.
    case reset
    /// Tracks go on as if the camera had stood still.
    case keep
  }

  // MARK: Motion

  /// Noise of the centre's acceleration: mean sides per s², per √Hz.
  public var centerAcceleration = 1.5
  /// How far the centre's noise follows the box's shape: 0 the same in all directions, 1 in proportion to each side.
  public var accelerationAnisotropy = 0.5
  /// Noise of the acceleration of p (the logarithm of the area): 1/s² per √Hz.
  public var sizeAcceleration = 0.5
  /// Noise of the acceleration of the form (q, r): 1/s² per √Hz.
  public var formAcceleration = 0.5
  /// Standard deviation of the velocity of a new track, mean sides per second.
  public var initialSpeed = 4.0
  /// Standard deviation of the rate of p of a new track, per second.
  public var initialSizeRate = 0.5
  /// Standard deviation of the rate of (q, r) of a new track, per second.
  public var initialFormRate = 0.5
  /// Time in which the velocity of a track fades to 1/e; infinite keeps it.
  public var velocityFading = 10.0
  /// Noise that each frame of an estimated camera motion adds to the centre, px.
  public var registrationError = 0.3

  // MARK: Measurement

  /// Error of a detection's centre, as a share of each side.
  public var centerError = 0.05
  /// Relative error of a detection's sides.
  public var sideError = 0.05
  /// Error of a detection's angle, radians.
  public var angleError = 0.05

  // MARK: Association

  public var cost = Cost.hellinger
  /// Probability that the right detection falls inside the gate.
  public var gateProbability = 0.999
  /// Slack of the gate beside the filter's own uncertainty, as a share of the object's standard deviation (for detectors with heavy tails).
  public var gateSlack = 1.0
  /// A match must cost less than this: the cost of leaving a track and its detection alone.
  public var maximumCost = 8.0
  /// Detections from this score on take part in the first round and may begin tracks.
  public var highScore = 0.5
  /// Detections below this score are not used; between here and `highScore` they can only prolong tracks, in the second round.
  public var lowScore = 0.1
  /// Whether objects of different classes may be one track (the class is then a vote).
  public var isClassAgnostic = true

  // MARK: Existence

  /// Score at which a detection says nothing about whether there is an object.
  public var neutralScore = 0.75
  /// How much of a score's log-odds counts as evidence.
  public var scoreWeight = 0.5
  /// Detections less than this far apart in time are not independent: each counts by its share of this time.
  public var evidenceInterval = 0.1
  /// Probability that a visible object is detected in a frame.
  public var detectionProbability = 0.9
  /// Mean time that an object stays, seconds.
  public var lifetime = 30.0
  /// Existence probability of a new track before its first detection's score counts.
  public var birthProbability = 0.3
  /// A track is confirmed and gets its id at this existence probability.
  public var confirmation = 0.9
  /// A confirmed track is reported while its existence probability is at least this.
  public var reporting = 0.5
  /// A track ends when its existence probability falls below this.
  public var ending = 0.01

  // MARK: Life cycle

  /// A confirmed track ends after this time without a detection.
  public var maximumGap = 3.0
  /// A track that was never confirmed ends after this time without a detection.
  public var maximumTentativeGap = 0.3
  /// A track ends when the standard deviation of its centre exceeds this many of its mean sides.
  public var maximumUncertainty = 6.0
  /// Tracks without a detection are reported as coasting for this long.
  public var coasting = 1.0
  public var cuts = Cuts.reset

  // MARK: Output

  /// Times ahead for which positions are forecast, seconds.
  public var forecastTimes: [Double] = []
  /// Whether the rows of a track before its confirmation are given afterwards.
  public var backfills = false
  /// Gaps up to this long are given afterwards as interpolated rows when the track is seen again; 0 for none.
  public var interpolation = 0.0

  public init() {}
}
