import Geometry

/// A feature of a GeoJSON file (RFC 7946): a shape with properties.
///
/// Coordinates are taken as they stand; what they mean (pixels, metres, degrees) is for the caller to know.
public struct GeoJSONFeature: Sendable, Equatable {
  /// The shape; single and multiple kinds are one here, as in a GIS.
  public enum Geometry: Sendable, Equatable {
    case points([Point])
    case lines([[Point]])
    /// Each polygon is a list of rings, the outer one first; the position that closes a ring is left out.
    case polygons([[[Point]]])
  }

  /// The shape.
  public var geometry: Geometry
  /// The members of `properties`, an object, in the file's order.
  public var properties: JSONValue

  /// A feature by its parts.
  public init(_ geometry: Geometry, properties: JSONValue = .object([])) {
    self.geometry = geometry
    self.properties = properties
  }

  /// The property `name`, or else `id`, as text; nil where there is none or an empty one.
  public var name: String? {
    for key in ["name", "id"] {
      switch properties[key] {
      case .text(let text) where !text.isEmpty: return text
      case .integer(let number): return String(number)
      default: continue
      }
    }
    return nil
  }
}
