import Detection
public import Geometry
public import Imaging
import NetworkDetection
import Orientation
import Tracking
import Video

/// What the motion detector goes by in a film, frame by frame, as `track` comes to it: a training on it sees what the network will look at.
public struct FilmEvidence {
  /// A frame that has evidence: the first of a scene have none.
  public struct Moment {
    /// The frame's number in the film, from 0.
    public let ordinal: Int
    /// Seconds from its start.
    public let seconds: Double
    /// Red is the grey frame, green how fast places move, blue how much they differ from the background; reduced.
    public let picture: Image
    /// What the motion detector finds in the frame by its rules, in displayed pixels.
    public let found: [DetectedBox]
    /// Displayed pixels for each of the picture's.
    public let displayPerPixel: Point
    /// The share of the film that is done, in [0, 1]; nil where its length is not known.
    public let share: Double?
  }

  private let path: String

  /// - Parameter path: A film as `track` takes it.
  public init(path: String) { self.path = path }

  /// Goes through the film.
  ///
  /// The camera's motion is found without the objects that the motion detector's tracks show, as in `track`.
  /// - Throws: `VideoError`, `ImagingError`, and what the body throws.
  public func forEach(cancellation: Cancellation, _ body: (Moment) throws -> Void) throws {
    let source = try VideoSources.open(path)
    cancellation.onRequest { source.cancel() }
    var detector = try MotionDetector(keepsEvidence: true)
    var tracker = Tracker(settings: TrackRequest.DetectorChoice.motion.usualTracker)
    var estimator: CameraMotionEstimator?
    var known: [OrientedBox] = []
    while let item = try source.next() {
      guard case .frame(let frame) = item else { continue }
      let size = AnalysisSize.of(width: frame.width, height: frame.height)
      let image = try frame.grey(resizedTo: size)
      let camera = try estimator ?? CameraMotionEstimator(displayWidth: frame.width, displayHeight: frame.height)
      estimator = camera
      let motion = try camera.estimate(image, masking: known)
      let chroma = try frame.chroma(resizedTo: AnalysisSize.chroma(width: frame.width, height: frame.height))
      let found = try detector.detect(
        DetectionInput(
          image: image, fine: try detector.finestWidth.flatMap { try frame.finePicture(widest: $0) }, chroma: chroma,
          black: frame.black, displayWidth: frame.width, displayHeight: frame.height, motion: motion,
          time: frame.seconds, ordinal: frame.ordinal))
      let seen = tracker.update(
        TrackerInput(
          ordinal: frame.ordinal, time: frame.seconds, detections: found, motion: motion, width: Double(frame.width),
          height: Double(frame.height)))
      known = seen.tracks.filter { $0.state == .confirmed }.map(\.box)
      guard let picture = detector.evidence else { continue }
      let scale = Point(Double(frame.width) / Double(picture.width), Double(frame.height) / Double(picture.height))
      let share = source.information.frameCount.map { min(1, Double(frame.ordinal + 1) / Double(max(1, $0))) }
      try body(
        Moment(ordinal: frame.ordinal, seconds: frame.seconds, picture: picture, found: found, displayPerPixel: scale, share: share)
      )
    }
  }
}
