/// The size of an axis.
public enum Size: Sendable, Equatable, CustomStringConvertible {
  case fixed(Int)
  /// The same size wherever the name occurs in one run.
  case symbol(String)
  case any

  /// The size, its symbol, or `?`.
  public var description: String {
    switch self {
    case .fixed(let size): String(size)
    case .symbol(let name): name
    case .any: "?"
    }
  }
}
