import Foundation
import Imaging

/// A drawing of `BoardDrawing` as a picture: black squares and circles on white, with the margin.
struct PaintedDrawing {
  let image: Image

  init(_ svg: String, pixelsPerUnit scale: Double) throws {
    let box = try PaintedDrawing.numbers(in: svg, after: "viewBox=\"")
    // Supersampled four times, so that edges off the pixel grid are grey.
    let (fine, left, top) = (4 * scale, box[0], box[1])
    var picture = Image(
      width: Int((box[2] * fine).rounded()), height: Int((box[3] * fine).rounded()), channels: 1)
    for index in picture.pixels.indices { picture.pixels[index] = 255 }
    for line in svg.split(separator: "\n").dropFirst(2) {
      let text = String(line)
      if text.hasPrefix("<rect") {
        let (x, y) = (try Self.numbers(in: text, after: " x=\"")[0], try Self.numbers(in: text, after: " y=\"")[0])
        let side = try Self.numbers(in: text, after: "width=\"")[0]
        Self.fill(&picture, (x - left) * fine, (y - top) * fine, side * fine) { _, _ in true }
      } else if text.hasPrefix("<circle") {
        let (x, y) = (try Self.numbers(in: text, after: " cx=\"")[0], try Self.numbers(in: text, after: " cy=\"")[0])
        let radius = try Self.numbers(in: text, after: " r=\"")[0] * fine
        let (cx, cy) = ((x - left) * fine, (y - top) * fine)
        Self.fill(&picture, cx - radius, cy - radius, 2 * radius) { hypot($0 - cx, $1 - cy) <= radius }
      }
    }
    image = try picture.resized(width: picture.width / 4, height: picture.height / 4)
  }

  private static func fill(
    _ image: inout Image, _ x: Double, _ y: Double, _ side: Double, where isInside: (Double, Double) -> Bool
  ) {
    for row in Int(y.rounded())..<Int((y + side).rounded()) {
      for column in Int(x.rounded())..<Int((x + side).rounded()) where isInside(Double(column) + 0.5, Double(row) + 0.5) {
        image[column, row] = 0
      }
    }
  }

  private static func numbers(in text: String, after name: String) throws -> [Double] {
    guard let start = text.range(of: name)?.upperBound else { throw CocoaError(.formatting) }
    return text[start...].prefix { $0 != "\"" }.split(separator: " ").compactMap { Double($0) }
  }
}
