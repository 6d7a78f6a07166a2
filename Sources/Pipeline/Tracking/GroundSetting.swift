import Geometry

/// The text of a known rectangle on the ground: four corners in pixels, then its sides in metres, `412,300 880,310 1010,620 250,600:30x12`.
enum GroundSetting {
  /// - Returns: nil for another text.
  static func rectangle(_ text: String) -> GroundMap.Rectangle? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    let corners = numbers(parts[0]) { $0.isWhitespace || $0 == "," || $0 == ";" }
    let sides = numbers(parts[1]) { "x×X".contains($0) }
    guard let corners, let sides, corners.count == 8, sides.count == 2, sides.allSatisfy({ $0 > 0 }) else { return nil }
    return GroundMap.Rectangle(
      corners: (0..<4).map { Point(corners[2 * $0], corners[2 * $0 + 1]) }, width: sides[0], height: sides[1])
  }

  /// As a header tells it, so that the text reads back to the same rectangle.
  static func text(_ rectangle: GroundMap.Rectangle) -> String {
    rectangle.corners.map { "\($0.x.plain),\($0.y.plain)" }.joined(separator: " ")
      + ":\(rectangle.width.plain)x\(rectangle.height.plain)"
  }

  private static func numbers(_ text: Substring, separator: (Character) -> Bool) -> [Double]? {
    let words = text.split(whereSeparator: separator)
    let numbers = words.compactMap { Double($0) }.filter(\.isFinite)
    return numbers.count == words.count ? numbers : nil
  }
}
