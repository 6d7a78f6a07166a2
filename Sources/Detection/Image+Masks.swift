import Geometry
import Imaging

extension Image {
  /// The pixels of this mask or of another one.
  func joined(with other: Image?) -> Image {
    guard let other else { return self }
    var result = self
    for i in result.pixels.indices { result.pixels[i] |= other.pixels[i] }
    return result
  }

  /// Sets every pixel of a grey picture whose middle lies in the box to 255.
  mutating func fill(_ box: AxisBox) {
    let (left, right) = (Int(bounded: box.left.rounded(), in: 0...width), Int(bounded: box.right.rounded(), in: 0...width))
    let (top, bottom) = (Int(bounded: box.top.rounded(), in: 0...height), Int(bounded: box.bottom.rounded(), in: 0...height))
    guard left < right, top < bottom else { return }
    grid.forEachPixel(columns: left..<right, rows: top..<bottom) { _, _, index in pixels[index] = .max }
  }
}
