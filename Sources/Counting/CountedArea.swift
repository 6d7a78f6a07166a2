import Geometry
import Records

/// A line or a zone that tracks are counted at, in the coordinates of the tracks (pixels, y down).
public struct CountedArea: Sendable, Equatable {
  /// What is counted at.
  public enum Shape: Sendable, Equatable {
    /// From point to point; its two sides are told by walking along it.
    case line([Point])
    /// Polygons, each of rings: a point is inside where it lies within an odd number of one's rings, so holes are rings too.
    case zone([[[Point]]])
  }

  /// The directions in which a shape is crossed, as results name them.
  public enum Direction: String, Sendable, CaseIterable {
    /// Over a line, seen by who walks from its first point to its last.
    case leftToRight = "left_to_right"
    case rightToLeft = "right_to_left"
    /// Into a zone and out of it.
    case into = "in"
    case out = "out"
  }

  /// As results name it.
  public let name: String
  /// Checked: finite, of some length or area, rings that do not cross themselves.
  public let shape: Shape

  /// All corners of all areas together that a command takes: every step of every track is held against each of them.
  public static let maximumCorners = 10_000

  /// - Throws: `CountingError.area` for a line without length, a ring without area or one that crosses itself, numbers that are not finite.
  public init(name: String, _ shape: Shape) throws(CountingError) {
    self.name = name
    self.shape = shape
    switch shape {
    case .line(let points):
      guard points.allSatisfy(\.isFinite) else { throw .area(name: name, reason: "its numbers are not finite") }
      guard points.count >= 2, Set(points).count >= 2 else { throw .area(name: name, reason: "the line has no length") }
    case .zone(let polygons):
      guard !polygons.isEmpty, polygons.allSatisfy({ !$0.isEmpty }) else {
        throw .area(name: name, reason: "the polygon has no ring")
      }
      for ring in polygons.joined() { if let reason = RingCheck.problem(ring) { throw .area(name: name, reason: reason) } }
    }
  }

  /// The number of its corners.
  public var cornerCount: Int {
    switch shape {
    case .line(let points): points.count
    case .zone(let polygons): polygons.joined().reduce(0) { $0 + $1.count }
    }
  }

  /// Whether it lies within one pixel, as shapes in degrees or in shares of a picture do: no track is counted at those.
  public var isWithinAPixel: Bool {
    let points =
      switch shape {
      case .line(let points): points
      case .zone(let polygons): Array(polygons.joined().joined())
      }
    let (x, y) = (points.map(\.x), points.map(\.y))
    guard let left = x.min(), let right = x.max(), let top = y.min(), let bottom = y.max() else { return false }
    return max(right - left, bottom - top) < 1
  }

  /// The directions that it can be crossed in.
  public var directions: [Direction] {
    switch shape {
    case .line: [.leftToRight, .rightToLeft]
    case .zone: [.into, .out]
    }
  }

  /// The lines and polygons of GeoJSON features; each part of a multiple shape of polygons belongs to one zone, each line of several is one.
  ///
  /// - Parameter path: For messages.
  /// - Throws: `CountingError` for invalid shapes and where there is none.
  public static func areas(of features: [GeoJSONFeature], path: String) throws(CountingError) -> [CountedArea] {
    var areas: [CountedArea] = []
    for feature in features {
      switch feature.geometry {
      case .points: continue
      case .lines(let lines):
        for (index, line) in lines.enumerated() {
          let name = feature.name.map { lines.count > 1 ? "\($0) \(index + 1)" : $0 }
          areas.append(try CountedArea(name: name ?? "line \(areas.count + 1)", .line(line)))
        }
      case .polygons(let polygons):
        areas.append(try CountedArea(name: feature.name ?? "zone \(areas.count + 1)", .zone(polygons)))
      }
    }
    guard !areas.isEmpty else { throw .noAreas(path: path) }
    return areas
  }

  /// - Throws: `CountingError` for names that occur twice and too many corners.
  public static func check(_ areas: [CountedArea]) throws(CountingError) {
    var names = Set<String>()
    for area in areas where !names.insert(area.name).inserted { throw .nameTwice(area.name) }
    guard areas.reduce(0, { $0 + $1.cornerCount }) <= maximumCorners else {
      throw .tooMany(what: "corners of lines and zones", limit: maximumCorners)
    }
  }
}
