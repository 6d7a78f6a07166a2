import Geometry

/// Where a track will be.
public struct TrackForecast: Hashable, Sendable, Codable {
  /// Seconds from the start of the stream.
  public var time: Double
  /// Pixels of the present frame.
  public var center: Point
  /// Of the centre, px².
  public var covariance: SymmetricMatrix2

  /// An expected place.
  public init(time: Double, center: Point, covariance: SymmetricMatrix2) {
    self.time = time
    self.center = center
    self.covariance = covariance
  }
}

/// A track as it stands in one frame.
public struct TrackSnapshot: Hashable, Sendable, Codable {
  /// Where a track stands in its life.
  public enum State: String, Sendable, CaseIterable, Codable {
    /// Before confirmation; only rows that are given afterwards are tentative.
    case tentative
    case confirmed
    /// Confirmed, without a detection in this frame.
    case coasting
  }

  /// What the row stands on.
  public enum Observation: String, Sendable, CaseIterable, Codable {
    /// A detection of this frame, after those before it.
    case observed
    /// A detection of this frame, those before it and those after it (`LookaheadTracker`).
    case smoothed
    /// Detections before and after this frame.
    case interpolated
    /// The model alone.
    case predicted
  }

  /// Given at confirmation, from 1, without holes; had again only by a track that comes back.
  public var id: Int
  /// The class that the track's detections voted for.
  public var classIndex: Int
  /// The class of this frame's detection.
  public var rawClassIndex: Int?
  /// Where the track stands in its life.
  public var state: State
  /// The score of this frame's detection, of the last one where there is none.
  public var score: Double
  /// Probability that there is an object.
  public var existence: Double
  /// The filtered box, width ≥ height, angle in [−π/2, π/2).
  public var box: OrientedBox
  /// Standard deviation of the box's angle in radians; nil where the box is too near a square to have one.
  public var angleDeviation: Double?
  /// Of the box's centre, px².
  public var centerCovariance: SymmetricMatrix2
  /// Over the ground, that is against the background, as far as the camera's motion is known; pixels per second.
  public var velocity: Point
  /// In the picture, where a moving camera moves the background too; pixels per second. Nil where no time has passed since the frame before.
  public var imageVelocity: Point?
  /// The direction of `velocity`, radians in [−π, π); nil where it does not stand out from its own standard deviation (`Course`).
  public var course: Double?
  /// Standard deviation of the course, radians; nil without one.
  public var courseDeviation: Double?
  /// Which way the object's body points, radians in [−π, π); nil where its motion has not told.
  public var heading: Double?
  /// Standard deviation of the heading, radians, apart from a confusion of front and back; nil without one.
  public var headingDeviation: Double?
  /// Probability that the heading points forward rather than backward.
  public var headingConfidence: Double?
  /// |velocity|, over the ground; pixels per second.
  public var speed: Double
  /// What the row stands on.
  public var observation: Observation
  /// The index of the detection used, as its source numbered it.
  public var detectionIndex: Int?
  /// Where the track is expected; empty where the settings ask for none.
  public var forecast: [TrackForecast]

  /// A row by its parts; `speed` is the length of the velocity.
  public init(
    id: Int, classIndex: Int, rawClassIndex: Int?, state: State, score: Double, existence: Double, box: OrientedBox,
    angleDeviation: Double?, centerCovariance: SymmetricMatrix2, velocity: Point, imageVelocity: Point? = nil,
    course: Double? = nil, courseDeviation: Double? = nil, heading: Double?,
    headingDeviation: Double?, headingConfidence: Double?, observation: Observation, detectionIndex: Int?,
    forecast: [TrackForecast] = []
  ) {
    self.id = id
    self.classIndex = classIndex
    self.rawClassIndex = rawClassIndex
    self.state = state
    self.score = score
    self.existence = existence
    self.box = box
    self.angleDeviation = angleDeviation
    self.centerCovariance = centerCovariance
    self.velocity = velocity
    self.imageVelocity = imageVelocity
    self.course = course
    self.courseDeviation = courseDeviation
    self.heading = heading
    self.headingDeviation = headingDeviation
    self.headingConfidence = headingConfidence
    self.speed = velocity.length
    self.observation = observation
    self.detectionIndex = detectionIndex
    self.forecast = forecast
  }
}

/// Why and where a track ended.
public struct TrackEnding: Hashable, Sendable, Codable {
  /// Why a track ends.
  public enum Reason: String, Sendable, CaseIterable, Codable {
    /// Its existence became improbable: it was not detected where it should have been.
    case lost
    /// It was not seen for the longest time allowed.
    case expired
    /// It left the picture.
    case left
    /// Its position became too uncertain to find it again.
    case uncertain
    /// The scene changed.
    case cut
    /// The stream ended.
    case finished
  }

  /// The track's.
  public var id: Int
  /// The frame in which the track was given up.
  public var ordinal: Int
  /// Seconds from the start of the stream, of that frame.
  public var time: Double
  /// The last frame in which it was detected.
  public var lastSeenOrdinal: Int
  /// Why it ended.
  public var reason: Reason

  /// An ending by its parts.
  public init(id: Int, ordinal: Int, time: Double, lastSeenOrdinal: Int, reason: Reason) {
    self.id = id
    self.ordinal = ordinal
    self.time = time
    self.lastSeenOrdinal = lastSeenOrdinal
    self.reason = reason
  }
}

/// That a track was lost and goes on, or is there again.
public struct TrackChange: Hashable, Sendable, Codable {
  /// What happened.
  public enum Kind: String, Sendable, CaseIterable, Codable {
    /// It is not seen any more; rows come only when it is found.
    case lost
    /// It was lost and is seen again, as the same one.
    case found
    /// A track that had ended, or was out of sight, is seen again: a new one has its id, for it looks like it.
    case reidentified
  }

  /// The track's.
  public var id: Int
  /// The frame in which it happened.
  public var ordinal: Int
  /// Seconds from the start of the stream, of that frame.
  public var time: Double
  /// What happened.
  public var kind: Kind
  /// Of one that was identified again: the seconds since it was last seen.
  public var gap: Double?

  /// A change by its parts.
  public init(id: Int, ordinal: Int, time: Double, kind: Kind, gap: Double? = nil) {
    (self.id, self.ordinal, self.time, self.kind, self.gap) = (id, ordinal, time, kind, gap)
  }
}

/// What the tracker says after a frame.
public struct TrackerOutput: Sendable {
  /// A row of an earlier frame.
  public typealias EarlierRow = (ordinal: Int, track: TrackSnapshot)

  /// By ascending id.
  public var tracks: [TrackSnapshot] = []
  /// By the order in which they were found.
  public var endings: [TrackEnding] = []
  /// What happened to tracks that go on: of a target that is followed (`TargetTracker`), and of tracks that come back by their looks.
  public var changes: [TrackChange] = []
  /// Rows of earlier frames that became known now: before a confirmation, or within a gap that closed.
  public var backfill: [EarlierRow] = []

  /// Nothing to tell.
  public init() {}
}
