/// A range of areas, square pixels, both ends included (COCO's sizes).
public struct SizeRange: Sendable, Hashable {
  /// What COCO calls the range.
  public var name: String
  /// The smallest area, square pixels.
  public var lower: Double
  /// The largest area, square pixels.
  public var upper: Double

  /// A range between two areas, square pixels.
  public init(_ name: String, _ lower: Double, _ upper: Double) {
    self.name = name
    self.lower = lower
    self.upper = upper
  }

  /// Every size.
  public static let all = SizeRange("all", 0, 1e10)
  /// Up to 32² square pixels.
  public static let small = SizeRange("small", 0, 1024)
  /// From 32² to 96² square pixels.
  public static let medium = SizeRange("medium", 1024, 9216)
  /// From 96² square pixels.
  public static let large = SizeRange("large", 9216, 1e10)
  /// The ranges that COCO measures, all sizes first.
  public static let standard = [all, small, medium, large]

  func contains(_ area: Double) -> Bool { area >= lower && area <= upper }
}
