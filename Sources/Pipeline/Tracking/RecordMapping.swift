import Geometry
import Records
import Tracking
import Video

extension TrackRecord {
  /// The record of a track as it stands in a frame.
  ///
  /// - Parameters:
  ///   - masks: The frame's masks by the positions of their detections; a row has that of the detection that it used.
  ///   - corners: Those of flat objects, likewise.
  init(_ track: TrackSnapshot, masks: [Int: RunLengthMask] = [:], corners: [Int: [Point]] = [:]) {
    self.init(
      id: track.id, classIndex: track.classIndex, rawClassIndex: track.rawClassIndex, state: State(track.state),
      score: track.score, existence: track.existence, box: track.box, isAngleDefined: track.angleDeviation != nil,
      angleDeviation: track.angleDeviation, centerCovariance: track.centerCovariance, velocity: track.velocity,
      imageVelocity: track.imageVelocity, course: track.course, courseDeviation: track.courseDeviation,
      heading: track.heading, headingDeviation: track.headingDeviation, headingConfidence: track.headingConfidence,
      speed: track.speed, observation: Observation(track.observation), detectionIndex: track.detectionIndex,
      forecast: track.forecast.map { ForecastRecord(time: $0.time, center: $0.center, covariance: $0.covariance) },
      mask: track.detectionIndex.flatMap { masks[$0] }, corners: track.detectionIndex.flatMap { corners[$0] })
  }
}

extension TrackRecord.State {
  init(_ state: TrackSnapshot.State) {
    self =
      switch state {
      case .tentative: .tentative
      case .confirmed: .confirmed
      case .coasting: .coasting
      }
  }
}

extension TrackRecord.Observation {
  init(_ observation: TrackSnapshot.Observation) {
    self =
      switch observation {
      case .observed: .observed
      case .smoothed: .smoothed
      case .interpolated: .interpolated
      case .predicted: .predicted
      }
  }
}

extension EventRecord {
  /// What happened to a track.
  init(_ change: TrackChange) {
    let (frame, time, id) = (change.ordinal, change.time, change.id)
    self =
      switch change.kind {
      case .lost: .track(.trackLost, frame: frame, time: time, id: id)
      case .found: .track(.trackFound, frame: frame, time: time, id: id)
      case .reidentified: .trackReidentified(frame: frame, time: time, id: id, gap: change.gap ?? 0)
      }
  }
}
