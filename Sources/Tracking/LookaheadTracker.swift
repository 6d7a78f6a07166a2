import Geometry
import Motion

/// A frame whose rows are final.
public struct FinishedFrame: Sendable {
  /// The frame's number.
  public var ordinal: Int
  /// By ascending id.
  public var tracks: [TrackSnapshot] = []
  /// The tracks that ended in the frame, of those that had rows.
  public var endings: [TrackEnding] = []

  /// A frame without rows yet.
  public init(ordinal: Int) { self.ordinal = ordinal }
}

/// What comes out after a frame: how things stand in it, and the earlier frames that are final now.
public struct LookaheadOutput: Sendable {
  /// What the tracker says of the present frame, as without a look ahead.
  public var present: TrackerOutput
  /// In the order of the frames.
  public var finished: [FinishedFrame]
  /// The tracks that ended with the stream, of those that had rows.
  public var endings: [TrackEnding]

  /// A present and what is final.
  public init(present: TrackerOutput, finished: [FinishedFrame], endings: [TrackEnding] = []) {
    self.present = present
    self.finished = finished
    self.endings = endings
  }

  /// Without a look ahead: the present frame is final.
  public init(present: TrackerOutput, ordinal: Int) {
    var frame = FinishedFrame(ordinal: ordinal)
    frame.tracks = present.tracks
    frame.endings = present.endings
    self.init(present: present, finished: [frame])
  }
}

/// A tracker that gives a frame's rows out only when it has seen what follows: for so many seconds, or to the end.
///
/// The tracks are those of `Tracker`, with the ids that it gave. What follows changes the rows: a track whose detections' scores are poor as a
/// whole is left out; one that is kept has its rows from its first sure detection to its last and in its gaps too; one that goes on with an
/// earlier track has its id; every box is smoothed by those after it (docs/motion-models.md, "Smoothing").
///
/// Memory grows with the time looked ahead: about a kilobyte a track and frame. The same inputs give the same outputs, and a look ahead beyond
/// the end of the stream gives what looking to the end does.
public struct LookaheadTracker: Sendable {
  fileprivate struct Held: Codable {
    var context: FrameContext
    var endings: [Ending] = []

    struct Ending: Codable {
      var ending: TrackEnding
      var serial: Int
    }
  }

  private var tracker: Tracker
  private let settings: TrackerSettings
  private let seconds: Double
  /// The frames that are not given out yet; the first one's number is `firstHeld`.
  private var held: [Held] = []
  private var firstHeld = 0
  /// The frames before them, as far back as a track can be joined to an earlier one.
  private var past: [FrameContext] = []
  /// By ascending serial.
  private var histories: [TrackHistory] = []
  private var lastSerial = 0
  private var scale = ScoreScale()
  private let comparison: Comparison

  /// What it knows of the stream so far, as `Tracker.Memory`.
  public struct Memory: Sendable, Codable {
    fileprivate var tracker: Tracker.Memory
    fileprivate var held: [Held]
    fileprivate var firstHeld: Int
    fileprivate var past: [FrameContext]
    fileprivate var histories: [TrackHistory]
    fileprivate var lastSerial: Int
    fileprivate var scale: ScoreScale

    /// As `Tracker.Memory.isSound`.
    public var isSound: Bool { tracker.isSound }
  }

  /// What it knows of the stream so far. Set to another one's, of the same settings, law and time, it goes on as that one would.
  public var memory: Memory {
    get {
      Memory(
        tracker: tracker.memory, held: held, firstHeld: firstHeld, past: past, histories: histories, lastSerial: lastSerial,
        scale: scale)
    }
    set {
      tracker.memory = newValue.tracker
      (held, firstHeld, past) = (newValue.held, newValue.firstHeld, newValue.past)
      (histories, lastSerial, scale) = (newValue.histories, newValue.lastSerial, newValue.scale)
    }
  }

  /// - Parameters:
  ///   - settings: As for `Tracker`; rows from before a confirmation and in gaps are always given, so `backfills` and `interpolation` have
  ///     no effect.
  ///   - seconds: How long a frame waits; infinite: to the end.
  ///   - law: How the objects move by themselves.
  public init(settings: TrackerSettings = TrackerSettings(), seconds: Double, law: MotionLaw = .kalman) {
    var plain = settings
    plain.backfills = false
    plain.interpolation = 0
    self.settings = plain
    self.seconds = seconds
    tracker = Tracker(settings: plain, law: law)
    // Tracks are joined here, by what follows.
    tracker.findsReturning = false
    comparison = Comparison(plain)
  }

  /// Takes in the next frame.
  public mutating func update(_ input: TrackerInput) -> LookaheadOutput {
    let present = tracker.update(input)
    held.append(Held(context: tracker.frame))
    follow()
    note(present.endings)
    return LookaheadOutput(present: present, finished: release(finishedCount))
  }

  /// Ends every track and gives out what is held: the stream is over.
  public mutating func finish() -> LookaheadOutput {
    let present = tracker.finish()
    let finished = release(held.count)
    let endings = present.endings.compactMap { ending in
      histories.first { $0.ownId == ending.id && $0.isGiven }.map { ending.with(id: $0.id) }
    }
    histories.removeAll()
    return LookaheadOutput(present: present, finished: finished, endings: endings)
  }

  // MARK: Forwards

  /// Tells each history what became of its track in the present frame.
  private mutating func follow() {
    let number = firstHeld + held.count - 1
    let context = tracker.frame
    var places: [Int: Int] = [:]
    places.reserveCapacity(tracker.tracks.count)
    for (place, track) in tracker.tracks.enumerated() {
      places[track.serial] = place
      if track.isObserved { scale.see(track.score) }
    }
    for index in histories.indices where histories[index].end == nil {
      if let place = places[histories[index].serial] {
        histories[index].follow(tracker.tracks[place], context, tracker.motionModel, settings)
      } else {
        histories[index].close(frame: number)
      }
    }
    let born = tracker.tracks.filter { $0.serial > lastSerial }.sorted { $0.serial < $1.serial }
    for track in born { histories.append(TrackHistory(track, frame: number, context, settings)) }
    lastSerial = born.last?.serial ?? lastSerial
    // Tracks that ended without an id have no rows.
    histories.removeAll { $0.end != nil && $0.id == 0 }
  }

  /// Keeps endings until their frame is given out.
  private mutating func note(_ endings: [TrackEnding]) {
    for ending in endings {
      guard let place = histories.firstIndex(where: { $0.ownId == ending.id }) else { continue }
      histories[place].close(ending.reason)
      held[held.count - 1].endings.append(Held.Ending(ending: ending, serial: histories[place].serial))
    }
  }

  // MARK: Out

  /// Times closer than this are one, seconds: frames at a steady rate are not a multiple of its period apart to the last digit.
  private static let shortest = 1e-6

  /// How many of the frames that are held are final.
  private var finishedCount: Int {
    guard let now = held.last?.context.now else { return 0 }
    return held.prefix { now - $0.context.now >= seconds - LookaheadTracker.shortest }.count
  }

  /// The least mean log-odds of a track that is kept, from the detections so far.
  private var leastScore: Double {
    let surest = scale.surest
    // A detector that is never sure gives no measure.
    return surest > 0 ? settings.keptShare * surest : -.infinity
  }

  /// Joins tracks that begin in frames which are about to be given out to tracks that ended before them, where the tracker would have gone on
  /// with the earlier one if it had known what came after: without the poor detections that misled it, and with the later track's best
  /// ones among the first.
  ///
  /// - Parameter end: The number of the first frame that goes on being held.
  private mutating func joinTracks(before end: Int, least: Double) {
    var index = 0
    while index < histories.count {
      let later = histories[index]
      guard canBeJoined(later, before: end, least: least), let earlier = bestEarlier(than: later, least: least),
        let joined = histories[earlier].joined(with: later, context, tracker.motionModel)
      else {
        index += 1
        continue
      }
      histories[index] = joined
      histories.remove(at: earlier)
      if earlier > index { index += 1 }
    }
  }

  /// Whether a track has no rows yet, and its first detections are all there or will not wait.
  private func canBeJoined(_ later: TrackHistory, before end: Int, least: Double) -> Bool {
    let begin = later.span.frames.lowerBound
    guard later.id > 0, !later.isGiven, later.score.mean >= least, begin >= later.first, begin >= firstHeld, let last = held.last
    else { return false }
    return begin < end || later.end != nil || last.context.now - context(begin).now >= LookaheadTracker.firstSight
  }

  /// A frame by its number: one that is held, or of the past that is kept.
  private func context(_ number: Int) -> FrameContext {
    number >= firstHeld ? held[number - firstHeld].context : past[past.count - (firstHeld - number)]
  }

  /// The track that a later one goes on with, by its place; nil for none.
  private func bestEarlier(than later: TrackHistory, least: Double) -> Int? {
    let begin = later.span.frames.lowerBound
    var best: (place: Int, cost: Double)?
    for (place, earlier) in histories.enumerated() {
      let last = earlier.span.frames.upperBound
      // What is between must still be known, and the earlier track must not come back by itself.
      guard earlier.id > 0, earlier.id != later.id, earlier.end != nil, earlier.mayGoOn, last < begin,
        last + 1 >= firstHeld - past.count,
        last >= earlier.first,
        earlier.score.mean >= least, settings.isClassAgnostic || earlier.classIndex == later.classIndex
      else { continue }
      let gap = context(begin).now - context(last + 1).now
      guard gap <= settings.maximumGap else { continue }
      let cost = earlier.cost(
        ofJoining: later, within: LookaheadTracker.firstSight, context, tracker.motionModel, comparison)
      if let cost, cost < best?.cost ?? .infinity { best = (place, cost) }
    }
    return best?.place
  }

  /// For how long a track's first detections are compared with an earlier one, seconds: what comes out from behind something is whole by then.
  private static let firstSight = 0.5

  /// Gives out the first frames that are held.
  private mutating func release(_ count: Int) -> [FinishedFrame] {
    guard count > 0 else { return [] }
    var frames = held.prefix(count).map { FinishedFrame(ordinal: $0.context.ordinal) }
    let numbers = firstHeld..<firstHeld + count
    let least = leastScore
    joinTracks(before: numbers.upperBound, least: least)
    for index in histories.indices where histories[index].id > 0 && histories[index].score.mean >= least {
      var isGiven = histories[index].isGiven
      histories[index].walkBack(numbers, context, boxes: settings.boxes) { number, row in
        frames[number - firstHeld].tracks.append(row)
        isGiven = true
      }
      histories[index].isGiven = isGiven
    }
    for index in 0..<count {
      frames[index].tracks.sort { $0.id < $1.id }
      frames[index].endings = held[index].endings.compactMap { entry in
        histories.first { $0.serial == entry.serial && $0.isGiven }.map { entry.ending.with(id: $0.id) }
      }
    }
    past += held.prefix(count).map(\.context)
    held.removeFirst(count)
    firstHeld += count
    forgetPast()
    histories.removeAll { ($0.end ?? firstHeld) < firstHeld }
    for index in histories.indices { histories[index].forget(before: firstHeld - past.count) }
    return frames
  }

  private mutating func forgetPast() {
    guard let now = (held.first?.context ?? past.last)?.now else { return }
    let expired = past.prefix { now - $0.now > settings.maximumGap }.count
    // Trimmed in larger pieces, so that it costs nothing per frame.
    if expired > LookaheadTracker.trimmed { past.removeFirst(expired) }
  }

  private static let trimmed = 64
}

extension TrackEnding {
  fileprivate func with(id: Int) -> TrackEnding {
    var ending = self
    ending.id = id
    return ending
  }
}
