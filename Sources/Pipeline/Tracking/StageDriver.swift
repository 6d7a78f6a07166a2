import Detection
import Foundation
import Geometry
import Orientation
import Video

/// Runs the stages one after the other on one thread, or each on its own with bounded queues between them.
///
/// The last stage always runs on the calling thread, in the order of the frames.
struct StageDriver {
  /// The frames between a track and the picture in which the camera stage leaves it out: 3 keep the stages overlapping on two cores
  /// even where one of them takes longer for a frame (2 cost a tenth of the speed), and leave little to extrapolate.
  static let feedbackLag = 3
  /// Frames that wait between two stages at most.
  private static let queueLength = 4

  /// What the stages are made of.
  struct Parts {
    var source: any VideoSource
    var camera: CameraMotionSettings
    var makeDetector: @Sendable () throws -> any Detector
    var filter: DetectionFilter
    /// What is asked of the detections' looks; nil for nothing.
    var looks: DetectionLooks?
    var detectEvery: Int
    var feedback: LaggedFeedback<KnownObjects>
    var timings: StageTimings
    /// Says when the stages are to note what they know; nil: never.
    var clock: CheckpointClock?
    /// What they knew when an earlier run stopped.
    var memories: StageMemories?

    func makeCameraStage() throws -> CameraStage {
      let stage = CameraStage(settings: camera, feedback: feedback, timings: timings)
      if let memory = memories?.camera { try stage.recall(memory) }
      return stage
    }

    func makeDetectionStage() throws -> DetectionStage {
      let stage = DetectionStage(
        detector: try makeDetector(), filter: filter, observer: try looks?.makeObserver(), every: detectEvery, timings: timings)
      if let memories { try stage.recall(memories.detection) }
      return stage
    }
  }

  let parts: Parts
  /// Whether frames that come while the stages are busy are dropped and counted.
  let dropsFrames: Bool

  /// Feeds every item to the last stage until the source ends or anything fails.
  ///
  /// - Throws: What the last stage throws; failures of the others reach it as `WorkItem.failure`.
  func run(threads: Int, last: (WorkItem) throws -> Void) throws {
    if dropsFrames {
      try runNewest(last)
    } else if threads > 1 {
      try runThreaded(last)
    } else {
      let decode = DecodeStage(source: parts.source, timings: parts.timings, clock: parts.clock)
      try runOnThisThread(last) { try decode.next() }
    }
  }

  private func runOnThisThread(_ last: (WorkItem) throws -> Void, next: () throws -> WorkItem?) throws {
    let camera = try parts.makeCameraStage()
    let detection = try parts.makeDetectionStage()
    while let item = try next() { try last(try detection.process(try camera.process(item))) }
  }

  /// Only decoding runs beside the rest, so that no frame grows old between two stages: the newest one waits alone for its turn.
  private func runNewest(_ last: (WorkItem) throws -> Void) throws {
    let decoded = BoundedQueue<WorkItem>(capacity: 1)
    let running = DispatchGroup()
    startDecoding(into: decoded, running)
    defer { stop([decoded], running) }
    try runOnThisThread(last) { decoded.pop() }
  }

  private func runThreaded(_ last: (WorkItem) throws -> Void) throws {
    let decoded = BoundedQueue<WorkItem>(capacity: StageDriver.queueLength)
    let moved = BoundedQueue<WorkItem>(capacity: StageDriver.queueLength)
    let detected = BoundedQueue<WorkItem>(capacity: StageDriver.queueLength)
    let running = DispatchGroup()
    startDecoding(into: decoded, running)
    start("camera", from: decoded, into: moved, running) { [parts] in try parts.makeCameraStage() }
    start("detection", from: moved, into: detected, running) { [parts] in try parts.makeDetectionStage() }
    defer { stop([decoded, moved, detected], running) }
    while let item = detected.pop() { try last(item) }
  }

  /// Also after an error of the last stage: nobody may wait for it any more.
  private func stop(_ queues: [BoundedQueue<WorkItem>], _ running: DispatchGroup) {
    for queue in queues { queue.cancel() }
    parts.feedback.cancel()
    parts.source.cancel()
    running.wait()
  }

  private func startDecoding(into queue: BoundedQueue<WorkItem>, _ running: DispatchGroup) {
    let (source, timings, clock, dropsFrames) = (parts.source, parts.timings, parts.clock, dropsFrames)
    StageThread.start("decode", running) {
      let stage = DecodeStage(source: source, timings: timings, clock: clock)
      StageThread.pump(into: queue) {
        guard let item = try stage.next() else { return false }
        guard dropsFrames else { return queue.push(item) }
        queue.pushDroppingOldest(item, isDroppable: \.isFrame) { $0.absorb(dropped: $1) }
        return true
      }
    }
  }

  /// Runs a stage on a thread of its own, on which it is made too.
  private func start<Stage: MiddleStage>(
    _ name: String, from input: BoundedQueue<WorkItem>, into output: BoundedQueue<WorkItem>, _ running: DispatchGroup,
    make: @escaping @Sendable () throws -> Stage
  ) {
    StageThread.start(name, running) {
      var made: Stage?
      StageThread.pump(into: output) {
        guard let item = input.pop() else { return false }
        let stage = try made ?? make()
        made = stage
        return output.push(try stage.process(item))
      }
    }
  }
}

/// A stage between decoding and tracking.
protocol MiddleStage: AnyObject, SendableMetatype {
  /// Fills in its part of a frame.
  func process(_ work: inout FrameWork) throws
  /// Adds what it knows of the frames so far.
  func note(in memories: inout StageMemories) throws
}

extension MiddleStage {
  /// Works on a frame, adds to a checkpoint, and passes on what else there is.
  fileprivate func process(_ item: WorkItem) throws -> WorkItem {
    switch item {
    case .frame(var work):
      try process(&work)
      return .frame(work)
    case .checkpoint(var memories):
      try note(in: &memories)
      return .checkpoint(memories)
    case .event, .failure: return item
    }
  }
}

/// The threads of the stages.
enum StageThread {
  /// Starts a named thread that counts as running until the body returns.
  static func start(_ name: String, _ running: DispatchGroup, _ body: @escaping @Sendable () -> Void) {
    running.enter()
    let thread = Thread {
      body()
      running.leave()
    }
    thread.name = "sextant-\(name)"
    // Decoders recurse little, but the default of secondary threads can be as small as half a megabyte.
    thread.stackSize = 8 << 20
    thread.start()
  }

  /// Repeats a step until it says false or fails; a failure goes down the queue, which is closed in either case.
  static func pump(into queue: BoundedQueue<WorkItem>, _ step: () throws -> Bool) {
    defer { queue.close() }
    do {
      while try step() {}
    } catch {
      queue.push(.failure(error))
    }
  }
}
