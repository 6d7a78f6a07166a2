import Motion

/// Everything that a person can change about the tracker; every time is in seconds, every length in shares of the object's own size.
///
/// The defaults are one set for all streams, from 2 to 60 frames per second.
public struct TrackerSettings: Sendable, Codable, Hashable {
  /// How a track's prediction is compared with a detection.
  public enum Cost: String, Sendable, Codable, CaseIterable {
    /// The Bhattacharyya distance of the Gaussian boxes (that of the Hellinger distance H, −ln(1 − H²)), where the offset of the centres
    /// is weighed against the uncertainty of the prediction and a tolerated share of the boxes.
    case hellinger
    /// 1 − IoU of the upright hulls.
    case iou
    /// 1 − exact IoU of the oriented boxes.
    case rotatedIoU
    /// The negative log-density of the innovation of centre, size and form.
    case likelihood
  }

  /// Which box a track reports in a frame in which it was detected.
  public enum Boxes: String, Sendable, Codable, CaseIterable {
    /// The filter's: steadier, nearer to the truth where detections are noisy.
    case filtered
    /// The detection's own, untouched; rows without a detection carry the filter's.
    case detected
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
  public var centerAcceleration = 2.0
  /// How far the centre's noise follows the box's shape: 0 the same in all directions, 1 in proportion to each side.
  public var accelerationAnisotropy = 0.05
  /// Noise of the acceleration of p (the logarithm of the area): 1/s² per √Hz.
  public var sizeAcceleration = 1.3
  /// Noise of the acceleration of the form (q, r): 1/s² per √Hz.
  public var formAcceleration = 1.2
  /// Standard deviation of the velocity of a new track, mean sides per second.
  public var initialSpeed = 6.0
  /// Standard deviation of the rate of p of a new track, per second.
  public var initialSizeRate = 1.5
  /// Standard deviation of the rate of (q, r) of a new track, per second.
  public var initialFormRate = 0.5
  /// Time in which velocities fade to 1/e: keeps new tracks' first guesses small and coasting tracks from running away.
  public var velocityFading = 6.0
  /// Error that each frame of an estimated camera motion adds to the centre, px.
  public var registrationError = 0.3
  /// Whether a shift that most tracks share counts as a jerk of the camera, where no picture tells its motion.
  public var findsCommonShift = true
  /// The largest such shift in one frame, as a share of the picture's width.
  public var largestShift = 0.02
  /// The same for frames in which the camera's motion was looked for in the picture and not found.
  public var largestUnknownShift = 0.25

  /// Whether a stream's own innovations tell how large the accelerations and the errors of centres are in it (`StreamNoise`); the settings are
  /// then what is assumed at first.
  public var learnsNoise = false

  // MARK: Measurement

  /// Error of a detection's centre, as a share of each side.
  public var centerError = 0.025
  /// Error of a detection's centre beside that, px: boxes in whole pixels have 0.3 by rounding alone.
  public var pixelError = 0.3
  /// Relative error of a detection's sides.
  public var sideError = 0.01
  /// Error of a detection's angle, radians.
  public var angleError = 0.05

  // MARK: Association

  /// What an association costs.
  public var cost = Cost.hellinger
  /// Probability that the right detection falls inside the gate.
  public var gateProbability = 0.9997
  /// Offset of the centres that is tolerated beside the filter's own uncertainty, as a share of the box's standard deviations.
  public var tolerance = 0.2
  /// Change of p (the logarithm of the area) that is tolerated beside the filter's own uncertainty.
  public var sizeTolerance = 0.6
  /// Weight of the difference of shape and size in the Hellinger cost.
  public var shapeWeight = 2.4
  /// Weight of −ln of the probability that a track can be seen: tracks long out of sight must fit better.
  public var rarityWeight = 0.75
  /// Weight of the log-odds by which the score of an unsure detection falls short of `highScore`. 1 where scores are probabilities, as then they
  /// are those of the match; 0 where they only sort the detections.
  public var doubtWeight = 0.0
  /// A match must cost less than this; it is also the price of leaving a track alone. For `hellinger` 8; the IoU costs want about 0.8
  /// (and the weights of rarity and doubt 0), `likelihood` about 30.
  public var maximumCost = 8.0
  /// Detections from this score on take part in the first round and may begin tracks.
  public var highScore = 0.75
  /// Detections below this score are not used; between here and `highScore` they can only prolong tracks.
  public var lowScore = 0.1
  /// Whether objects of different classes may be one track; its class is then a vote.
  public var isClassAgnostic = true
  /// Whether a track found again after a gap is filtered anew along the straight way between.
  public var reupdates = true

  // MARK: Existence

  /// Score at which a detection says nothing about whether there is an object.
  public var neutralScore = 0.75
  /// How much of a score's log-odds counts as evidence.
  public var scoreWeight = 1.0
  /// Detections nearer in time than this are not independent: each counts by its share of this time.
  public var evidenceInterval = 0.05
  /// Probability that a visible object is detected in a frame.
  public var detectionProbability = 0.95
  /// Existence probability of a new track before its first detection's score counts.
  public var birthProbability = 0.28
  /// A track is confirmed and gets its id at this existence probability, or at `reporting` if that is higher.
  public var confirmation = 0.74
  /// A confirmed track is reported with its detection while its existence probability is at least this.
  public var reporting = 0.74
  /// A confirmed track is reported as coasting while its existence probability is at least this.
  public var reportingUnseen = 0.2
  /// A track ends when its existence probability falls below this.
  public var ending = 0.01

  // MARK: Life cycle

  // `maximumGap`, `maximumTentativeGap` and `coasting` are at least two frames long, however far apart frames are, unless they are 0.

  /// Mean time between occlusions of an object.
  public var timeToHide = 4.0
  /// Mean time that an object stays hidden.
  public var timeHidden = 1.0
  /// Mean time after which a hidden object is gone for good.
  public var timeToFade = 1.5
  /// Mean time that a visible object stays.
  public var timeToLeave = 30.0
  /// A confirmed track ends after this time without a detection.
  public var maximumGap = 3.0
  /// A track that was never confirmed ends after this time without a detection.
  public var maximumTentativeGap = 0.3
  /// A track ends when the standard deviation of its centre exceeds this many of its mean sides.
  public var maximumUncertainty = 5.0
  /// Tracks without a detection are reported as coasting for this long.
  public var coasting = 1.0
  /// What a cut of the video does to tracks.
  public var cuts = Cuts.reset

  // MARK: Looking ahead

  /// With a look ahead (`LookaheadTracker`) a track is kept if the mean log-odds of its detections' scores are at least this share of those
  /// that the stream's surest detections have; 0 keeps all. The default is half way from knowing nothing to the surest.
  public var keptShare = 0.5

  // MARK: Output

  /// Which box a track reports.
  public var boxes = Boxes.filtered
  /// Times ahead for which positions are forecast.
  public var forecastTimes: [Double] = []
  /// Whether the rows of a track before its confirmation are given afterwards.
  public var backfills = false
  /// Gaps up to this long are given afterwards as interpolated rows when the track is seen again; 0 for none.
  public var interpolation = 0.0

  /// The defaults, which serve 2 to 60 frames per second.
  public init() {}

  var presenceRates: PresenceRates {
    PresenceRates(
      hiding: TrackerSettings.rate(timeToHide), revealing: TrackerSettings.rate(timeHidden),
      leaving: TrackerSettings.rate(timeToLeave), fading: TrackerSettings.rate(timeToFade))
  }

  private static func rate(_ time: Double) -> Double { time > 0 ? 1 / time : 1e9 }
}
