/// Everything that can be changed about the motion detector; one set of defaults serves all pictures.
///
/// Lengths are in working pixels (the picture reduced to `workingPixels`), times in seconds, grey values in levels of 0 to 255.
public struct MotionDetectorSettings: Sendable, Codable, Hashable {
  // MARK: Working picture

  /// The most pixels that the working picture has.
  public var workingPixels = 76_800

  // MARK: Background

  /// How long the background remembers.
  public var memory = 1.2
  /// The least deviation of a background pixel.
  public var leastDeviation = 5.0
  /// Pixels that show an object teach the background at this share of the normal rate, so that slow objects do not sink into it.
  public var learningUnderObjects = 0.2

  // MARK: Evidence

  /// The least difference from the background that counts.
  public var leastDifference = 5.0
  /// The greatest difference that is asked for, however badly the frame fits the background.
  public var greatestLeastDifference = 14.0
  /// Positions of edges are trusted to this many pixels where the motion is not asked for evidence.
  public var edgeTolerance = 1.5
  /// The time across which an object must have changed the picture.
  public var comparisonTime = 0.32
  /// The share of an object's pixels that must have changed in that time.
  public var changedShare = 0.3

  // MARK: Motion

  /// The least speed against the ground, in working pixels a frame at 25 frames per second.
  public var leastSpeed = 0.25
  /// From the least speed to this much more, the evidence of motion grows from 0 to 1.
  public var speedRange = 0.35
  /// Time over which the motion is averaged along its path.
  public var motionMemory = 0.32
  /// Pixels slower than this share of their object's speed belong to its surroundings.
  public var relativeSpeed = 0.4

  // MARK: Regions

  /// The least area of an object as a share of the picture.
  public var leastArea = 0.0006
  /// The greatest area of an object's hull as a share of the picture.
  public var greatestArea = 0.7
  /// Objects of a smaller share of the picture are filled with a small element only, so that neighbours stay apart.
  public var largeArea = 0.025
  /// The elements that fill gaps within large and small objects.
  public var largeGap = 9
  public var smallGap = 3
  /// Whether uniform darkenings of the background that hang on an object are cut off.
  public var removesShadows = true

  public init() {}
}
