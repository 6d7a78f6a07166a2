import Geometry

/// Writes features as GeoJSON (RFC 7946), numbers with the shortest digits that read back to the same values.
public enum GeoJSONWriter {
  /// The text of a collection of features, a line a feature.
  public static func text(_ features: [GeoJSONFeature]) -> String {
    "{\"type\":\"FeatureCollection\",\"features\":[\n" + features.map { json($0).json }.joined(separator: ",\n") + "\n]}\n"
  }

  private static func json(_ feature: GeoJSONFeature) -> JSONValue {
    let (type, coordinates) = geometry(feature.geometry)
    return .object([
      ("type", .text("Feature")), ("properties", feature.properties),
      ("geometry", .object([("type", .text(type)), ("coordinates", coordinates)])),
    ])
  }

  /// One shape is a single kind, several a multiple one.
  private static func geometry(_ geometry: GeoJSONFeature.Geometry) -> (type: String, coordinates: JSONValue) {
    switch geometry {
    case .points(let points):
      points.count == 1 ? ("Point", position(points[0])) : ("MultiPoint", list(points))
    case .lines(let lines):
      lines.count == 1 ? ("LineString", list(lines[0])) : ("MultiLineString", .list(lines.map(list)))
    case .polygons(let polygons):
      polygons.count == 1 ? ("Polygon", polygon(polygons[0])) : ("MultiPolygon", .list(polygons.map(polygon)))
    }
  }

  /// A ring ends where it begins.
  private static func polygon(_ rings: [[Point]]) -> JSONValue { .list(rings.map { list($0 + $0.prefix(1)) }) }

  private static func list(_ points: [Point]) -> JSONValue { .list(points.map(position)) }

  private static func position(_ point: Point) -> JSONValue { JSONValue([point.x, point.y]) }
}
