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
  /// Whether a video of another size than the stream tells is taken, as is right where nothing is drawn on it.
  public var takesOtherSizes = false
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
    let late = try LateRows(stream: stream)
    let walk = try StreamWalk(stream: stream, videos: videos, takesOtherSizes: takesOtherSizes, cancellation: cancellation)
    var written: OverlayVideo?
    var count = 0
    var hasMasks = false
    var lastTracks: [TrackRecord] = []
    while let (picture, found) = try walk.next() {
      guard found != nil || written != nil else { continue }
      var record = found ?? FrameRecord(frame: picture.ordinal, time: picture.seconds)
      if found != nil {
        record.tracks += late[record.frame]
        count += 1
        hasMasks = hasMasks || record.tracks.contains { $0.mask != nil }
        lastTracks = record.tracks
      }
      if written == nil { written = try opened(walk.header, picture, walk.source.information) }
      try written?.write(picture, record, hiding: found != nil ? [] : lastTracks)
      let share = walk.source.information.duration.map { min(1, picture.seconds / max(1e-9, $0)) }
      progress(RunProgress(frames: count, seconds: picture.seconds, share: share, liveTracks: record.tracks.count, dropped: 0))
    }
    try written?.finish()
    if count == 0, !cancellation.isRequested { throw walk.noCommonFrame }
    let isCutOff = !cancellation.isRequested && stream != "-" && !late.isEnded
    let cutOff = isCutOff ? ["\(stream): the stream was cut off or is still being written; what it holds is drawn"] : []
    let noMasks =
      layers.namesMasks && !hasMasks ? ["\(stream): none of its tracks has a mask to draw; write it with track --masks"] : []
    return (count, cutOff + noMasks + blurred.warnings(classes: walk.classes))
  }

  private func opened(_ header: StreamHeader?, _ picture: Frame, _ information: SourceInformation) throws -> OverlayVideo {
    try OverlayVideo(
      path: output, overwrites: overwrites, width: picture.width, height: picture.height, timeBase: picture.timeBase,
      frameRate: information.frameRate,
      classes: header?.classes ?? [], layers: layers, blurred: blurred)
  }
}
