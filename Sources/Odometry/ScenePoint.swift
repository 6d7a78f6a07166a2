public import Geometry

/// A point of the scene whose place was measured.
public struct ScenePoint: Sendable, Equatable {
  /// In the frame of the first camera (x right, y down, z forward): metres with two cameras, else in the unit of its part of the path.
  public var position: Vector3
  /// The frame that saw it first.
  public var firstFrame: Int
  /// The grey level there, 0 to 255.
  public var level: UInt8

  /// - Parameters: As the properties of their names.
  public init(position: Vector3, firstFrame: Int, level: UInt8) {
    self.position = position
    self.firstFrame = firstFrame
    self.level = level
  }
}
