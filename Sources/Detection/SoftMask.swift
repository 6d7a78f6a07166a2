import Geometry
import Imaging

/// Which pixels of a reduced picture an object covers, and how much of each: the foreground of one region.
struct SoftMask: Hashable, Codable {
  /// The place of the first value's upper left corner, in pixels of the reduced picture; whole until it is moved.
  private(set) var corner: Point
  let width: Int
  let height: Int
  /// Row by row, 0 to 255; the outermost ones are 0.
  let values: [UInt8]

  /// The pixels of a component.
  init(of part: ConnectedComponents.Component, in parts: ConnectedComponents) {
    // One pixel around it, between which and the component's border the outline lies.
    let (width, left, top) = (part.width + 2, part.left - 1, part.top - 1)
    var values = [UInt8](repeating: 0, count: width * (part.height + 2))
    parts.forEachPixel(of: part) { x, y, _ in values[(y - top) * width + x - left] = .max }
    corner = Point(Double(left), Double(top))
    self.width = width
    height = part.height + 2
    self.values = values
  }

  private enum CodingKeys: CodingKey { case corner, width, height, values }

  /// From a checkpoint.
  init(from decoder: any Decoder) throws {
    let stored = try decoder.container(keyedBy: CodingKeys.self)
    corner = try stored.decode(Point.self, forKey: .corner)
    width = try stored.decode(Int.self, forKey: .width)
    height = try stored.decode(Int.self, forKey: .height)
    values = try stored.decode([UInt8].self, forKey: .values)
    let (pixels, overflows) = width.multipliedReportingOverflow(by: height)
    guard width > 0, height > 0, !overflows, pixels == values.count else {
      throw DecodingError.dataCorruptedError(
        forKey: .values, in: stored, debugDescription: "a mask has not as many values as its size says")
    }
  }

  /// The same pixels somewhere else.
  func moved(by step: Point) -> SoftMask {
    var moved = self
    moved.corner = corner + step
    return moved
  }

  /// Values between the pixels' middles from which on a place is inside: half of full.
  private static let inside: Float = 127.5

  /// The pixels of the displayed picture whose middles lie inside, by values between the reduced pixels' middles; nil where there are none.
  ///
  /// - Parameter displayPerPixel: Displayed pixels for each pixel of the reduced picture.
  func displayed(_ displayPerPixel: Point, width displayWidth: Int, height displayHeight: Int) -> RunLengthMask? {
    let columns = Self.range(from: corner.x, width, displayPerPixel.x, limit: displayWidth)
    let rows = Self.range(from: corner.y, height, displayPerPixel.y, limit: displayHeight)
    return values.withUnsafeBufferPointer { values in
      let mask = RunLengthMask(width: displayWidth, height: displayHeight, columns: columns, rows: rows) { x, y in
        let place = Point((Double(x) + 0.5) / displayPerPixel.x, (Double(y) + 0.5) / displayPerPixel.y) - corner
        // There is one value for each pixel of the size that the sample is made for.
        return BilinearSample(x: Float(place.x), y: Float(place.y), width: width, height: height)
          .map { $0.value(of: values) > Self.inside } ?? false
      }
      return mask.flatMap { $0.area > 0 ? $0 : nil }
    }
  }

  /// The displayed pixels that a side of values reaches, within the picture.
  private static func range(from corner: Double, _ count: Int, _ scale: Double, limit: Int) -> Range<Int> {
    let first = Int(bounded: (corner * scale).rounded(.down), in: 0...limit)
    return first..<max(first, Int(bounded: ((corner + Double(count)) * scale).rounded(.up), in: 0...limit))
  }
}
