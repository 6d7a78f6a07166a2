/// Where the ground's frame lies on the Earth: its origin's latitude and longitude and the bearing of its y axis turned round.
///
/// Metres become degrees by the two radii of curvature of WGS84 at the origin (the meridian's and the prime vertical's), as in local surveys: within
/// 10 km of the origin, away from the poles, the error is a few metres at most, and at 1 km some centimetres.
public struct GeographicOrigin: Hashable, Sendable {
  /// Degrees north.
  public var latitude: Double
  /// Degrees east.
  public var longitude: Double
  /// Degrees clockwise from north, of the direction that is up on the map (−y).
  public var heading: Double

  /// The Earth's larger half axis in metres and its squared eccentricity (WGS84).
  private static let axis = 6_378_137.0, eccentricity = 0.006_694_379_990_14
  /// Nearer to a pole degrees of longitude are no lengths, in degrees.
  private static let highest = 89.0

  /// - Returns: nil for values that are not finite, a longitude beyond 180°, or a latitude beyond 89°.
  public init?(latitude: Double, longitude: Double, heading: Double) {
    guard abs(latitude) <= Self.highest, abs(longitude) <= 180, heading.isFinite else { return nil }
    self.latitude = latitude
    self.longitude = longitude
    self.heading = heading
  }

  /// Longitude and latitude in degrees (GeoJSON's order) of a place on the ground in metres.
  public func position(_ place: Point) -> Point {
    let turn = heading * .pi / 180
    let (sine, cosine) = (Scalar.sin(turn), Scalar.cos(turn))
    let east = place.x * cosine - place.y * sine
    let north = -place.x * sine - place.y * cosine
    let phi = latitude * .pi / 180
    let root = (1 - Self.eccentricity * Scalar.sin(phi) * Scalar.sin(phi)).squareRoot()
    let meridian = Self.axis * (1 - Self.eccentricity) / (root * root * root)
    let parallel = Self.axis / root * Scalar.cos(phi)
    let degrees = Point(longitude + east / parallel * 180 / .pi, latitude + north / meridian * 180 / .pi)
    // A path over the date line goes on at the other side.
    return Point(degrees.x > 180 ? degrees.x - 360 : degrees.x < -180 ? degrees.x + 360 : degrees.x, degrees.y)
  }

  /// The bearing in degrees from north, in [0, 360), of a direction on the ground (radians from x towards y).
  public func bearing(_ angle: Double) -> Double {
    let degrees = (heading + 90 + angle * 180 / .pi).truncatingRemainder(dividingBy: 360)
    return degrees < 0 ? degrees + 360 : degrees
  }
}
