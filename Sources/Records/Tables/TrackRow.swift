import Geometry

/// A track in a frame, as a row of tables.
public struct TrackRow: Sendable {
  /// From 0.
  public var frame: Int
  /// Seconds from the start of the stream.
  public var time: Double
  /// The name of the track's class.
  public var className: String
  /// The track.
  public var track: TrackRecord
  /// How the frame lies in the plane that stands still while the camera moves; nil where nobody knows.
  public var view: StabilizedPlane.View?
  /// What the track was seen in.
  public var video: String

  /// A row by its parts.
  ///
  /// - Parameter classes: The names of the stream's header.
  public init(frame: Int, time: Double, track: TrackRecord, classes: [String], view: StabilizedPlane.View?, video: String) {
    (self.frame, self.time, self.track, self.view, self.video) = (frame, time, track, view, video)
    className = track.className(in: classes) ?? TrackRecord.unknownClass
  }

  /// All that is known of a track in a frame.
  public static let columns: [TableColumn<TrackRow>] = [
    TableColumn("frame", .integer) { .integer($0.frame) },
    TableColumn("time_s", .real(decimals: StreamDecimals.seconds, isLong: true)) { .real($0.time) },
    TableColumn("id", .integer) { .integer($0.track.id) },
    TableColumn("class", .text) { .text($0.className) },
    TableColumn("state", .text) { .text($0.track.state.rawValue) },
    probability("score", \.score),
    probability("existence", \.existence),
    position("cx_px") { $0.track.box.center.x },
    position("cy_px") { $0.track.box.center.y },
    position("w_px") { $0.track.box.width },
    position("h_px") { $0.track.box.height },
    angle("angle_rad") { $0.isAngleDefined ? $0.box.angle : nil },
    angle("angle_sd_rad") { $0.isAngleDefined ? $0.angleDeviation : nil },
    position("vx_px_per_s") { $0.track.velocity?.x },
    position("vy_px_per_s") { $0.track.velocity?.y },
    angle("heading_rad", \.heading),
    angle("heading_sd_rad", \.headingDeviation),
    probability("heading_confidence", \.headingConfidence),
    position("speed_px_per_s") { $0.track.speed },
    TableColumn("observation", .text) { .text($0.track.observation.rawValue) },
    TableColumn("detection", .integer) { $0.track.detectionIndex.map { .integer($0) } ?? .none },
    angle("course_rad", \.course),
    angle("course_sd_rad", \.courseDeviation),
    position("image_vx_px_per_s") { $0.track.imageVelocity?.x },
    position("image_vy_px_per_s") { $0.track.imageVelocity?.y },
    position("stable_x_px") { $0.place?.x },
    position("stable_y_px") { $0.place?.y },
    TableColumn("stable_frame", .integer) { $0.view.map { .integer($0.origin) } ?? .none },
    angle("azimuth_rad") { $0.bearing?.azimuth },
    angle("elevation_rad") { $0.bearing?.elevation },
    angle("world_azimuth_rad") { $0.worldBearing?.azimuth },
    angle("world_elevation_rad") { $0.worldBearing?.elevation },
    metres("ground_x_m") { $0.place.x },
    metres("ground_y_m") { $0.place.y },
    metres("ground_vx_m_per_s") { $0.velocity?.x },
    metres("ground_vy_m_per_s") { $0.velocity?.y },
    metres("ground_speed_m_per_s") { $0.velocity?.length },
    angle("ground_course_rad") { $0.ground?.course },
    angle("ground_heading_rad") { $0.ground?.heading },
    TableColumn("video", .text) { .text($0.video) },
  ]

  /// The centre in the plane that stands still.
  private var place: Point? { view?.place(track.box.center) }

  private static func position(_ name: String, _ value: @escaping @Sendable (TrackRow) -> Double?) -> TableColumn<TrackRow> {
    TableColumn(name, .real(decimals: StreamDecimals.position)) { .real(value($0)) }
  }

  private static func metres(_ name: String, _ value: @escaping @Sendable (GroundRecord) -> Double?) -> TableColumn<TrackRow> {
    TableColumn(name, .real(decimals: StreamDecimals.metres)) { .real($0.track.ground.flatMap(value)) }
  }

  private static func angle(_ name: String, _ value: @escaping @Sendable (TrackRecord) -> Double?) -> TableColumn<TrackRow> {
    TableColumn(name, .real(decimals: StreamDecimals.angle)) { .real(value($0.track)) }
  }

  private static func probability(_ name: String, _ value: @escaping @Sendable (TrackRecord) -> Double?) -> TableColumn<TrackRow> {
    TableColumn(name, .real(decimals: StreamDecimals.probability)) { .real(value($0.track)) }
  }
}
