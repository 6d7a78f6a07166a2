/// A range of areas, square pixels, both ends included (COCO's sizes).
public struct SizeRange: Sendable, Hashable {
  public var name: String
  public var lower: Double
  public var upper: Double

  public init(_ name: String, _ lower: Double, _ upper: Double) {
    self.name = name
    self.lower = lower
    self.upper = upper
  }

  public static let all = SizeRange("all", 0, 1e10)
  public static let small = SizeRange("small", 0, 1024)
  public static let medium = SizeRange("medium", 1024, 9216)
  public static let large = SizeRange("large", 9216, 1e10)
  public static let standard = [all, small, medium, large]

  func contains(_ area: Double) -> Bool { area >= lower && area <= upper }
}
