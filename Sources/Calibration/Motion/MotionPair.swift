public import Geometry

/// Points of a still scene in two pictures of a camera that moved between them.
public struct MotionPair: Sendable, Equatable {
  /// In pixels of the first picture.
  public var first: [Point]
  /// The same points in the second, one for each.
  public var second: [Point]

  /// - Parameters: As the properties of their names.
  public init(first: [Point], second: [Point]) {
    precondition(first.count == second.count, "matches come in pairs")
    self.first = first
    self.second = second
  }
}
