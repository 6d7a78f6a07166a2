import Detection
import Geometry
import Records
import Video

/// Detections of one sequence without pictures, from the file alone: frames at a fixed rate or, where the file is a stream of this program,
/// at the stream's own times and with the camera motions that it tells.
struct DetectionSequence {
  let classes: [String]
  /// Whether the file names or numbers classes.
  let tellsClassesApart: Bool
  let warnings: [String]
  let frameCount: Int
  /// Whether the times rest on a rate that nobody gave.
  let isRateAssumed: Bool
  let source: StreamSource
  /// What the file holds.
  let table: BoxTable
  private let detector: FileDetector
  let framesPerSecond: Double
  private let detectEvery: Int
  private let frames: Frames
  private let size: (width: Int, height: Int)

  /// The frames to track.
  private enum Frames {
    /// By number, at a fixed rate.
    case range(Range<Int>)
    case stored([StoredMoments.Moment])
  }

  /// - Parameter camera: A stream of the same pictures, whose times and camera motions are taken; nil for those of the detections where
  ///   they are such a stream themselves.
  /// - Throws: `RecordsError` for a file that cannot be read.
  init(path: String, camera: String? = nil, request: TrackRequest) throws {
    let information = SequenceInformation.beside(path)
    let table = try DetectionFile.read(path, size: information?.size)
    try table.refuseLongGaps(path: path)
    // Standard input cannot be read a second time.
    let stream = camera ?? (table.format == .sextant && path != "-" ? path : nil)
    let stored = try stream.map { try StoredMoments(path: $0) }
    self.table = table
    detector = FileDetector(table: table)
    classes = detector.classes
    tellsClassesApart = !table.classes.isEmpty && table.classes != ["object"]
    let rate = request.framesPerSecond ?? information?.frameRate ?? stored?.frameRate
    framesPerSecond =
      rate ?? (stored == nil ? DetectionSequence.assumedRate(detector, table.frameCount, request) : MotionRate.usual)
    isRateAssumed = rate == nil && stored == nil
    let rateWarning = isRateAssumed ? DetectionSequence.warning(path, assumed: framesPerSecond) : nil
    warnings = DetectionFile.warnings(table, path: path) + [rateWarning].compactMap { $0 }
    let (width, height) = (information?.width ?? stored?.width, information?.height ?? stored?.height)
    size = (width ?? 0, height ?? 0)
    detectEvery = request.detectEvery
    if let stored {
      let moments = DetectionSequence.moments(request, stored.moments)
      frames = .stored(moments)
      frameCount = moments.count
    } else {
      let range = DetectionSequence.range(request, frameCount: table.frameCount, rate: framesPerSecond)
      frames = .range(range)
      frameCount = range.count
    }
    let duration = stored?.moments.last?.time ?? Double(table.frameCount) / framesPerSecond
    source = StreamSource(
      uri: path, kind: "detections", width: width, height: height, frameRate: DetectionSequence.ratio(framesPerSecond),
      duration: duration)
  }

  private static func assumedRate(_ detector: FileDetector, _ frameCount: Int, _ request: TrackRequest) -> Double {
    MotionRate.estimate((0..<frameCount).lazy.map { detector.detections(inFrame: $0) }, settings: request.tracker)
  }

  private static func warning(_ path: String, assumed rate: Double) -> String {
    let reason = rate < MotionRate.usual ? "from the motion of the objects \(rate.plain) is assumed" : "\(rate.plain) is assumed"
    return "\(path): the file has no times and no rate was given; \(reason)"
  }

  /// The frames in order; frames without detections too, for time passes in them.
  func frames(filter: DetectionFilter) -> some Sequence<TrackedFrame> {
    (0..<frameCount).lazy.map { index in
      let moment = moment(index)
      let detections =
        index % detectEvery == 0
        ? filter.apply(to: detector.detections(inFrame: moment.ordinal), width: size.width, height: size.height) : nil
      return TrackedFrame(
        ordinal: moment.ordinal, pts: nil, time: moment.time, isKey: nil, width: size.width, height: size.height,
        camera: moment.camera, detections: detections, picture: nil)
    }
  }

  private func moment(_ index: Int) -> StoredMoments.Moment {
    switch frames {
    case .range(let range):
      let ordinal = range.lowerBound + index
      return StoredMoments.Moment(ordinal: ordinal, time: Double(ordinal) / framesPerSecond)
    case .stored(let moments): return moments[index]
    }
  }

  /// The moments between the times that were asked for, and no more of them than were asked for.
  private static func moments(_ request: TrackRequest, _ moments: [StoredMoments.Moment]) -> [StoredMoments.Moment] {
    let asked = moments.filter { $0.time >= request.startSeconds ?? 0 && $0.time < request.endSeconds ?? .infinity }
    return Array(asked.prefix(request.maximumFrames ?? asked.count))
  }

  /// The frames between the times that were asked for, and no more of them than were asked for.
  private static func range(_ request: TrackRequest, frameCount: Int, rate: Double) -> Range<Int> {
    func frame(at seconds: Double) -> Int { Int(bounded: (seconds * rate).rounded(.up), in: 0...frameCount) }
    let first = request.startSeconds.map(frame) ?? 0
    let end = request.endSeconds.map(frame) ?? frameCount
    return first..<max(first, min(end, first + min(request.maximumFrames ?? frameCount, frameCount)))
  }

  /// The rate as a fraction.
  private static func ratio(_ rate: Double) -> StreamRatio {
    let ratio = Rational(approximating: rate)
    return StreamRatio(ratio.numerator, ratio.denominator)
  }
}
