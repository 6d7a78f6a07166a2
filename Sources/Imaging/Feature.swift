public import Geometry

/// A point that can be recognised in another picture.
public struct Feature: Hashable, Sendable {
  /// In pixels of the picture that it was found in.
  public var position: Point
  /// The diameter of the described patch in pixels.
  public var size: Double
  /// The direction of the patch in radians, from the x axis towards the y axis.
  public var angle: Double
  /// The scale at which it was found; 0 is the finest.
  public var octave: Int
}
