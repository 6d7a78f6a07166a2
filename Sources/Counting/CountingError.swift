/// Why lines and zones cannot be counted at, one sentence each.
public enum CountingError: Error, Sendable, Equatable, CustomStringConvertible {
  /// An area is not what it should be; the name is the user's.
  case area(name: String, reason: String)
  /// Two areas have one name.
  case nameTwice(String)
  /// Nothing to count at.
  case noAreas(path: String)
  /// More than the program takes.
  case tooMany(what: String, limit: Int)

  /// One sentence.
  public var description: String {
    switch self {
    case .area(let name, let reason): "cannot count at \(name): \(reason)"
    case .nameTwice(let name): "cannot count at \(name): there are two of this name; give each its own"
    case .noAreas(let path): "cannot count at the areas of \(path): it has no lines and no polygons"
    case .tooMany(let what, let limit): "cannot count at more than \(limit) \(what); give fewer"
    }
  }
}
