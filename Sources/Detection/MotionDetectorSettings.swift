/// Everything that can be changed about the motion detector; one set of defaults serves all pictures.
///
/// Lengths are in working pixels (the picture reduced to `workingPixels`), times in seconds, grey values in levels of 0 to 255.
///
/// Where the defaults come from: all of them were chosen by hand, over some forty runs and with the nine sequences in sight that
/// Benchmarks/README.md names under "Motion detector" (five clips of DAVIS and four of TLD); no search was made, and none of these
/// sequences was held back. The reasons below say what a value is for, not that it is the best one.
public struct MotionDetectorSettings: Sendable, Codable, Hashable {
  // MARK: Working picture

  /// The most pixels that the working picture has: 320×240, or 370×208, which leaves time for 120 frames a second on two cores.
  public var workingPixels = 76_800

  // MARK: Background

  /// How long the background remembers, in seconds: longer and errors of the motion blur it, shorter and slow objects sink into it. Objects
  /// without evidence are remembered for as long, and never for longer than they were known.
  public var memory = 1.6
  /// Pixels that show an object teach the background at this share of the normal rate, so that slow objects do not sink into it.
  public var learningUnderObjects = 0.1

  // MARK: Evidence

  /// The least difference from the background that counts, in levels, and the least deviation of a background pixel: a sensor's noise
  /// and compression.
  public var leastDifference = 5.0
  /// Positions of edges are trusted to this many pixels where the motion is not asked for evidence.
  public var edgeTolerance = 1.5
  /// The time across which an object must have changed the picture, and over which the motion is averaged along its path, in seconds: 8
  /// frames of 25 a second. So long an object's pixels may be lost, and nearly everything may be foreground before the scene begins anew.
  public var comparisonTime = 0.32
  /// The share of an object's pixels that must have changed in that time.
  public var changedShare = 0.3
  /// That is enough if it moved this far in that time, in working pixels.
  public var changedDistance = 3.0

  /// A part of the differences that overlaps what moves by more than this share is left to the flow.
  public var explainedShare = 0.15

  // MARK: Motion

  /// The least speed against the ground, in working pixels a frame at 25 frames per second; as much again is the error of a velocity.
  public var leastSpeed = 0.2
  /// Pixels whose velocity differs from their object's by more than this share of its speed, plus the least speed, belong to its
  /// surroundings.
  public var velocitySpread = 0.6

  // MARK: Regions

  /// The share of an object's mass at each end, along x and along y, that does not count for its extent (thin tails).
  public var tail = 0.02
  /// The same for large objects, whose limbs and smears are longer.
  public var largeTail = 0.07
  /// Parts that move alike are one object across gaps of this share of the larger part's longer side.
  public var fragmentGap = 0.04
  /// The least area of an object as a share of the picture: 46 of the 76,800 working pixels.
  public var leastArea = 0.0006
  /// The greatest area of an object's hull, and of all objects, as a share of the picture.
  public var greatestArea = 0.7
  /// Objects of a smaller share of the picture are filled with a small element only, so that neighbours stay apart.
  public var largeArea = 0.025
  /// The element that fills gaps within large objects, in working pixels.
  public var largeGap = 9
  /// The element that fills gaps within small objects, in working pixels.
  public var smallGap = 3
  /// The element for a camera that stands still: its background is exact, and differences have few gaps.
  public var standingGap = 5
  /// What it goes by.
  public var cues = MotionCues()

  /// How objects are remembered.
  public var objects = ObjectMemorySettings()

  /// The defaults.
  public init() {}
}

// MARK: What follows from them

extension MotionDetectorSettings {
  /// The greatest difference from the background that is asked for, in levels, however badly the frame fits it: three times the least.
  var greatestLeastDifference: Double { 3 * leastDifference }
  /// The greatest mean difference at which an object's pixels count as found, in levels: twice the least, for both pictures have its noise.
  var greatestLookDifference: Double { 2 * leastDifference }
  /// From the least speed to this much more, in working pixels a frame at 25 frames per second, the evidence of motion grows from 0 to 1.
  var speedRange: Double { 2 * leastSpeed }
}
