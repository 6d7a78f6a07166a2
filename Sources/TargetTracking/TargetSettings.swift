/// How a target is given up and found again.
public struct TargetSettings: Sendable, Equatable {
  /// A box is told from this assurance on (`TargetSighting.assurance`).
  public var leastAssurance = 0.5
  /// From this one on the place is followed, though no box is told.
  public var doubtfulAssurance = 0.25
  /// A lost target counts as found from this assurance on: a whole picture is searched, and most of it is something else.
  public var foundAssurance = 0.8
  /// How long it may go untold before it is lost, seconds.
  public var patience = 0.4
  /// The share of a new velocity in the running mean.
  public var velocityRate = 0.3
  /// Places that are looked at in each frame while the target is lost.
  public var placesPerFrame = 6

  /// The defaults.
  public init() {}
}
