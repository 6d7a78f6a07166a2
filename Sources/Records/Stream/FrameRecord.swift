import Geometry

/// One frame: when it was, how the camera moved, which tracks it has.
public struct FrameRecord: Sendable, Equatable {
  /// The ordinal from 0.
  public var frame: Int
  /// The time stamp in ticks of the header's time base; nil where the source has none.
  public var pts: Int64?
  /// Seconds from the start of the stream.
  public var time: Double
  /// Whether the frame is a key frame; nil where the source knows none.
  public var isKey: Bool?
  /// How the camera moved since the previous frame; nil where it was not estimated.
  public var camera: CameraMotion?
  /// The tracks of this frame.
  public var tracks: [TrackRecord]
  /// Keys that join the record when their option is on (pose, bearing, detections, …), written after `tracks` in this order.
  public var further: [FurtherKey]

  /// A frame by its parts.
  public init(
    frame: Int, pts: Int64? = nil, time: Double, isKey: Bool? = nil, camera: CameraMotion? = nil,
    tracks: [TrackRecord] = [], further: [FurtherKey] = []
  ) {
    self.frame = frame
    self.pts = pts
    self.time = time
    self.isKey = isKey
    self.camera = camera
    self.tracks = tracks
    self.further = further
  }
}

/// A key of a record beyond those that this module knows, with its value.
public struct FurtherKey: Sendable, Equatable {
  /// The name.
  public var key: String
  /// Any JSON.
  public var value: JSONValue

  /// A key with its value.
  public init(_ key: String, _ value: JSONValue) {
    self.key = key
    self.value = value
  }
}

/// One track in one frame.
///
/// What is nil does not apply and is left out of the stream, but for the motion: where `velocity` is given, an unknown `image_velocity`,
/// `course`, `course_sd` or `heading` is written as null.
public struct TrackRecord: Sendable, Equatable {
  /// Where a track stands in its life.
  public enum State: String, Sendable, CaseIterable {
    case tentative, confirmed, coasting
  }

  /// Where a row comes from.
  public enum Observation: String, Sendable, CaseIterable {
    /// A detection of this frame.
    case observed
    /// A detection of this frame, and the box in the light of those after it.
    case smoothed
    /// Between two detections, filled in afterwards.
    case interpolated
    /// The model alone.
    case predicted

    /// Whether a detection of the frame stands behind the row.
    public var isDetected: Bool { self == .observed || self == .smoothed }
  }

  /// Positive, unique in the stream, never used again.
  public var id: Int
  /// Index into the header's class names: the track's class by vote.
  public var classIndex: Int
  /// Index into the header's class names: the class of this frame's detection; nil without one or where classes are not told apart.
  public var rawClassIndex: Int?
  /// Where the track stands in its life.
  public var state: State
  /// Probability in [0, 1] of this frame's detection or, without one, of the last.
  public var score: Double?
  /// Probability in [0, 1] that the track is an object.
  public var existence: Double?
  /// width ≥ height, the angle in [−π/2, π/2).
  public var box: OrientedBox
  /// Whether the box has an angle at all; a square has none, and then `angle` and `angle_sd` are null.
  public var isAngleDefined: Bool
  /// Standard deviation of the angle in radians; nil where unknown.
  public var angleDeviation: Double?
  /// Covariance of the centre in pixels².
  public var centerCovariance: SymmetricMatrix2?
  /// Over the ground, the camera's motion taken off as far as it is known: pixels per second of this frame.
  public var velocity: Point?
  /// In the picture, the camera's motion included: pixels per second of this frame; nil where unknown, as in streams of `sextant/1`.
  public var imageVelocity: Point?
  /// The direction of travel over the ground in [−π, π); nil where the speed does not stand out from its own standard deviation.
  public var course: Double?
  /// Standard deviation of the course in radians.
  public var courseDeviation: Double?
  /// Which way the object's body points, in [−π, π); nil where unknown.
  public var heading: Double?
  /// Standard deviation of the heading in radians, apart from a confusion of front and back.
  public var headingDeviation: Double?
  /// Probability that front and back are told apart.
  public var headingConfidence: Double?
  /// Over the ground, pixels per second: the length of `velocity`.
  public var speed: Double?
  /// Where the row comes from.
  public var observation: Observation
  /// The position of the detection used in its frame's list.
  public var detectionIndex: Int?
  /// Where the track is expected; empty where nobody asked.
  public var forecast: [ForecastRecord]
  /// The object's pixels in this frame's displayed picture; nil where unknown.
  public var mask: RunLengthMask?
  /// The corners of a flat object in the displayed picture, in the order of its own front: upper left, upper right, lower right, lower left; nil
  /// for others.
  public var corners: [Point]?
  /// The direction in which a calibrated camera sees the middle of the box.
  public var bearing: Bearing?
  /// The same in the frame of the ground, where the camera's pose is known.
  public var worldBearing: Bearing?
  /// The track on the ground, where the ground is known.
  public var ground: GroundRecord?
  /// The track's box in space, where boxes in space are tracked.
  public var world: WorldRecord?
  /// Keys that join the track when their option is on (embedding, …), written last in this order.
  public var further: [FurtherKey]

  /// A row of a track by its parts.
  public init(
    id: Int, classIndex: Int = 0, rawClassIndex: Int? = nil, state: State = .confirmed, score: Double? = nil,
    existence: Double? = nil, box: OrientedBox, isAngleDefined: Bool = true, angleDeviation: Double? = nil,
    centerCovariance: SymmetricMatrix2? = nil, velocity: Point? = nil, imageVelocity: Point? = nil,
    course: Double? = nil, courseDeviation: Double? = nil, heading: Double? = nil,
    headingDeviation: Double? = nil, headingConfidence: Double? = nil, speed: Double? = nil,
    observation: Observation = .observed, detectionIndex: Int? = nil, forecast: [ForecastRecord] = [],
    mask: RunLengthMask? = nil, corners: [Point]? = nil, further: [FurtherKey] = []
  ) {
    self.id = id
    self.classIndex = classIndex
    self.rawClassIndex = rawClassIndex
    self.state = state
    self.score = score
    self.existence = existence
    self.box = box
    self.isAngleDefined = isAngleDefined
    self.angleDeviation = angleDeviation
    self.centerCovariance = centerCovariance
    self.velocity = velocity
    self.imageVelocity = imageVelocity
    self.course = course
    self.courseDeviation = courseDeviation
    self.heading = heading
    self.headingDeviation = headingDeviation
    self.headingConfidence = headingConfidence
    self.speed = speed
    self.observation = observation
    self.detectionIndex = detectionIndex
    self.forecast = forecast
    self.mask = mask
    self.corners = corners
    self.further = further
  }
}

extension TrackRecord {
  /// What tables write for a track whose class has no name.
  public static let unknownClass = "unknown"

  /// The name of the track's class among those of its stream's header; nil for a number without one.
  public func className(in classes: [String]) -> String? {
    classes.indices.contains(classIndex) ? classes[classIndex] : nil
  }
}

/// Where a track is expected at a later time.
public struct ForecastRecord: Sendable, Equatable {
  /// Seconds from the start of the stream.
  public var time: Double
  /// Pixels of the present frame's picture.
  public var center: Point
  /// Pixels²; nil where unknown.
  public var covariance: SymmetricMatrix2?

  /// An expected place.
  public init(time: Double, center: Point, covariance: SymmetricMatrix2? = nil) {
    self.time = time
    self.center = center
    self.covariance = covariance
  }
}
