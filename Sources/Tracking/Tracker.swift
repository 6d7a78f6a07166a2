import Geometry
import Motion

/// Follows objects through a stream of detections: predict, move with the camera, associate, update, judge existence.
///
/// ```swift
/// var tracker = Tracker(settings: TrackerSettings())
/// let output = tracker.update(TrackerInput(ordinal: 0, time: 0, detections: boxes))
/// for track in output.tracks { print(track.id, track.box) }
/// ```
///
/// A value type without clock or randomness: the same inputs give the same outputs. Detections that are not finite or have no area are
/// passed over; nothing that is not finite comes out.
public struct Tracker: Sendable {
  /// What it was set up with.
  public let settings: TrackerSettings

  private let comparison: Comparison
  let motionModel: MotionModel
  private let existenceModel: ExistenceModel
  /// The confirmed tracks by ascending id, then the others.
  private(set) var tracks: [Track] = []
  private var confirmedCount = 0
  private var measurements: [Measurement] = []
  private var association = Association()
  private var commonShift = CommonShift()
  private var earlierRows = EarlierRows()
  private var noise = StreamNoise()
  /// How tracks look; nil until a detection has an embedding.
  private var appearance: Appearances?
  /// Whether tracks that come back after they have ended get their ids again.
  var findsReturning = true
  private(set) var frame = FrameContext()
  /// How far right detections have reached, which stands for the picture's width where that is not known.
  private var seenWidth = 0.0
  private var hasBegun = false
  private var lastId = 0
  private var lastSerial = 0

  /// What it knows of the stream so far, to go on with another time; what is drawn from the settings or made anew in every frame is not in it.
  public struct Memory: Sendable, Codable {
    fileprivate var tracks: [Track]
    fileprivate var confirmedCount: Int
    fileprivate var earlierRows: EarlierRows
    fileprivate var noise: StreamNoise
    fileprivate var appearance: Appearances?
    fileprivate var frame: FrameContext
    fileprivate var seenWidth: Double
    fileprivate var hasBegun: Bool
    fileprivate var lastId: Int
    fileprivate var lastSerial: Int

    /// Whether the confirmed tracks are the first ones, as they are in every tracker.
    public var isSound: Bool { (0...tracks.count).contains(confirmedCount) }
  }

  /// What it knows of the stream so far. Set to another one's, of the same settings and law, it goes on as that one would.
  public var memory: Memory {
    get {
      Memory(
        tracks: tracks, confirmedCount: confirmedCount, earlierRows: earlierRows, noise: noise,
        appearance: appearance, frame: frame, seenWidth: seenWidth, hasBegun: hasBegun, lastId: lastId, lastSerial: lastSerial)
    }
    set {
      precondition(newValue.isSound, "a tracker's memory holds its confirmed tracks")
      (tracks, confirmedCount, earlierRows) = (newValue.tracks, newValue.confirmedCount, newValue.earlierRows)
      (noise, appearance) = (newValue.noise, newValue.appearance)
      (frame, seenWidth, hasBegun) = (newValue.frame, newValue.seenWidth, newValue.hasBegun)
      (lastId, lastSerial) = (newValue.lastId, newValue.lastSerial)
    }
  }

  /// - Parameters:
  ///   - settings: Checked by whoever reads them (`TrackerSettings.check`).
  ///   - law: How the objects move by themselves.
  public init(settings: TrackerSettings = TrackerSettings(), law: MotionLaw = .kalman) {
    self.settings = settings
    comparison = Comparison(settings)
    motionModel = MotionModel(settings, law: law)
    existenceModel = ExistenceModel(settings)
  }

  /// Takes in the next frame.
  public mutating func update(_ input: TrackerInput) -> TrackerOutput {
    var output = TrackerOutput()
    advance(to: input)
    measure(input.detections ?? [])
    if input.motion?.status == .cut, settings.cuts == .reset { endAll(.cut, into: &output) }
    predict(input)
    if input.detections != nil { frame.isLost = looksLost }
    guard input.detections != nil, !frame.isLost else {
      for i in tracks.indices { tracks[i].wait(frame) }
      endTracks(into: &output)
      report(into: &output)
      return output
    }
    appearance?.prepare(tracks, measurements, frame)
    association.match(tracks, measurements, comparison: comparison, settings: settings, appearance: appearance)
    appearance?.learn(tracks, measurements, association.measurementOfTrack, frame, highScore: settings.highScore)
    observe(into: &output)
    beginTracks()
    confirmTracks(into: &output)
    endTracks(into: &output)
    report(into: &output)
    return output
  }

  /// Ends every track: the stream is over.
  public mutating func finish() -> TrackerOutput {
    var output = TrackerOutput()
    endAll(.finished, into: &output)
    return output
  }

  // MARK: Frame

  /// Time that stands still, runs back or is no number counts as no time.
  private mutating func advance(to input: TrackerInput) {
    frame.ordinal = input.ordinal
    let seconds = hasBegun && input.time.isFinite ? max(0, input.time - frame.now) : 0
    frame.advance(by: seconds, isAsked: input.detections != nil)
    if input.time.isFinite {
      frame.now = hasBegun ? max(frame.now, input.time) : input.time
      hasBegun = true
    }
    let isKnown = input.width > 0 && input.height > 0
    frame.picture = isKnown ? AxisBox(left: 0, top: 0, width: input.width, height: input.height) : nil
  }

  private mutating func measure(_ detections: [DetectedBox]) {
    measurements.removeAll(keepingCapacity: true)
    let factor = settings.learnsNoise ? noise.errorFactor : 1
    appearance?.beginFrame()
    for detection in detections where detection.score >= settings.lowScore {
      guard let measurement = Measurement(detection, settings: settings, errorFactor: factor), isInside(measurement) else {
        continue
      }
      seenWidth = max(seenWidth, measurement.box.center.x)
      measurements.append(measurement)
      if let embedding = detection.embedding {
        if appearance == nil { appearance = Appearances() }
        appearance?.add(embedding, at: measurements.count - 1)
      }
    }
  }

  /// Whether the frame was lost on its way rather than seen empty: there is no detection at all, where missing each visible track by itself
  /// is less likely than losing a frame. Nothing was missed then.
  private var looksLost: Bool {
    guard measurements.isEmpty else { return false }
    let missed = tracks.reduce(1.0) { missed, track in
      missed * existenceModel.missProbability(track.presence, visibleShare: frame.visibleShare(of: track.box(now: frame.now)))
    }
    return missed < (frame.isLost ? Tracker.lostAgain : Tracker.lostShare)
  }

  /// The part of a stream's frames that are taken to be lost: one in a thousand, so that three certain tracks without a detection are enough.
  private static let lostShare = 1e-3
  /// The part of them behind a lost one: frames are lost in bursts, and how long these are nobody knows.
  private static let lostAgain = 0.5

  /// A box that does not touch the picture is of no object in it.
  private func isInside(_ measurement: Measurement) -> Bool {
    frame.picture == nil || frame.visibleShare(of: measurement.gaussian.orientedBox) > 0
  }

  /// Brings every track to the present frame: first with the camera, then by its own motion.
  private mutating func predict(_ input: TrackerInput) {
    var camera = input.motion?.homography ?? .identity
    if !camera.isFinite { camera = .identity }
    let isMoved = camera != .identity
    let step = motionModel.step(seconds: frame.seconds)
    let factor = settings.learnsNoise ? noise.accelerationFactor : 1
    for i in tracks.indices {
      tracks[i].streamFactor = factor
      if isMoved { motionModel.move(&tracks[i], with: camera) }
      motionModel.advance(&tracks[i], step: step, seconds: frame.seconds)
      existenceModel.predict(&tracks[i].presence, seconds: frame.seconds)
    }
    appearance?.gallery.predict(motionModel, camera: camera, step: step, frame: frame)
    if settings.findsCommonShift, !isKnown(input.motion), let shift = moveTogether(input.motion) {
      camera = .translation(shift) * camera
    }
    frame.step.camera = camera
    if settings.interpolation > 0 { earlierRows.note(frame, keeping: settings.interpolation) }
  }

  /// Whether the picture told how the camera moved.
  private func isKnown(_ motion: CameraMotion?) -> Bool {
    switch motion?.status {
    case .ok, .isStatic: true
    case .degenerate, .cut, .first, nil: false
    }
  }

  /// Moves all tracks by the shift that they share against their predictions, where there is one.
  ///
  /// - Parameter motion: Nil without pictures; otherwise pictures that could not tell, which they fail to do at wide shifts first of all.
  private mutating func moveTogether(_ motion: CameraMotion?) -> Point? {
    let width = frame.picture?.width ?? seenWidth
    let isWide = motion != nil
    let limit = width * (isWide ? settings.largestUnknownShift : settings.largestShift)
    guard let shift = commonShift.estimate(tracks, measurements, limit: limit, isWide: isWide) else { return nil }
    frame.step.isDoubtful = isWide
    appearance?.gallery.move(by: shift)
    for i in tracks.indices {
      tracks[i].motion.center.position += shift
      tracks[i].anchor.center.position += shift
      tracks[i].probe?.move(by: shift)
      guard isWide else { continue }
      tracks[i].motion.doubt()
      tracks[i].probe = nil
    }
    return shift
  }

  // MARK: Tracks

  /// Gives every track its detection, or its miss.
  private mutating func observe(into output: inout TrackerOutput) {
    for i in tracks.indices {
      let match = association.measurementOfTrack[i]
      if match < 0 {
        tracks[i].miss(frame, existenceModel)
        continue
      }
      let lastSeen = tracks[i].lastSeen
      let hadGap = tracks[i].missed > 0
      let lesson = tracks[i].take(measurements[match], frame, motionModel, existenceModel, settings)
      if let next = lesson.next { noise.learn(next: next) }
      if let later = lesson.later { noise.learn(later: later) }
      if hadGap, settings.interpolation > 0 {
        earlierRows.bridge(tracks[i], since: lastSeen, until: frame.now, limit: settings.interpolation, frame, into: &output)
      }
    }
  }

  private mutating func beginTracks() {
    for index in measurements.indices
    where !association.isTaken[index] && measurements[index].score >= settings.highScore {
      lastSerial += 1
      var track = Track(serial: lastSerial, measurements[index], frame, settings: settings)
      track.presence.update(visibleRatio: measurements[index].evidence)
      appearance?.begin(track, measurement: index, now: frame.now)
      tracks.append(track)
    }
  }

  /// Ids are given here, to tracks that are reported at once, so that they have no holes; one that comes back has its own.
  private mutating func confirmTracks(into output: inout TrackerOutput) {
    let threshold = max(settings.confirmation, settings.reporting)
    var taken: [Int] = []
    var hasReturned = false
    for i in confirmedCount..<tracks.count where tracks[i].presence.existence >= threshold {
      guard tracks[i].isObserved, tracks[i].reasonToEnd(frame, settings) == nil else { continue }
      let earlier = returned(tracks[i], taken)
      if let earlier {
        tracks[i].id = earlier.id
        hasReturned = true
        if let serial = earlier.serial { taken.append(serial) }
        appearance?.gallery.remove(id: earlier.id)
        output.changes.append(
          TrackChange(
            id: earlier.id, ordinal: frame.ordinal, time: frame.now, kind: .reidentified, gap: frame.now - earlier.lastSeen))
      } else {
        lastId += 1
        tracks[i].id = lastId
      }
      tracks[i].longestLogSide = tracks[i].observedLogSide
      earlierRows.release(tracks[i], after: earlier?.lastOrdinal, into: &output)
      if i > confirmedCount { tracks.swapAt(i, confirmedCount) }
      confirmedCount += 1
    }
    if hasReturned { sortReturned(taken) }
  }

  /// The earlier track that one goes on with, if any.
  ///
  /// - Parameter taken: The serials of those whose ids were given on already in this frame.
  private func returned(_ track: Track, _ taken: [Int]) -> ReturnedTrack? {
    guard findsReturning, let appearance, let picture = frame.picture else { return nil }
    return appearance.returned(
      track, among: taken.isEmpty ? tracks : tracks.filter { !taken.contains($0.serial) }, comparison, area: picture.area,
      isClassAgnostic: settings.isClassAgnostic, ordinal: frame.ordinal)
  }

  /// Takes out the tracks that go on as others, and puts the confirmed ones in order again.
  private mutating func sortReturned(_ taken: [Int]) {
    for serial in taken { appearance?.forget(serial) }
    tracks.removeAll { taken.contains($0.serial) }
    confirmedCount -= taken.count
    tracks[..<confirmedCount].sort { $0.id < $1.id }
  }

  private mutating func endTracks(into output: inout TrackerOutput) {
    var kept = 0
    confirmedCount = 0
    for i in tracks.indices {
      if let reason = tracks[i].reasonToEnd(frame, settings) {
        note(tracks[i], reason, into: &output)
      } else {
        if kept != i { tracks[kept] = tracks[i] }
        if tracks[kept].isConfirmed { confirmedCount += 1 }
        kept += 1
      }
    }
    tracks.removeLast(tracks.count - kept)
  }

  private mutating func endAll(_ reason: TrackEnding.Reason, into output: inout TrackerOutput) {
    for track in tracks { note(track, reason, into: &output) }
    tracks.removeAll(keepingCapacity: true)
    // Behind a cut nothing tells where who comes back could be.
    appearance?.gallery.removeAll()
    confirmedCount = 0
  }

  private mutating func note(_ track: Track, _ reason: TrackEnding.Reason, into output: inout TrackerOutput) {
    if let look = appearance?.look(of: track.serial) {
      if track.isConfirmed { appearance?.gallery.add(track, look, ordinal: frame.ordinal) }
      appearance?.forget(track.serial)
    }
    guard track.isConfirmed else {
      earlierRows.drop(track)
      return
    }
    output.endings.append(
      TrackEnding(
        id: track.id, ordinal: frame.ordinal, time: frame.now, lastSeenOrdinal: track.lastSeenOrdinal,
        reason: reason))
  }

  /// The rows of the present frame, by ascending id.
  private mutating func report(into output: inout TrackerOutput) {
    output.tracks.reserveCapacity(confirmedCount)
    for i in 0..<confirmedCount where tracks[i].isReported(frame, settings) {
      if tracks[i].isObserved { tracks[i].longestLogSide = max(tracks[i].longestLogSide, tracks[i].observedLogSide) }
      output.tracks.append(tracks[i].snapshot(settings.boxes, frame))
      guard !settings.forecastTimes.isEmpty else { continue }
      output.tracks[output.tracks.count - 1].forecast = settings.forecastTimes.map {
        motionModel.forecast(tracks[i], now: frame.now, ahead: $0)
      }
    }
    guard settings.backfills else { return }
    for i in confirmedCount..<tracks.count where tracks[i].isObserved {
      earlierRows.keep(tracks[i].snapshot(settings.boxes, frame), of: tracks[i], ordinal: frame.ordinal)
    }
  }
}
