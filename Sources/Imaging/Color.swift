/// A colour to draw with.
public struct Color: Hashable, Sendable {
  /// The red part, 0 to 255.
  public var red: UInt8
  /// The green part, 0 to 255.
  public var green: UInt8
  /// The blue part, 0 to 255.
  public var blue: UInt8
  /// Opacity: 255 covers what is below, 0 leaves it.
  public var alpha: UInt8

  /// - Parameters: From 0 to 255 each; opaque unless told otherwise.
  public init(red: UInt8, green: UInt8, blue: UInt8, alpha: UInt8 = 255) {
    self.red = red
    self.green = green
    self.blue = blue
    self.alpha = alpha
  }

  /// The same colour with another opacity, from 0 to 1.
  public func withOpacity(_ opacity: Double) -> Color {
    var color = self
    // Bounded: an opacity that is no number becomes opaque.
    color.alpha = UInt8((min(1, max(0, opacity)) * 255).rounded())
    return color
  }

  /// Opaque white.
  public static let white = Color(red: 255, green: 255, blue: 255)
  /// Opaque black.
  public static let black = Color(red: 0, green: 0, blue: 0)
}
