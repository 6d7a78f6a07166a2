import Detection
import Foundation
import Geometry
import Motion
import Records
import Tracking
import Video

/// A frame as the tracker needs it, with or without a picture.
struct TrackedFrame: Codable {
  /// What of a frame is kept in a checkpoint: live sources, whose other fields these are, have none.
  private enum CodingKeys: CodingKey { case ordinal, pts, time, isKey, width, height, camera, masks }

  var ordinal: Int
  var pts: Int64?
  var time: Double
  var isKey: Bool?
  var width: Int
  var height: Int
  /// Nil where there are no pictures to estimate it from.
  var camera: CameraMotion?
  /// Nil where the detector was not asked.
  var detections: [DetectedBox]?
  /// The masks of the detections that have one, by the detections' positions in their list.
  @KeptMasks var masks: [Int: RunLengthMask] = [:]
  /// The corners of the detections of flat objects, likewise; runs that have some make no checkpoints.
  var corners: [Int: [Point]] = [:]
  /// Nil where there is none, or where nobody draws on it.
  var picture: Frame?
  /// When it left the decoder; nil without pictures.
  var arrival: ContinuousClock.Instant?
  /// The wall clock when a live source gave it.
  var received: Date?
  /// Whether its record tells how long it has taken from there.
  var tellsDelay = false

  /// The masks of its detections, by their positions in their list.
  var detectedMasks: [Int: RunLengthMask] {
    (detections ?? []).reduce(into: [:]) { masks, detection in if let mask = detection.mask { masks[detection.index] = mask } }
  }

  /// The corners of its detections that have some, likewise.
  var detectedCorners: [Int: [Point]] {
    (detections ?? []).reduce(into: [:]) { corners, detection in corners[detection.index] = detection.corners }
  }

  /// The keys of a live source's records, at the moment of writing.
  var liveKeys: [FurtherKey] {
    let utc = received.map { FurtherKey("utc", .text($0.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)))) }
    let delay = tellsDelay ? arrival.map { (ContinuousClock.now - $0) / .milliseconds(1) } : nil
    return [utc, delay.map { FurtherKey("delay_ms", .real(($0 * 1000).rounded() / 1000)) }].compactMap { $0 }
  }
}

extension TrackerInput {
  /// What the tracker is told of a frame.
  init(_ frame: TrackedFrame) {
    self.init(
      ordinal: frame.ordinal, time: frame.time, detections: frame.detections, motion: frame.camera,
      width: Double(frame.width), height: Double(frame.height))
  }
}

/// The last stage: detections to tracks, tracks to records, records to the sinks.
final class TrackingStage {
  private var engine: TrackingEngine
  private var held = HeldFrames()
  private let sinks: [any TrackSink]
  private let timings: StageTimings
  /// Frames that were tracked; those of them whose records are written.
  private(set) var frames = 0
  private var written = 0
  private(set) var dropped = 0
  /// Pieces of the input that were damaged, and what was said of the first.
  private(set) var damaged = 0
  private(set) var firstDamage: EventRecord?
  private(set) var liveTracks = 0
  /// The number of tracks so far: identities are dense.
  private(set) var highestID = 0
  /// When the earlier frames were and which masks they had, for rows that come later; only as many as the tracker can look back.
  private var recent: [Moment] = []
  private let lookBackSeconds: Double
  /// Adds what is known of the camera and the ground; nil where nothing is.
  private var world: WorldMapping?
  /// Lets boxes in space be tracked on the ground; nil where boxes in the picture are tracked.
  private var birdsEye: BirdsEyeMapping?
  private var last: Moment?

  /// When a frame was.
  fileprivate struct Moment: Codable {
    var ordinal: Int
    var time: Double
    @KeptMasks var masks: [Int: RunLengthMask] = [:]
  }

  /// - Parameters:
  ///   - law: How the objects move by themselves.
  ///   - lookahead: How long a frame waits for what follows, seconds; nil: not at all.
  ///   - isTarget: Whether every detection is of the one target that is followed.
  ///   - world: What is known of the camera and the ground; nil for nothing.
  ///   - birdsEye: For boxes in space that are tracked on the ground.
  init(
    settings: TrackerSettings, law: MotionLaw = .kalman, lookahead: Double?, isTarget: Bool = false, world: WorldMapping? = nil,
    birdsEye: BirdsEyeMapping? = nil, sinks: [any TrackSink], timings: StageTimings
  ) {
    self.world = world
    self.birdsEye = birdsEye
    engine = TrackingEngine(settings: settings, law: law, lookahead: lookahead, isTarget: isTarget)
    lookBackSeconds = TrackingStage.lookBackSeconds(settings)
    self.sinks = sinks
    self.timings = timings
  }

  /// - Parameter isResumed: Whether the files hold the header already.
  func begin(_ header: StreamHeader, isResumed: Bool = false) throws {
    try timings.measure(.writing) { try send { try $0.begin(header, isResumed: isResumed) } }
  }

  /// Tracks one frame, and writes those whose rows are final now.
  ///
  /// - Returns: The objects that were seen in it, for the camera stage to leave out.
  func process(_ frame: TrackedFrame) throws -> [KnownObjects.Object] {
    if let detections = frame.detections {
      try timings.measure(.writing) { try send { try $0.detections(detections, frame: frame.ordinal) } }
    }
    let input = birdsEye?.input(frame) ?? TrackerInput(frame)
    let output = timings.measure(.tracking) { engine.update(input) }
    remember(frame)
    frames += 1
    liveTracks = output.present.tracks.count
    for track in output.present.tracks { highestID = max(highestID, track.id) }
    var waiting = frame
    (waiting.masks, waiting.corners) = (frame.detectedMasks, frame.detectedCorners)
    waiting.detections = nil
    held.append(.frame(waiting))
    try timings.measure(.writing) { try write(output) }
    return output.present.tracks.filter { $0.observation == .observed }.map {
      KnownObjects.Object(box: $0.box, velocity: $0.velocity)
    }
  }

  /// Writes what happened to the source.
  func event(_ event: SourceEvent) throws {
    let record = EventRecord(event)
    if event.kind == .damage {
      damaged += 1
      firstDamage = firstDamage ?? record
    }
    try hold(record)
  }

  /// Counts frames that a live source had to drop.
  func drop(_ count: Int) throws {
    dropped += count
    let record = EventRecord(
      frame: last?.ordinal, time: last?.time, kind: .dropped, details: [FurtherKey("count", .integer(count))])
    try hold(record)
  }

  /// Ends the tracks that are left and writes what was held; `end` follows.
  func finish() throws {
    let output = timings.measure(.tracking) { engine.finish() }
    try timings.measure(.writing) {
      try write(output)
      try write(output.endings)
    }
  }

  /// After a failure: writes what was held, with the rows that are known.
  func flush() throws {
    if !held.isEmpty { try finish() }
  }

  /// Completes every file, also where one of them fails; the first failure is thrown at the end.
  func end(status: EndRecord.Status, error: String? = nil) throws {
    let record = EndRecord(
      frames: written, dropped: dropped, damaged: damaged, tracks: highestID, status: status, error: error)
    var failure: (any Error)?
    for sink in sinks {
      do {
        try sink.end(record)
      } catch {
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
  }

  // MARK: Going on another time

  /// What it knows of the stream so far, with what its sinks know.
  struct Memory: Codable {
    fileprivate var engine: TrackingEngine.Memory
    fileprivate var held: HeldFrames.Memory
    fileprivate(set) var frames: Int
    fileprivate var written: Int
    fileprivate var dropped: Int
    fileprivate var damaged: Int
    fileprivate var firstDamage: EventMemory?
    fileprivate var liveTracks: Int
    fileprivate var highestID: Int
    fileprivate var recent: [Moment]
    fileprivate var last: Moment?
    fileprivate var world: WorldMapping.Memory?
    fileprivate(set) var sinks: [SinkMemory]

    var isSound: Bool { engine.isSound }
  }

  /// What it knows; what the sinks wrote is on the disk then.
  ///
  /// - Throws: `RecordsError` where it cannot be brought there.
  func memory() throws -> Memory {
    Memory(
      engine: engine.memory, held: held.memory, frames: frames, written: written, dropped: dropped, damaged: damaged,
      firstDamage: firstDamage.map(EventMemory.init), liveTracks: liveTracks, highestID: highestID, recent: recent,
      last: last, world: world?.memory, sinks: try sinks.map { try $0.memory() })
  }

  /// Goes on as another stage of the same settings would, but for the sinks, which are opened where its were.
  func recall(_ memory: Memory) {
    engine.memory = memory.engine
    held = HeldFrames(memory.held)
    (frames, written, dropped, damaged) = (memory.frames, memory.written, memory.dropped, memory.damaged)
    (firstDamage, liveTracks, highestID) = (memory.firstDamage?.record, memory.liveTracks, memory.highestID)
    (recent, last) = (memory.recent, memory.last)
    if let known = memory.world { world?.memory = known }
  }

  // MARK: -

  /// How far back the tracker can still give rows: to the birth of a track that is confirmed now, or over a gap that closes now.
  static func lookBackSeconds(_ settings: TrackerSettings) -> Double {
    max(60, 2 * settings.maximumGap)
  }

  /// Writes an event at its place among the frames.
  private func hold(_ event: EventRecord) throws {
    held.append(.event(event))
    try timings.measure(.writing) { try writeLeadingEvents() }
  }

  private func writeLeadingEvents() throws {
    for event in held.takeLeadingEvents() { try send { try $0.event(event) } }
  }

  private func write(_ output: LookaheadOutput) throws {
    for finished in output.finished {
      for item in held.take(through: finished.ordinal) {
        switch item {
        case .event(let event): try send { try $0.event(event) }
        case .frame(let frame): try write(frame, finished.tracks)
        }
      }
      // Earlier rows come where nothing is held, and then only the present frame is final.
      for record in backfillRecords(output.present.backfill) { try send { sink in try sink.backfill(record) } }
      for change in output.present.changes where change.ordinal == finished.ordinal {
        try send { try $0.event(EventRecord(change)) }
      }
      try write(finished.endings)
    }
    try writeLeadingEvents()
  }

  private func write(_ frame: TrackedFrame, _ tracks: [TrackSnapshot]) throws {
    if frame.camera?.status == .cut {
      try send { try $0.event(EventRecord(frame: frame.ordinal, time: frame.time, kind: .cut)) }
    }
    var record = FrameRecord(
      frame: frame.ordinal, pts: frame.pts, time: frame.time, isKey: frame.isKey, camera: frame.camera,
      tracks: records(tracks, frame: frame.ordinal, masks: frame.masks, corners: frame.corners), further: frame.liveKeys)
    world?.add(&record)
    if let pose = birdsEye?.pose(frame.ordinal) { record.further.append(pose) }
    record = record.asWritten
    try send { try $0.frame(record, picture: frame.picture) }
    written += 1
    if let arrival = frame.arrival { timings.addLatency(ContinuousClock.now - arrival) }
  }

  private func records(
    _ tracks: [TrackSnapshot], frame: Int, masks: [Int: RunLengthMask], corners: [Int: [Point]] = [:]
  ) -> [TrackRecord] {
    birdsEye?.records(tracks, frame: frame) ?? tracks.map { TrackRecord($0, masks: masks, corners: corners) }
  }

  private func write(_ endings: [TrackEnding]) throws {
    for ending in endings {
      let record = EventRecord.trackEnd(
        frame: ending.ordinal, time: ending.time, id: ending.id, reason: ending.reason.rawValue)
      try send { try $0.event(record) }
    }
  }

  /// One record a frame, in the order of the frames.
  private func backfillRecords(_ rows: [TrackerOutput.EarlierRow]) -> [BackfillRecord] {
    let byFrame = Dictionary(grouping: rows) { $0.ordinal }
    return byFrame.keys.sorted().compactMap { ordinal in
      guard let frame = recent.last(where: { $0.ordinal == ordinal }), let rows = byFrame[ordinal] else { return nil }
      var record = BackfillRecord(
        frame: ordinal, time: frame.time, tracks: records(rows.map(\.track), frame: ordinal, masks: frame.masks))
      world?.add(&record)
      return record.asWritten
    }
  }

  private func remember(_ frame: TrackedFrame) {
    let moment = Moment(ordinal: frame.ordinal, time: frame.time, masks: frame.detectedMasks)
    last = moment
    recent.append(moment)
    let expired = recent.firstIndex { frame.time - $0.time <= lookBackSeconds } ?? recent.count
    // Trimmed in larger pieces, so that it costs nothing per frame.
    if expired > 256 { recent.removeFirst(expired) }
  }

  private func send(_ body: (any TrackSink) throws -> Void) throws {
    for sink in sinks { try body(sink) }
  }
}
