/// The size of a network's input, in pixels.
public struct DetectorSize: Equatable, Sendable, CustomStringConvertible {
  /// Pixels from top to bottom.
  public let height: Int
  /// Pixels from left to right.
  public let width: Int

  /// Reads `480x832`, the height first as networks' shapes have it; nil for anything else.
  public init?(_ text: String) {
    let sides = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard sides.count == 2, let height = sides[0], let width = sides[1], height > 0, width > 0 else { return nil }
    (self.height, self.width) = (height, width)
  }

  /// The height and the width.
  public var description: String { "\(height)x\(width)" }
}
