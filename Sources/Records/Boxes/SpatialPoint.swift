/// A position in space, in the file's own unit.
@frozen
public struct SpatialPoint: Sendable, Hashable {
  /// Along the file's first axis.
  public var x: Double
  /// Along its second axis.
  public var y: Double
  /// Along its third axis.
  public var z: Double

  /// A position in the file's own unit and axes.
  public init(x: Double, y: Double, z: Double) {
    self.x = x
    self.y = y
    self.z = z
  }
}
