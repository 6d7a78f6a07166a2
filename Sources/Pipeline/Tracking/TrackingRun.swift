import Detection
import Foundation
import Geometry
import Records
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
    return try request.inputs.isEmpty ? runDetections(progress: progress) : runVideo(progress: progress)
  }

  // MARK: With pictures

  private func runVideo(progress: (RunProgress) -> Void) throws -> TrackingResult {
    // Registered before the input is opened: opening a network source can wait too.
    let sourceCancellation = SourceCancellation()
    cancellation.onRequest { sourceCancellation.cancel() }
    let opened = try RatedSource(request, cancellation: sourceCancellation)
    let source = opened.source
    if request.smooths, source.information.isLive { throw PipelineError.endless(input: request.inputs.joined(separator: " ")) }
    warnings += opened.warnings
    let information = source.information
    let makeDetector = try DetectorFactory(
      request: request, size: (information.width, information.height), pictures: information.frameCount)
    warnings += makeDetector.warnings + request.outputs.blurred.warnings(classes: makeDetector.classes)
    let filter = try DetectionFilter(request: request, classes: makeDetector.classes)
    let stage = try makeTrackingStage(
      hasPictures: true, isLive: information.isLive, size: (information.width, information.height))
    let feedback = LaggedFeedback<KnownObjects>(lag: StageDriver.feedbackLag)
    let driver = StageDriver(
      parts: StageDriver.Parts(
        source: source, camera: request.cameraMotion, makeDetector: makeDetector.make,
        filter: filter, detectEvery: request.detectEvery, feedback: feedback, timings: timings),
      dropsFrames: information.isLive && request.livePolicy == .latest)
    return try completing(stage) {
      try stage.begin(
        HeaderBuilder(
          request: request, isRateAssumed: opened.isRateAssumed, detectorLayout: makeDetector.layout
        ).header(
          source: information, classes: makeDetector.classes))
      try driver.run(threads: request.threads) { item in
        try self.handle(item, stage: stage, feedback: feedback)
        progress(self.progress(of: stage, information: information))
      }
      if lastOrdinal < 0, let start = request.startSeconds, !information.isLive, !cancellation.isRequested {
        let length = information.duration.map { ", it lasts \((($0 * 10).rounded() / 10).plain) s" } ?? ""
        warnings.append("\(information.uri): there is no picture at \(start.plain) s or later\(length)")
      }
      if isWhole(information) {
        warnings += makeDetector.warnings(afterFrames: lastOrdinal + 1, rate: information.frameRate?.value)
      }
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
      feedback.publish(KnownObjects(time: work.frame.seconds, objects: objects), sequence: work.sequence)
      lastSeconds = work.frame.seconds
      lastOrdinal = work.frame.ordinal
    case .event(let event):
      if event.kind == .lost { isLost = true }
      if event.kind == .found { isLost = false }
      try stage.event(event)
    case .failure(let error): throw error
    }
  }

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
    warnings += sequence.warnings
    let filter = try DetectionFilter(request: request, classes: sequence.classes)
    let stage = try makeTrackingStage(
      hasPictures: false, isLive: false, size: (sequence.source.width ?? 0, sequence.source.height ?? 0))
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
      try stage.finish()
      try stage.end(status: cancellation.isRequested ? .interrupted : .complete)
    } catch {
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
      frames: stage.frames, tracks: stage.highestID, dropped: stage.dropped, warnings: warnings + damageWarning(stage))
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

  private func makeTrackingStage(hasPictures: Bool, isLive: Bool, size: (width: Int, height: Int)) throws -> TrackingStage {
    let law = try request.motion.law()
    let world = try WorldMapping.make(request, width: size.width, height: size.height) { warnings.append($0) }
    return TrackingStage(
      settings: request.tracker, law: law, lookahead: request.lookahead, world: world,
      sinks: try TrackSinks.open(request, watcher: watcher, hasPictures: hasPictures, isLive: isLive), timings: timings)
  }
}
