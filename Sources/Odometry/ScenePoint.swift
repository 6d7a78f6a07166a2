public import Geometry

/// A point of the scene whose place was measured.
public struct ScenePoint: Sendable, Equatable {
  /// In the frame of the first camera (x right, y down, z forward): metres with two cameras, else in the unit of its part of the path.
  public var position: Vector3
  /// The standard deviation of its distance from the cameras that see it, as a share of that distance: half a pixel over the greatest angle of two rays.
  public var deviation: Double
  /// The frame that saw it first.
  public var firstFrame: Int
  /// The grey level there, 0 to 255.
  public var level: UInt8

  /// - Parameters: As the properties of their names.
  public init(position: Vector3, deviation: Double, firstFrame: Int, level: UInt8) {
    self.position = position
    self.deviation = deviation
    self.firstFrame = firstFrame
    self.level = level
  }
}
