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

  /// The pixels of a grey picture that are not 0, within columns and rows of it.
  init(_ picture: Image, columns: Range<Int>, rows: Range<Int>) {
    // One pixel around them, as above.
    width = columns.count + 2
    height = rows.count + 2
    corner = Point(Double(columns.lowerBound - 1), Double(rows.lowerBound - 1))
    var values = [UInt8](repeating: 0, count: width * height)
    for (row, y) in rows.enumerated() {
      for (column, x) in columns.enumerated() where picture[x, y, 0] != 0 { values[(row + 1) * width + column + 1] = .max }
    }
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

  /// How far beyond its box an object's pixels may lie, at each side: limbs, and the working picture's blur.
  private static let reach = (share: 0.5, pixels: 2.0)
  /// Values between the pixels' middles from which on a place is inside: half of full.
  private static let inside: Float = 127.5

  /// The pixels of the displayed picture whose middles lie inside, by values between the reduced pixels' middles; nil where there are none.
  ///
  /// - Parameters:
  ///   - displayPerPixel: Displayed pixels for each pixel of the reduced picture.
  ///   - box: The object's, displayed: what lies farther from its hull than half of its side, and a few pixels, is another thing's. A box is
  ///     smoothed over time and may be of a part of what differs, so that the pixels at its place can be more than the object. nil: all of it.
  func displayed(_ displayPerPixel: Point, width displayWidth: Int, height displayHeight: Int, of box: GaussianBox? = nil)
    -> RunLengthMask?
  {
    var columns = Self.range(from: corner.x, width, displayPerPixel.x, limit: displayWidth)
    var rows = Self.range(from: corner.y, height, displayPerPixel.y, limit: displayHeight)
    if let hull = box?.orientedBox.hull {
      let reach = Point(
        Self.reach.share * hull.width + Self.reach.pixels * displayPerPixel.x,
        Self.reach.share * hull.height + Self.reach.pixels * displayPerPixel.y)
      columns = columns.clamped(to: Self.range(from: hull.left - reach.x, hull.width + 2 * reach.x, limit: displayWidth))
      rows = rows.clamped(to: Self.range(from: hull.top - reach.y, hull.height + 2 * reach.y, limit: displayHeight))
      guard !columns.isEmpty, !rows.isEmpty else { return nil }
    }
    let strips = strips(rows, displayPerPixel.y)
    // The values along a displayed column, at the reduced pixels' middles.
    var profile = [Float](repeating: 0, count: height)
    let mask = RunLengthMask(width: displayWidth, height: displayHeight, columns: columns, rows: rows) { x, mark in
      let place = Float((Double(x) + 0.5) / displayPerPixel.x - corner.x)
      guard let sample = BilinearSample(x: place, y: 0, width: width, height: height) else { return mark(false, rows.lowerBound) }
      for y in 0..<height {
        let row = y * width
        profile[y] =
          Float(values[row + sample.topLeft]) * (1 - sample.alongX) + Float(values[row + sample.topRight]) * sample.alongX
      }
      for strip in strips { strip.mark(profile, mark) }
    }
    return mask.flatMap { $0.area > 0 ? $0 : nil }
  }

  /// Displayed rows whose middles lie between the same two rows of values.
  private struct Strip {
    /// The rows of values above and below them; nil where the rows lie outside.
    var between: (above: Int, below: Int)?
    let first: Int
    /// The share of the way from the upper to the lower row of values at each displayed row.
    var along: [Float]

    /// Says which of its rows are inside in a column with these values: all alike where both ends are on one side.
    func mark(_ profile: [Float], _ mark: (_ isInside: Bool, _ y: Int) -> Void) {
      guard let between else { return mark(false, first) }
      let (top, bottom) = (profile[between.above], profile[between.below])
      let isInside = top > SoftMask.inside
      guard isInside != (bottom > SoftMask.inside) else { return mark(isInside, first) }
      for (k, share) in along.enumerated() { mark(top * (1 - share) + bottom * share > SoftMask.inside, first + k) }
    }
  }

  /// The displayed rows by the rows of values that they lie between.
  private func strips(_ rows: Range<Int>, _ scale: Double) -> [Strip] {
    var strips: [Strip] = []
    for y in rows {
      let place = Float((Double(y) + 0.5) / scale - corner.y)
      // Of a single column, so that its places are numbers of rows.
      let sample = BilinearSample(x: 0.5, y: place, width: 1, height: height)
      let between = sample.map { (above: $0.topLeft, below: $0.bottomLeft) }
      if let last = strips.last, last.between?.above == between?.above, last.between?.below == between?.below {
        strips[strips.count - 1].along.append(sample?.alongY ?? 0)
      } else {
        strips.append(Strip(between: between, first: y, along: [sample?.alongY ?? 0]))
      }
    }
    return strips
  }

  /// The displayed pixels that a side of values reaches, within the picture.
  private static func range(from corner: Double, _ count: Int, _ scale: Double, limit: Int) -> Range<Int> {
    range(from: corner * scale, Double(count) * scale, limit: limit)
  }

  /// The displayed pixels that a length from a place on reaches, within the picture.
  private static func range(from start: Double, _ length: Double, limit: Int) -> Range<Int> {
    let first = Int(bounded: start.rounded(.down), in: 0...limit)
    return first..<max(first, Int(bounded: (start + length).rounded(.up), in: 0...limit))
  }
}
