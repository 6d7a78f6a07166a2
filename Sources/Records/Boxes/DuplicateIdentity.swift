/// An identity that occurs more than once in a frame.
public struct DuplicateIdentity: Sendable, Hashable {
  /// From 0.
  public var frame: Int
  /// The identity.
  public var id: Int
  /// The rows that have it.
  public var rows: [Int]
}
