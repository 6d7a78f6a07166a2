import Geometry

/// A track's box in space, metres, in the camera's frame of its picture: x to the right, y down, z ahead (`SpatialBox`).
public struct WorldRecord: Sendable, Equatable {
  /// The box.
  public var box: SpatialBox
  /// Of the place on the ground (x, z), metres²; nil where unknown.
  public var covariance: SymmetricMatrix2?
  /// Over the ground, the camera's own motion taken off: along x and z of the picture's camera, metres per second; nil where unknown.
  public var velocity: Point?

  /// A box in space by its parts.
  public init(box: SpatialBox, covariance: SymmetricMatrix2? = nil, velocity: Point? = nil) {
    self.box = box
    self.covariance = covariance
    self.velocity = velocity
  }
}
