/// A box in space as KITTI has it: metres, camera coordinates (x right, y down, z forward).
@frozen
public struct SpatialBox: Sendable, Hashable {
  /// Along y, metres.
  public var height: Double
  /// Across the object's direction, metres.
  public var width: Double
  /// Along the object's direction, metres.
  public var length: Double
  /// The centre of the bottom face.
  public var x: Double
  /// Of the bottom face's centre, metres, downwards.
  public var y: Double
  /// Of the bottom face's centre, metres, forwards.
  public var z: Double
  /// Radians about the y axis; 0 points along +x, turning towards −z.
  public var rotationY: Double
  /// The observation angle, rotationY − atan2(x, z).
  public var alpha: Double

  /// Lengths in metres, angles in radians, the place that of the bottom face's centre in camera coordinates.
  public init(
    height: Double, width: Double, length: Double, x: Double, y: Double, z: Double, rotationY: Double, alpha: Double
  ) {
    self.height = height
    self.width = width
    self.length = length
    self.x = x
    self.y = y
    self.z = z
    self.rotationY = rotationY
    self.alpha = alpha
  }

  /// KITTI's values for a box without a place in space.
  public static let unknown = SpatialBox(
    height: -1, width: -1, length: -1, x: -1000, y: -1000, z: -1000, rotationY: -10, alpha: -10)
}
