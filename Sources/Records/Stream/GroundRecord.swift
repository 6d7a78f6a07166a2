public import Geometry

/// A track on the ground, in metres (x right, y down on a map from above; angles from x towards y).
public struct GroundRecord: Sendable, Equatable {
  /// Of the middle of the box.
  public var place: Point
  /// Metres².
  public var covariance: SymmetricMatrix2?
  /// Metres per second.
  public var velocity: Point?
  /// The direction of travel; nil where the track has none.
  public var course: Double?
  /// Its standard deviation.
  public var courseDeviation: Double?
  /// Which way the body points; nil where unknown.
  public var heading: Double?
  /// Its standard deviation.
  public var headingDeviation: Double?

  /// A place on the ground.
  public init(place: Point) { self.place = place }

  /// The same things of a track, by the map from its picture to the ground; nil where its middle shows no ground.
  ///
  /// Covariances go by the map's derivative: they hold while the map is nearly linear over a standard deviation.
  public init?(_ track: TrackRecord, _ mapping: PlaneMapping) {
    let center = track.box.center
    guard let place = mapping.map(center), let jacobian = mapping.jacobian(at: center) else { return nil }
    self.place = place
    covariance = track.centerCovariance.map(jacobian.transform)
    velocity = track.velocity.map { jacobian * $0 }
    if let course = track.course.flatMap(jacobian.direction) {
      self.course = course.angle
      courseDeviation = track.courseDeviation.map { $0 * course.factor }
    }
    if let heading = track.heading.flatMap(jacobian.direction) {
      self.heading = heading.angle
      headingDeviation = track.headingDeviation.map { $0 * heading.factor }
    }
  }
}
