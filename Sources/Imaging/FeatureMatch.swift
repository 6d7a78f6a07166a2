/// A pair of features of two pictures, by their positions in the lists.
public struct FeatureMatch: Hashable, Sendable {
  /// The feature of the first picture.
  public var first: Int
  /// The feature of the second picture.
  public var second: Int
  /// The bits of the descriptors that differ.
  public var distance: Int
}
