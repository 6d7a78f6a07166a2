/// How long and how firmly the motion detector remembers objects; times in seconds.
///
/// The defaults come from where those of `MotionDetectorSettings` come from.
public struct ObjectMemorySettings: Sendable, Codable, Hashable {
  /// An object is remembered after evidence for this long: 3 frames of 25 a second.
  public var apprenticeship = 0.12
  /// How long other evidence in its place is not believed.
  public var patience = 0.8
  /// How many times longer where its pixels are found and the other evidence is a small part of it.
  public var wholePatience = 8.0
  /// The share by which a region corrects the remembered shape.
  public var shapeRate = 0.35
  /// The share by which a region corrects the remembered place.
  public var placeRate = 0.6

  /// The defaults.
  public init() {}
}
