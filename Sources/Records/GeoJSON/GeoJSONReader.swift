import Geometry

/// Reads GeoJSON (RFC 7946): a collection of features, one feature, or a bare geometry.
///
/// Altitudes are passed over, features without a geometry left out; collections of geometries are refused.
public enum GeoJSONReader {
  /// A larger file is refused: zones are drawn by hand.
  static let maximumBytes = 64 << 20
  /// More positions are refused.
  public static let maximumPositions = 1_000_000

  private struct Problem: Error { var reason: String }

  /// - Parameter path: The file; `-` is standard input.
  /// - Throws: `RecordsError` for a file that cannot be read or is no GeoJSON.
  public static func read(path: String) throws(RecordsError) -> [GeoJSONFeature] {
    try read(LineReader(path: path))
  }

  /// Reads a text that lies in memory.
  static func read(bytes: some Collection<UInt8>, name: String) throws(RecordsError) -> [GeoJSONFeature] {
    try read(LineReader(ByteSource(bytes: bytes, name: name)))
  }

  private static func read(_ reader: LineReader) throws(RecordsError) -> [GeoJSONFeature] {
    let text = try reader.readAll(limit: maximumBytes)
    do throws(JSONReader.Problem) {
      let json = try JSONReader(maximumBytes: max(1, text.count), maximumDepth: 32)
      let result = try text.withUnsafeBufferPointer { bytes in
        json.withRoot(of: bytes) { root in
          Result { () throws(Problem) in
            var parser = Parser()
            try parser.add(root)
            return parser.features
          }
        }
      }.get()
      switch result {
      case .success(let features): return features
      case .failure(let problem): throw JSONReader.Problem(reason: problem.reason)
      }
    } catch {
      throw .malformed(path: reader.name, reason: "\(error.reason); it should be GeoJSON")
    }
  }

  /// Gathers features and counts positions on the way.
  private struct Parser {
    var features: [GeoJSONFeature] = []
    private var positions = 0

    mutating func add(_ root: JSONView) throws(Problem) {
      guard root.isObject, let type = root.member("type")?.string else { throw Problem(reason: "no object with a \"type\"") }
      guard type == "FeatureCollection" else { return try addFeature(root, type) }
      guard let list = root.member("features"), list.isArray else { throw Problem(reason: "a collection without \"features\"") }
      for feature in list.elements {
        guard feature.member("type")?.string == "Feature" else { throw Problem(reason: "an entry of \"features\" is no feature") }
        try addFeature(feature, "Feature")
      }
    }

    private mutating func addFeature(_ view: JSONView, _ type: String) throws(Problem) {
      guard type == "Feature" else {
        features.append(GeoJSONFeature(try geometry(view)))
        return
      }
      guard let shape = view.member("geometry"), !shape.isNull else { return }
      var properties = view.member("properties")?.owned ?? .object([])
      if case .object = properties {} else { properties = .object([]) }
      features.append(GeoJSONFeature(try geometry(shape), properties: properties))
    }

    private mutating func geometry(_ view: JSONView) throws(Problem) -> GeoJSONFeature.Geometry {
      let type = view.member("type")?.string ?? ""
      guard let coordinates = view.member("coordinates"), coordinates.isArray else {
        throw Problem(reason: "a geometry of type \"\(MessageText.printable(type))\" without \"coordinates\"")
      }
      switch type {
      case "Point": return .points([try position(coordinates)])
      case "MultiPoint": return .points(try list(coordinates))
      case "LineString": return .lines([try line(coordinates)])
      case "MultiLineString":
        var lines: [[Point]] = []
        for part in coordinates.elements { lines.append(try line(part)) }
        return .lines(lines)
      case "Polygon": return .polygons([try polygon(coordinates)])
      case "MultiPolygon":
        var polygons: [[[Point]]] = []
        for part in coordinates.elements { polygons.append(try polygon(part)) }
        return .polygons(polygons)
      default: throw Problem(reason: "a geometry of type \"\(MessageText.printable(type))\" is not read")
      }
    }

    private mutating func line(_ view: JSONView) throws(Problem) -> [Point] {
      let points = try list(view)
      guard points.count >= 2 else { throw Problem(reason: "a line of fewer than two positions") }
      return points
    }

    private mutating func polygon(_ view: JSONView) throws(Problem) -> [[Point]] {
      var rings: [[Point]] = []
      for part in view.elements {
        var ring = try list(part)
        guard ring.count >= 4, ring.first == ring.last else {
          throw Problem(reason: "a ring of a polygon that does not end where it begins, or has fewer than four positions")
        }
        ring.removeLast()
        rings.append(ring)
      }
      guard !rings.isEmpty else { throw Problem(reason: "a polygon without rings") }
      return rings
    }

    private mutating func list(_ view: JSONView) throws(Problem) -> [Point] {
      guard view.isArray else { throw Problem(reason: "coordinates that are no list of positions") }
      var points: [Point] = []
      for element in view.elements { points.append(try position(element)) }
      return points
    }

    private mutating func position(_ view: JSONView) throws(Problem) -> Point {
      var numbers = view.elements
      guard let x = numbers.next()?.real, let y = numbers.next()?.real, x.isFinite, y.isFinite else {
        throw Problem(reason: "a position that is not two numbers")
      }
      positions += 1
      guard positions <= GeoJSONReader.maximumPositions else {
        throw Problem(reason: "more than \(GeoJSONReader.maximumPositions) positions")
      }
      return Point(x, y)
    }
  }
}
