/// How long and how firmly the motion detector remembers objects; times in seconds.
///
/// The defaults come from where those of `MotionDetectorSettings` come from.
public struct ObjectMemorySettings: Sendable, Codable, Hashable {
  /// An object is remembered after evidence for this long: 3 frames of 25 a second.
  public var apprenticeship = 0.12
  /// The longest time without evidence; an object is never remembered for longer than it was known.
  public var longestUnsupported = 2.0
  /// How long other evidence in its place is not believed.
  public var patience = 0.8
  /// How many times longer where its pixels are found and the other evidence is a small part of it.
  public var wholePatience = 8.0
  /// How long its pixels may be lost.
  public var longestLost = 0.3
  /// The share by which a region corrects the remembered shape.
  public var shapeRate = 0.35
  /// The share by which a region corrects the remembered place.
  public var placeRate = 0.6
  /// The greatest mean difference at which its pixels count as found, in grey levels.
  public var greatestDifference = 9.0

  /// The defaults.
  public init() {}
}
