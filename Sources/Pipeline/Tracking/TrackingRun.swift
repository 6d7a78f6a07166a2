import Detection
import Foundation
import Geometry
import Records
import TargetTracking
import Video

/// What a run has done.
public struct TrackingResult: Sendable {
  /// Frames that were tracked.
  public var frames: Int
  /// Tracks that were reported.
  public var tracks: Int
  /// Frames that a live source had to drop.
  public var dropped: Int
  /// One sentence each, for the user.
  public var warnings: [String]
}

/// One run of `sextant track`: opens the input and the outputs, lets the stages work, and closes everything whatever happens.
public final class TrackingRun {
  private let request: TrackRequest
  private let cancellation: Cancellation
  private let timings: StageTimings
  private let watcher: (any TrackWatcher)?
  private var warnings: [String] = []
  /// What is told of the run while it goes on; nil where nobody asked.
  private var metrics: RunMetrics?
  /// Where what is found is told; nil where it is not.
  private var publication: Publication?
  /// Where what is known is noted; nil where it is not.
  private var checkpoint: RunCheckpoint?
  /// When what is known is noted.
  private var clock: CheckpointClock?
  /// What the camera stage is still to be told, should the run go on another time.
  private var feedback: [RunState.Feedback] = []
  /// Whether the run stopped at a checkpoint, to be gone on with.
  private var isSuspended = false

  /// A run that has not begun.
  ///
  /// - Parameter watcher: Told of everything as it goes.
  public init(
    request: TrackRequest, cancellation: Cancellation, timings: StageTimings, watcher: (any TrackWatcher)? = nil
  ) {
    self.request = request
    self.cancellation = cancellation
    self.timings = timings
    self.watcher = watcher
  }

  /// Runs to the end of the input, to a failure or to a request to stop.
  ///
  /// - Parameter progress: Called after each frame, on the calling thread.
  /// - Throws: The first error of any stage, after the outputs were completed with an `end` record of status `failed`.
  public func run(progress: (RunProgress) -> Void) throws -> TrackingResult {
    try request.checkFiles()
    publication = try request.publication()
    // Where no stage has come so far as to end it.
    defer { publication?.publisher.end(.failed) }
    let server = try request.metrics.map { address in
      let metrics = RunMetrics(timings: timings, publisher: publication?.publisher)
      self.metrics = metrics
      return try MetricsServer(address) { metrics.text }
    }
    defer { server?.stop() }
    return try request.inputs.isEmpty ? runDetections(progress: progress) : runVideo(progress: progress)
  }

  // MARK: With pictures

  private func runVideo(progress: (RunProgress) -> Void) throws -> TrackingResult {
    let opened = try openVideo()
    let information = opened.source.information
    let makeDetector = try DetectorFactory(
      request: request, size: (information.width, information.height), pictures: information.frameCount,
      duration: information.duration)
    let looks = try DetectionLooks(request)
    let classes = looks?.classes ?? makeDetector.classes
    warnings += makeDetector.warnings + (looks?.warnings ?? []) + request.outputs.blurred.warnings(classes: classes)
    if request.outputs.overlay != nil, request.outputs.overlayLayers.namesMasks, !request.findsMasks {
      warnings.append("the overlay is to show masks and none are made; ask for them with --masks")
    }
    let header = HeaderBuilder(request: request, isRateAssumed: opened.isRateAssumed, detectorLayout: makeDetector.layout)
      .header(source: information, classes: classes)
    checkpoint = request.checkpoint.map { RunCheckpoint(path: $0, request: request, header: header) }
    clock = checkpoint.map { _ in CheckpointClock(seconds: request.checkpointSeconds, cancellation: cancellation) }
    let earlier = try checkpoint?.stored()
    let feedback = LaggedFeedback<KnownObjects>(lag: StageDriver.feedbackLag)
    recall(earlier, feedback)
    let driver = try makeDriver(opened.source, makeDetector, looks, feedback, from: earlier)
    let stage = try makeTrackingStage(
      hasPictures: true, isLive: information.isLive, size: (information.width, information.height), from: earlier?.tracking)
    return try completing(stage) {
      try stage.begin(header, isResumed: earlier != nil)
      try driver.run(threads: request.threads) { item in
        try self.handle(item, stage: stage, feedback: feedback)
        let present = self.progress(of: stage, information: information)
        metrics?.update(present, tracks: stage.highestID)
        progress(present)
      }
      warnings += finalWarnings(information, makeDetector)
      try checkTarget(makeDetector.targetReport)
      if request.target.picture != nil, stage.highestID == 0, !cancellation.isRequested {
        warnings.append("the target's picture was found in no frame")
      }
    }
  }

  private func openVideo() throws -> RatedSource {
    // Registered before the input is opened: opening a network source can wait too.
    let sourceCancellation = SourceCancellation()
    // A run that notes what it knows stops behind a whole frame, and reads up to there.
    if request.checkpoint == nil { cancellation.onRequest { sourceCancellation.cancel() } }
    let opened = try RatedSource(request, cancellation: sourceCancellation)
    let information = opened.source.information
    if request.checkpoint != nil, ![.file, .images].contains(information.kind) {
      throw PipelineError.notResumable(what: "the input \(information.uri), which is no file,")
    }
    if request.checkpoint != nil, watcher != nil { throw PipelineError.notResumable(what: "a run that is watched") }
    if request.smooths, information.isLive { throw PipelineError.endless(input: request.inputs.joined(separator: " ")) }
    warnings += opened.warnings
    return opened
  }

  /// The stages before the last one, as they begin or as an earlier run left them.
  private func makeDriver(
    _ source: any VideoSource, _ makeDetector: DetectorFactory, _ looks: DetectionLooks?, _ feedback: LaggedFeedback<KnownObjects>,
    from earlier: RunState?
  ) throws -> StageDriver {
    StageDriver(
      parts: StageDriver.Parts(
        source: checkpoint == nil ? source : try PositionedSource(source, from: earlier?.source), camera: request.cameraMotion,
        makeDetector: makeDetector.make,
        filter: try DetectionFilter(request: request, classes: looks?.classes ?? makeDetector.classes), looks: looks,
        detectEvery: request.detectEvery, feedback: feedback, timings: timings,
        clock: clock,
        memories: earlier.map { StageMemories(source: $0.source, camera: $0.camera, detection: $0.detection, isLast: false) }),
      dropsFrames: source.information.isLive && request.livePolicy == .latest)
  }

  /// What can only be said once the input was read.
  private func finalWarnings(_ information: SourceInformation, _ makeDetector: DetectorFactory) -> [String] {
    var warnings: [String] = []
    if lastOrdinal < 0, let start = request.startSeconds, !information.isLive, !cancellation.isRequested {
      let length = information.duration.map { ", it lasts \((($0 * 10).rounded() / 10).plain) s" } ?? ""
      warnings.append("\(information.uri): there is no picture at \(start.plain) s or later\(length)")
    }
    if isWhole(information) {
      warnings += makeDetector.warnings(afterFrames: lastOrdinal + 1, rate: information.frameRate?.value)
    }
    return warnings
  }

  /// Tells what a point was taken for.
  ///
  /// - Throws: `TargetError` where the input ended before the target's time.
  private func checkTarget(_ report: TargetReport?) throws {
    guard let report, !cancellation.isRequested, lastOrdinal >= 0 else { return }
    guard let found = report.value else {
      let seconds = (request.target.seconds ?? 0).plain
      throw TargetError(
        "its time, \(seconds) s, lies behind the last picture, \(lastSeconds.plain) s", remedy: "give an earlier --target-time")
    }
    if request.target.point != nil {
      warnings.append("the target's point was taken for the box \(TargetChoice.text(found.box.rounded)), \(found.means.rawValue)")
    }
  }

  /// Whether the input was read from its beginning to its end.
  private func isWhole(_ information: SourceInformation) -> Bool {
    !information.isLive && !cancellation.isRequested && request.startSeconds == nil && request.endSeconds == nil
      && request.maximumFrames == nil
  }

  /// The last stage's work on one item; false ends the run.
  private func handle(_ item: WorkItem, stage: TrackingStage, feedback: LaggedFeedback<KnownObjects>) throws {
    switch item {
    case .frame(let work):
      if work.droppedBefore > 0 { try stage.drop(work.droppedBefore) }
      var frame = TrackedFrame(work)
      frame.tellsDelay = work.received != nil && request.outputs.timings != nil
      if request.outputs.overlay == nil, watcher == nil { frame.picture = nil }
      let objects = try stage.process(frame)
      publish(KnownObjects(time: work.frame.seconds, objects: objects), sequence: work.sequence, feedback)
      lastSeconds = work.frame.seconds
      lastOrdinal = work.frame.ordinal
    case .event(let event):
      if event.kind == .lost { isLost = true }
      if event.kind == .found { isLost = false }
      metrics?.note(isLost: isLost)
      try stage.event(event)
    case .checkpoint(let memories): try note(memories, stage)
    case .failure(let error): throw error
    }
  }

  // MARK: Going on another time

  private func publish(_ objects: KnownObjects, sequence: Int, _ feedback: LaggedFeedback<KnownObjects>) {
    feedback.publish(objects, sequence: sequence)
    guard checkpoint != nil else { return }
    self.feedback.append(RunState.Feedback(sequence: sequence, objects: objects))
    if self.feedback.count > StageDriver.feedbackLag { self.feedback.removeFirst() }
  }

  /// Writes down what all stages knew behind the same frame.
  private func note(_ memories: StageMemories, _ stage: TrackingStage) throws {
    guard let checkpoint, let camera = memories.camera else { return }
    let start = ContinuousClock.now
    defer { clock?.wrote(in: .now - start) }
    try checkpoint.write(
      RunState(
        source: memories.source, camera: camera, detection: memories.detection, tracking: try stage.memory(), feedback: feedback,
        lastSeconds: lastSeconds, lastOrdinal: lastOrdinal))
    isSuspended = memories.isLast
  }

  private func recall(_ state: RunState?, _ feedback: LaggedFeedback<KnownObjects>) {
    guard let state else { return }
    (lastSeconds, lastOrdinal, self.feedback) = (state.lastSeconds, state.lastOrdinal, state.feedback)
    for entry in state.feedback { feedback.publish(entry.objects, sequence: entry.sequence) }
  }

  // MARK: Progress

  private var lastSeconds = 0.0
  private var lastOrdinal = -1
  /// Whether a live source is away.
  private var isLost = false

  private func progress(of stage: TrackingStage, information: SourceInformation) -> RunProgress {
    let span = ProgressSpan(request: request, duration: information.duration)
    return RunProgress(
      frames: stage.frames, seconds: lastSeconds, share: span.share(seconds: lastSeconds, frames: stage.frames),
      liveTracks: stage.liveTracks, dropped: stage.dropped, isLost: isLost)
  }

  // MARK: Without pictures

  private func runDetections(progress: (RunProgress) -> Void) throws -> TrackingResult {
    guard case .file(let path) = request.detector else {
      throw PipelineError.noInput
    }
    let sequence = try DetectionSequence(path: path, request: request)
    warnings += sequence.warnings + DetectorFactory.maskWarning(request)
    let filter = try DetectionFilter(request: request, classes: sequence.classes)
    let stage = try makeTrackingStage(
      hasPictures: false, isLive: false, size: (sequence.source.width ?? 0, sequence.source.height ?? 0),
      birdsEye: try request.poses.map {
        let rate = sequence.isRateAssumed ? nil : sequence.framesPerSecond
        return try BirdsEyeMapping($0, table: sequence.table, path: path, framesPerSecond: rate)
      })
    return try completing(stage) {
      try stage.begin(HeaderBuilder(request: request, isRateAssumed: sequence.isRateAssumed).header(detections: sequence))
      for frame in sequence.frames(filter: filter) {
        guard !cancellation.isRequested else { break }
        _ = try stage.process(frame)
        progress(
          RunProgress(
            frames: stage.frames, seconds: frame.time, share: Double(stage.frames) / Double(max(1, sequence.frameCount)),
            liveTracks: stage.liveTracks, dropped: 0))
      }
    }
  }

  // MARK: Both

  /// Runs the body, then ends the tracks and completes the files whatever happened.
  private func completing(_ stage: TrackingStage, _ body: () throws -> Void) throws -> TrackingResult {
    // From here on a request to stop is answered by whole files.
    cancellation.heed()
    do {
      try body()
      if isSuspended {
        warnings.append("stopped after \(stage.frames) frames; the same command with --resume goes on from there")
      } else {
        try stage.finish()
        // A run with checkpoints stops at one, or has come to the end.
        let isWhole = checkpoint != nil || !cancellation.isRequested
        try stage.end(status: isWhole ? .complete : .interrupted)
        if let checkpoint {
          checkpoint.remove()
          cancellation.complete()
        }
      }
    } catch {
      // The files stay as they are, for the last checkpoint to be gone on with.
      if checkpoint != nil { throw error }
      if isClosedPipe(error) {
        // The reader has what it wanted: the other files are completed, and nobody needs to be told.
        cancellation.request(.outputClosed)
        try? stage.end(status: .interrupted)
      } else {
        // What was written stays whole; the first error is the one to tell, not one that closing the files may bring.
        try? stage.flush()
        try? stage.end(status: .failed, error: "\(error)")
        throw error
      }
    }
    return TrackingResult(
      frames: stage.frames, tracks: stage.highestID, dropped: stage.dropped,
      warnings: warnings + damageWarning(stage) + (publication?.publisher.warnings ?? []))
  }

  /// One sentence for all damage of the input.
  private func damageWarning(_ stage: TrackingStage) -> [String] {
    guard let first = stage.firstDamage else { return [] }
    let count = stage.damaged == 1 ? "a piece of it was" : "\(stage.damaged) pieces of it were"
    let place = first.frame.map { "at frame \($0), " } ?? ""
    let message = if case .text(let text)? = first["message"] { text } else { "it cannot be read" }
    return [
      "\(request.inputs.joined(separator: " ")): \(count) damaged\(stage.damaged == 1 ? "" : ", the first") \(place)\(message)"
    ]
  }

  private func isClosedPipe(_ error: any Error) -> Bool {
    if case .brokenPipe? = error as? RecordsError { true } else { false }
  }

  /// - Parameter memory: What an earlier run knew; nil: this one begins.
  private func makeTrackingStage(
    hasPictures: Bool, isLive: Bool, size: (width: Int, height: Int), from memory: TrackingStage.Memory? = nil,
    birdsEye: BirdsEyeMapping? = nil
  ) throws -> TrackingStage {
    let law = try request.motion.law()
    let world = try WorldMapping.make(request, width: size.width, height: size.height) { warnings.append($0) }
    let stage = TrackingStage(
      settings: request.tracker, law: law, lookahead: request.lookahead, isTarget: request.target.isAsked, world: world,
      birdsEye: birdsEye,
      sinks: try TrackSinks.open(
        request, watcher: watcher, publication: publication, hasPictures: hasPictures, isLive: isLive,
        memories: memory?.sinks ?? []),
      timings: timings)
    if let memory { stage.recall(memory) }
    return stage
  }
}
