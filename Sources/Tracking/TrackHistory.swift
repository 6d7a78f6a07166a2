import Foundation
import Geometry
import Motion

/// What is kept of a track for rows that are given with later frames in sight: a filter of its own over the track's detections, frame by
/// frame, and the way back through it.
///
/// The tracker's filter is led by hand in places (after a gap it is walked again along the straight way). This one is plain: in a gap it
/// predicts, and what the gap's end says comes back through the smoother.
struct TrackHistory: Codable {
  /// One frame of the track's life.
  struct Moment: Codable {
    /// The state before this frame's detection and after it; the same without one.
    var predicted: BoxMotion
    var filtered: BoxMotion
    /// How the prediction came from the moment before; nil where there is no way back.
    var transition: BoxTransition?
    /// The detection's box; nil without one.
    var detected: BoxMeasurement?
    /// How restless the track was, for the next prediction.
    var agitation: Double
    /// The row that the tracker had for this frame.
    var row: TrackSnapshot
    /// Whether it reported the row.
    var isReported: Bool
  }

  /// Of the track that goes on.
  private(set) var serial: Int
  /// The id that the tracker gave it; 0 until it is confirmed.
  private(set) var ownId = 0
  private(set) var score = TrackScore()
  private(set) var span: EvidenceSpan
  /// The number of the frame in which the track was given up; nil while it lives.
  private(set) var end: Int?
  /// Whether a later track can be of the same object: not where the track was seen to leave the picture, nor across a cut.
  private(set) var mayGoOn = true
  /// Whether any of its rows was given out.
  var isGiven = false

  private(set) var moments: [Moment] = []
  /// The number of the frame of the first moment.
  private(set) var first: Int
  /// The id of the track that this one goes on with; 0 for none.
  private var earlierId = 0
  private(set) var classIndex = 0
  /// The number of the last frame with a detection.
  private var lastSeen: Int
  private var mostLogSide = 0.0

  /// The id that its rows have; 0 until it is confirmed.
  var id: Int { ownId > 0 && earlierId > 0 ? earlierId : ownId }

  /// - Parameter frame: The number of the frame in which the track begins.
  init(_ track: Track, frame: Int, _ context: FrameContext, _ settings: TrackerSettings) {
    serial = track.serial
    first = frame
    lastSeen = frame
    span = EvidenceSpan(frame: frame, evidence: ScoreEvidence.logRatio(track.score, settings: settings))
    append(predicted: track.motion, filtered: track.motion, transition: nil, track, context, settings)
  }

  // MARK: Forwards

  /// Goes on by one frame.
  mutating func follow(_ track: Track, _ context: FrameContext, _ model: MotionModel, _ settings: TrackerSettings) {
    guard let last = moments.last else { return }
    let (predicted, transition) = model.prediction(of: last.filtered, agitation: last.agitation, context.step)
    var filtered = predicted
    if track.isObserved { filtered.update(track.detected) }
    if filtered.isSound {
      append(predicted: predicted, filtered: filtered, transition: transition, track, context, settings)
    } else {
      append(predicted: track.motion, filtered: track.motion, transition: nil, track, context, settings)
    }
    let frame = first + moments.count - 1
    if track.isObserved { span.see(frame: frame, evidence: ScoreEvidence.logRatio(track.score, settings: settings)) }
  }

  private mutating func append(
    predicted: BoxMotion, filtered: BoxMotion, transition: BoxTransition?, _ track: Track, _ context: FrameContext,
    _ settings: TrackerSettings
  ) {
    moments.append(
      Moment(
        predicted: predicted, filtered: filtered, transition: transition, detected: track.isObserved ? track.detected : nil,
        agitation: track.restlessness, row: track.snapshot(settings.boxes, context),
        isReported: track.isReported(context, settings)))
    if track.isObserved {
      lastSeen = first + moments.count - 1
      score.see(track.score)
    }
    ownId = track.id
    classIndex = track.votes.winner
    mostLogSide = max(mostLogSide, track.mostLogSide)
  }

  /// Notes that the tracker gave the track up.
  mutating func close(frame: Int) { end = end ?? frame }

  /// Notes why.
  mutating func close(_ reason: TrackEnding.Reason) { mayGoOn = reason != .left && reason != .cut }

  /// Forgets what was before a frame.
  mutating func forget(before frame: Int) {
    let expired = min(frame - first, moments.count)
    // Trimmed in larger pieces, so that it costs nothing per frame.
    guard expired > TrackHistory.trimmed else { return }
    moments.removeFirst(expired)
    first += expired
  }

  private static var trimmed: Int { 64 }

  // MARK: Backwards

  /// The rows of the frames in a range, the latest first: smoothed within the span of evidence; behind the last detection, if it belongs to
  /// the span, as the tracker reported them.
  ///
  /// - Parameter body: Called with the number of the frame and its row.
  func walkBack(
    _ frames: Range<Int>, _ held: (Int) -> FrameContext, boxes: TrackerSettings.Boxes, _ body: (Int, TrackSnapshot) -> Void
  ) {
    var smoothed: BoxMotion?
    var existence = 0.0
    for index in moments.indices.reversed() {
      let number = first + index
      guard number >= max(frames.lowerBound, span.frames.lowerBound) else { return }
      let moment = moments[index]
      existence = max(existence, moment.row.existence)
      if number > span.frames.upperBound {
        let isCoasting = number > lastSeen && lastSeen == span.frames.upperBound
        if isCoasting, moment.isReported, frames.contains(number) { body(number, moment.row.with(id: id)) }
        continue
      }
      smoothed = state(at: index, next: smoothed)
      guard frames.contains(number), let smoothed, var row = row(of: moment, smoothed, held(number), boxes) else { continue }
      row.existence = existence
      body(number, row)
    }
  }

  private func state(at index: Int, next: BoxMotion?) -> BoxMotion {
    let filtered = moments[index].filtered
    guard let next, index + 1 < moments.count, let transition = moments[index + 1].transition else { return filtered }
    return filtered.smoothed(by: next, predicted: moments[index + 1].predicted, transition: transition)
  }

  /// Nil for a row without a detection whose box is not in the picture.
  private func row(of moment: Moment, _ motion: BoxMotion, _ frame: FrameContext, _ boxes: TrackerSettings.Boxes) -> TrackSnapshot?
  {
    var shape = motion.shape
    shape.p -= 2 * max(0, shape.logLongerSide - mostLogSide)
    var row = moment.row
    row.id = id
    row.classIndex = classIndex
    row.box = shape.box(at: motion.center.position)
    let isInside = frame.contains(row.box)
    if let detected = moment.detected {
      row.state = .confirmed
      row.observation = .smoothed
      // At the picture's border the smoother may lag behind a detection that is still inside.
      if boxes == .detected || !isInside { row.box = detected.shape.box(at: detected.center) }
    } else {
      guard isInside else { return nil }
      row.state = .coasting
      row.observation = .interpolated
    }
    row.angleDeviation = shape.angleVariance(motion.form.positionCovariance)?.squareRoot()
    row.tell(motion.center, frame.step)
    return row
  }
}

// MARK: - Joining

extension TrackHistory {
  /// What joining a later track to this one would cost: the least that the tracker's own comparison finds between this track, predicted from
  /// the end of its span, and one of the later track's first detections.
  ///
  /// The least, because the ends are where a track is worst known: what comes out from behind something is seen in parts at first.
  ///
  /// - Parameters:
  ///   - span: For how long detections of the later track are looked at, seconds.
  ///   - held: The frames between, by their numbers.
  /// - Returns: Nil where none of them lies in its gate and overlaps it.
  func cost(
    ofJoining later: TrackHistory, within span: Double, _ held: (Int) -> FrameContext, _ model: MotionModel,
    _ comparison: Comparison
  ) -> Double? {
    let (last, begin) = (self.span.frames.upperBound, later.span.frames.lowerBound)
    guard last >= first, begin >= later.first, last < begin else { return nil }
    var motion = moments[last - first].filtered
    // A box that is not seen keeps its size and shape.
    motion.size.rate = 0
    motion.form.velocity = .zero
    var least: Double?
    let limit = held(begin).now + span
    for number in last + 1..<later.first + later.moments.count {
      let context = held(number)
      guard context.now <= limit else { break }
      motion = model.prediction(of: motion, agitation: moments[last - first].agitation, context.step).motion
      guard motion.isSound else { break }
      guard number >= begin, let detected = later.moments[number - later.first].detected,
        motion.box.orientedBox.iou(with: detected.shape.box(at: detected.center)) >= TrackHistory.leastOverlap
      else { continue }
      if let cost = comparison.evaluate(Prediction(motion, classIndex: classIndex), motion, Measurement(detected)) {
        least = min(least ?? cost, cost)
      }
    }
    return least
  }

  /// The IoU that a prediction and a detection of one object have at least (SORT; Bewley et al., 2016): the gate alone, which grows with the
  /// time unseen, would take a far car for the near one that just passed it.
  private static var leastOverlap: Double { 0.3 }

  /// This track, gone on with a later one's detections from the end of its span; what was between is filtered anew.
  ///
  /// - Returns: Nil where the gap cannot be filtered.
  func joined(with later: TrackHistory, _ held: (Int) -> FrameContext, _ model: MotionModel) -> TrackHistory? {
    var whole = self
    let (last, begin) = (span.frames.upperBound, later.span.frames.lowerBound)
    whole.moments.removeLast(first + moments.count - 1 - last)
    for number in last + 1..<later.first + later.moments.count {
      guard let before = whole.moments.last else { return nil }
      let own = number >= begin ? later.moments[number - later.first] : nil
      let (predicted, transition) = model.prediction(of: before.filtered, agitation: before.agitation, held(number).step)
      var moment = own ?? before.unseen
      (moment.predicted, moment.filtered, moment.transition) = (predicted, predicted, transition)
      if let detected = moment.detected { moment.filtered.update(detected) }
      if !moment.filtered.isSound {
        guard let own else { return nil }
        (moment.predicted, moment.filtered, moment.transition) = (own.predicted, own.filtered, nil)
      }
      whole.moments.append(moment)
    }
    whole.take(later)
    return whole
  }

  private mutating func take(_ later: TrackHistory) {
    earlierId = id
    (serial, ownId, end, mayGoOn) = (later.serial, later.ownId, later.end, later.mayGoOn)
    (lastSeen, classIndex) = (later.lastSeen, later.classIndex)
    score.add(later.score)
    span.add(later.span)
    mostLogSide = max(mostLogSide, later.mostLogSide)
  }
}

extension TrackHistory.Moment {
  /// The same without a detection, for a frame of a gap.
  fileprivate var unseen: TrackHistory.Moment {
    var moment = self
    (moment.detected, moment.isReported) = (nil, false)
    (moment.row.detectionIndex, moment.row.rawClassIndex) = (nil, nil)
    return moment
  }
}

extension TrackSnapshot {
  fileprivate func with(id: Int) -> TrackSnapshot {
    var row = self
    row.id = id
    return row
  }
}
