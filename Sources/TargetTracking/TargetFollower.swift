public import Geometry
public import Imaging

/// Where the target was or is expected: the middle and the sides of its upright box, in pixels of the displayed picture.
public struct TargetPlace: Sendable, Equatable {
  /// The box's middle.
  public var center: Point
  /// Its width, above 0.
  public var width: Double
  /// Its height, above 0.
  public var height: Double

  /// - Parameters: As the properties of their names.
  public init(center: Point, width: Double, height: Double) {
    (self.center, self.width, self.height) = (center, width, height)
  }

  /// The place that a box takes.
  public init(_ box: AxisBox) { self.init(center: box.center, width: box.width, height: box.height) }

  /// As a box.
  public var box: AxisBox {
    AxisBox(left: center.x - width / 2, top: center.y - height / 2, width: width, height: height)
  }

  /// Of both sides in one number: √(w·h), pixels.
  var meanSide: Double { (width * height).squareRoot() }
}

/// Something found in the picture that may be the target.
public struct TargetSighting: Sendable, Equatable {
  /// Where it is.
  public var place: TargetPlace
  /// How surely the follower takes it for the target, in [0, 1]: by this it is followed, lost and found.
  public var assurance: Double

  /// - Parameters: As the properties of their names.
  public init(place: TargetPlace, assurance: Double) { (self.place, self.assurance) = (place, assurance) }
}

/// Knows how the target looks, and finds it again near a place.
public protocol TargetFollower {
  /// Takes over how the target looks.
  ///
  /// - Parameters:
  ///   - picture: Blue, green and red.
  ///   - place: Where the target is in it; part of it may lie outside.
  mutating func begin(_ picture: Image, _ place: TargetPlace) throws

  /// The likeliest place near an expected one.
  ///
  /// - Parameter isSearching: Whether the target is lost, and the expected place no more than one to look at: then what is found there is
  ///   judged by its looks alone.
  mutating func find(in picture: Image, near expected: TargetPlace, isSearching: Bool) throws -> TargetSighting

  /// Told which sighting was taken for the target, to learn how it looks now.
  mutating func learn(_ picture: Image, _ sighting: TargetSighting) throws

  /// How like the target a sighting is, by a measure of the follower's; what that is worth is its `probability`.
  func likeness(of sighting: TargetSighting, in picture: Image) throws -> Double

  /// The probability that a sighting of a likeness is the target and its box shares half of the union with the target's.
  ///
  /// A logistic function of the likeness that was fitted on what the follower did in films of flying objects
  /// (`Benchmarks/target-tracking/calibration.py`).
  func probability(_ likeness: Double) -> Double

  /// How far from the expected place it finds the target, in mean sides of the target.
  var reach: Double { get }
}
