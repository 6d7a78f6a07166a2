import Geometry
import Records
import TrackEvaluation

/// Forecasts in a stream beside where the objects were later, pixels.
///
/// A track's truth is the box that overlaps it best in the frame of the forecast (one to one), or the track itself where the stream is its
/// own truth. Forecasts are in pixels of the frame that makes them, so later positions are brought back by the stream's camera motion;
/// samples that reach across a cut, or beyond the truth, are left out.
public struct StreamForecasts: Sendable {
  /// What makes a track of the truth the one that a forecast is of.
  public struct Settings: Sendable, Equatable {
    /// Least overlap of a track and its truth.
    public var minimumOverlap = 0.5
    /// Longest time between the truth's positions on both sides of a forecast's time, seconds.
    public var maximumGap = 0.5
    /// The samples of the largest final errors carry what was observed in the last seconds, for pictures: how many, and how long.
    public var worstSamples = 6
    /// How long a window reaches back before its frame.
    public var observedSeconds = 2.0

    /// A track belongs to the truth that it covers by half.
    public init() {}
  }

  /// The forecasts that reach the truth.
  public private(set) var samples: [ForecastSample] = []
  /// Forecasts of tracks without truth, and those that reach beyond the truth or across a cut.
  public private(set) var unmatched = 0
  /// Forecasts of times that the truth does not reach.
  public private(set) var beyondTruth = 0

  /// A frame of the stream: its time and the camera's motion since the last cut.
  private struct Moment {
    var time: Double
    var fromStart: Homography
    var toStart: Homography?
    var shot: Int
  }

  private struct Position {
    var frame: Int
    var center: Point
  }

  /// What was left out, and what is odd about the stream, a sentence each.
  public var warnings: [String] {
    var warnings: [String] = []
    if unmatched > 0 { warnings.append("\(unmatched) forecasts have no truth; left out") }
    if beyondTruth > 0 { warnings.append("\(beyondTruth) forecasts reach beyond the truth or across a cut; left out") }
    if let earlyEnd { warnings.append(earlyEnd) }
    return warnings
  }

  private var earlyEnd: String?
  private let settings: Settings
  private var moments: [Int: Moment] = [:]
  private var predicted: [(frame: Int, tracks: [TrackRecord])] = []
  private var paths: [Int: [Position]] = [:]

  /// - Parameters:
  ///   - stream: The stream with the forecasts, read to its end.
  ///   - truth: Boxes with identities in the frames of the stream; nil where the stream's own later tracks are the truth.
  public init(stream: StreamReader, truth: BoxTable?, settings: Settings = Settings()) throws(RecordsError) {
    self.settings = settings
    try readStream(stream, keepsPaths: truth == nil)
    if let truth { addPaths(of: truth) }
    for key in paths.keys { paths[key]?.sort { $0.frame < $1.frame } }
    let rows = truth?.rowsByFrame()
    for (frame, tracks) in predicted {
      var identities: [Int?] = tracks.map(\.id)
      if let truth, let rows { identities = partners(of: tracks, in: frame, truth: truth, rows: rows) }
      for (track, identity) in zip(tracks, identities) {
        guard let id = identity else {
          unmatched += 1
          continue
        }
        addSample(track, frame: frame, id: id)
      }
    }
    observeWorst()
    predicted = []
    paths = [:]
    moments = [:]
  }

  private mutating func readStream(_ stream: StreamReader, keepsPaths: Bool) throws(RecordsError) {
    var motion = Homography.identity
    var shot = 0
    while let record = try stream.next() {
      guard case .frame(let frame) = record else { continue }
      if let camera = frame.camera {
        if camera.status == .cut {
          shot += 1
          motion = .identity
        } else {
          motion = camera.homography * motion
        }
      }
      moments[frame.frame] = Moment(time: frame.time, fromStart: motion, toStart: motion.inverse, shot: shot)
      let withForecast = frame.tracks.filter { !$0.forecast.isEmpty }
      if !withForecast.isEmpty { predicted.append((frame.frame, withForecast)) }
      guard keepsPaths else { continue }
      for track in frame.tracks where track.observation != .predicted {
        paths[track.id, default: []].append(Position(frame: frame.frame, center: track.box.center))
      }
    }
    earlyEnd = stream.earlyEnd
  }

  private mutating func addPaths(of truth: BoxTable) {
    // Frames beyond the stream have no time there.
    for row in 0..<truth.count where truth.ids[row] >= 0 && moments[Int(truth.frames[row])] != nil {
      paths[Int(truth.ids[row]), default: []].append(
        Position(frame: Int(truth.frames[row]), center: truth.orientedBox(row).center))
    }
  }

  /// The truth's identity for each track of a frame, by the assignment of the largest sum of overlaps.
  private func partners(of tracks: [TrackRecord], in frame: Int, truth: BoxTable, rows: RowIndex) -> [Int?] {
    let candidates = rows.rows(of: frame).filter { truth.ids[$0] >= 0 }
    guard !candidates.isEmpty else { return tracks.map { _ in nil } }
    let overlaps = tracks.map { track in
      candidates.map { row -> Double in
        let overlap = track.box.iou(with: truth.orientedBox(row))
        return overlap >= settings.minimumOverlap ? overlap : 0
      }
    }
    var assignment = RectangularAssignment()
    assignment.solve(overlaps.flatMap { $0.map { -$0 } }, rows: tracks.count, columns: candidates.count)
    return tracks.indices.map { index in
      let column = assignment.columnOfRow[index]
      return column >= 0 && overlaps[index][column] > 0 ? Int(truth.ids[candidates[column]]) : nil
    }
  }

  private mutating func addSample(_ track: TrackRecord, frame: Int, id: Int) {
    let future = track.forecast.compactMap { position(of: id, at: $0.time, seenFrom: frame) }
    guard future.count == track.forecast.count else {
      beyondTruth += 1
      return
    }
    let hypothesis = track.forecast.map { PredictedPosition($0.center, covariance: $0.covariance) }
    let now = moments[frame]?.time ?? 0
    // Milliseconds, so that equal horizons of different frames are equal numbers.
    let horizons = track.forecast.map { (1000 * ($0.time - now)).rounded() / 1000 }
    samples.append(ForecastSample(hypotheses: [hypothesis], truth: future, horizons: horizons, agent: id, frame: frame))
  }

  /// Adds to the samples of the largest final errors where their objects were before.
  private mutating func observeWorst() {
    for index in ForecastProfile.worst(samples, count: settings.worstSamples, hypothesisLimit: nil) {
      guard let here = moments[samples[index].frame], let path = paths[samples[index].agent] else { continue }
      samples[index].observed = path.filter { position in
        (moments[position.frame]?.time).map { $0 <= here.time && $0 >= here.time - settings.observedSeconds } ?? false
      }.compactMap { seen($0, from: here)?.point }
    }
  }

  /// Where an object is at a time, in pixels of another frame: between the truth's two positions around it; nil where they are not there.
  private func position(of id: Int, at time: Double, seenFrom frame: Int) -> Point? {
    guard let here = moments[frame], let path = paths[id] else { return nil }
    var low = 0
    var high = path.count
    while low < high {
      let middle = (low + high) / 2
      if (moments[path[middle].frame]?.time ?? -.infinity) < time { low = middle + 1 } else { high = middle }
    }
    guard low < path.count, let after = seen(path[low], from: here) else { return nil }
    // Times of a stream have six decimals.
    if abs(after.time - time) < 1e-6 { return after.point }
    guard low > 0, let before = seen(path[low - 1], from: here), after.time - before.time <= settings.maximumGap,
      after.time > before.time
    else { return nil }
    return before.point + (after.point - before.point) * ((time - before.time) / (after.time - before.time))
  }

  private func seen(_ position: Position, from here: Moment) -> (point: Point, time: Double)? {
    guard let moment = moments[position.frame], moment.shot == here.shot, let toStart = moment.toStart else { return nil }
    let point = here.fromStart.apply(toStart.apply(position.center))
    return point.isFinite ? (point, moment.time) : nil
  }
}
