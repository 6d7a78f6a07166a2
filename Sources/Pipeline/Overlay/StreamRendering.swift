import Records
import Video

/// Draws a saved stream on its video again, without tracking.
public struct StreamRendering: Sendable {
  /// The stream's file.
  public var stream: String
  /// The video that it describes, or the files of the recording in order, as `VideoSources.open` takes them.
  public var videos: [String]
  /// The H.264 file to write.
  public var output: String
  /// What is drawn.
  public var layers: Set<OverlayLayer>
  /// Whose boxes' contents are hidden; in a frame that the stream left out, where they were before.
  public var blurred: BlurredClasses
  /// Whether a file of the output's name may be replaced.
  public var overwrites: Bool

  /// A rendering that nothing is done for yet.
  public init(
    stream: String, videos: [String], output: String, layers: Set<OverlayLayer> = OverlayLayer.standard,
    blurred: BlurredClasses = .none, overwrites: Bool = false
  ) {
    self.stream = stream
    self.videos = videos
    self.output = output
    self.layers = layers
    self.blurred = blurred
    self.overwrites = overwrites
  }

  /// Renders the frames from the stream's first to its last; those between that the stream left out are written without marks.
  ///
  /// - Returns: The number of frames with a record, and what a user should know.
  /// - Throws: `PipelineError.otherVideo` where no frame of the stream is in the video or their sizes differ; the errors of reading and writing.
  @discardableResult
  public func run(
    cancellation: Cancellation, progress: (RunProgress) -> Void = { _ in }
  ) throws -> (frames: Int, warnings: [String]) {
    var plan = OutputPlan(overwrites: overwrites)
    plan.reads(stream, as: "the stream")
    for video in videos { plan.reads(video, as: "the video") }
    try plan.writesVideo(output, as: "the overlay")
    try plan.check()
    let (late, isEnded) = try backfilledTracks()
    let reader = try StreamReader(path: stream)
    var options = SourceOptions()
    cancellation.onRequest { [cancel = options.cancellation] in cancel.cancel() }
    options.framesPerSecond = try firstFrameRate()
    let source = try VideoSources.open(videos, options: options)
    var frames = FrameQueue(reader)
    cancellation.heed()
    var written: OverlayVideo?
    var count = 0
    var lastTracks: [TrackRecord] = []
    while let item = try next(of: source, unless: cancellation) {
      guard case .frame(let picture) = item else { continue }
      guard let upcoming = try frames.advance(to: picture) else { break }
      guard upcoming.isPresent || written != nil else { continue }
      var record = upcoming.isPresent ? upcoming.record : FrameRecord(frame: picture.ordinal, time: picture.seconds)
      if upcoming.isPresent {
        record.tracks += late[record.frame] ?? []
        count += 1
        lastTracks = record.tracks
      }
      if written == nil { written = try opened(reader.header, picture, source.information) }
      try written?.write(picture, record, hiding: upcoming.isPresent ? [] : lastTracks)
      let share = source.information.duration.map { min(1, picture.seconds / max(1e-9, $0)) }
      progress(RunProgress(frames: count, seconds: picture.seconds, share: share, liveTracks: record.tracks.count, dropped: 0))
    }
    try written?.finish()
    if count == 0, !cancellation.isRequested {
      throw PipelineError.otherVideo(stream: stream, video: videos.joined(separator: " "), reason: "they have no frame in common")
    }
    let isCutOff = !cancellation.isRequested && stream != "-" && !isEnded
    let cutOff = isCutOff ? ["\(stream): the stream was cut off or is still being written; what it holds is drawn"] : []
    return (count, cutOff + blurred.warnings(classes: reader.classes))
  }

  private func next(of source: any VideoSource, unless cancellation: Cancellation) throws -> SourceItem? {
    guard !cancellation.isRequested else { return nil }
    do {
      return try source.next()
    } catch {
      // A reading that was called off ends like a video.
      if cancellation.isRequested { return nil }
      throw error
    }
  }

  private func opened(_ header: StreamHeader?, _ picture: Frame, _ information: SourceInformation) throws -> OverlayVideo {
    if let width = header?.source?.width, let height = header?.source?.height, (width, height) != (picture.width, picture.height) {
      throw PipelineError.otherVideo(
        stream: stream, video: videos.joined(separator: " "),
        reason: "the stream's pictures are \(width)x\(height) and the video's \(picture.width)x\(picture.height)")
    }
    return try OverlayVideo(
      path: output, overwrites: overwrites, width: picture.width, height: picture.height, timeBase: picture.timeBase,
      frameRate: information.frameRate,
      classes: header?.classes ?? [], layers: layers, blurred: blurred)
  }

  /// The rows that the stream holds after their frames, by frame, and whether it has an end. Standard input cannot be read twice, so there
  /// they are left out.
  private func backfilledTracks() throws -> (tracks: [Int: [TrackRecord]], isEnded: Bool) {
    guard stream != "-" else { return ([:], true) }
    let reader = try StreamReader(path: stream, keepsFurther: false)
    var tracks: [Int: [TrackRecord]] = [:]
    while let record = try reader.next() {
      if case .backfill(let late) = record { tracks[late.frame, default: []] += late.tracks }
    }
    return (tracks, reader.end != nil)
  }

  /// The rate that pictures without times were tracked at.
  private func firstFrameRate() throws -> Rational? {
    guard stream != "-" else { return nil }
    let reader = try StreamReader(path: stream, keepsFurther: false)
    guard case .header(let header) = try reader.next(), header.source?.kind == "images", let rate = header.source?.frameRate else {
      return nil
    }
    return Rational(rate.numerator, rate.denominator)
  }
}

/// The frame records of a stream, walked in step with the pictures of its video.
private struct FrameQueue {
  private let reader: StreamReader
  private var current: FrameRecord?

  init(_ reader: StreamReader) { self.reader = reader }

  /// The first record at or after a picture, and whether it is that picture's; nil after the last record.
  mutating func advance(to picture: Frame) throws -> (record: FrameRecord, isPresent: Bool)? {
    while true {
      if let record = current {
        let lead = lead(of: record, over: picture)
        if lead >= 0 { return (record, lead == 0) }
      }
      guard let record = try nextFrame() else { return nil }
      current = record
    }
  }

  /// How much later a record is than a picture, by time stamps where the stream has them, else by ordinals; 0 where they belong together.
  private func lead(of record: FrameRecord, over picture: Frame) -> Double {
    guard let pts = record.pts, let base = reader.header?.source?.timeBase else { return Double(record.frame - picture.ordinal) }
    if (base.numerator, base.denominator) == (picture.timeBase.numerator, picture.timeBase.denominator) {
      return Double(pts) - Double(picture.pts)
    }
    // The video was packed anew with another time base, which may have rounded its stamps.
    let seconds = Rational(base.numerator, base.denominator).seconds(pts) - picture.timeBase.seconds(picture.pts)
    return abs(seconds) < FrameQueue.tolerance ? 0 : seconds
  }

  /// Half of the shortest time between frames that counts as different, seconds.
  private static let tolerance = 0.0015

  private func nextFrame() throws -> FrameRecord? {
    while let record = try reader.next() {
      if case .frame(let frame) = record { return frame }
    }
    return nil
  }
}
