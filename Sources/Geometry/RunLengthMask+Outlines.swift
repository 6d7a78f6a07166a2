extension RunLengthMask {
  /// The ranges of columns and rows that hold all pixels inside; nil without any.
  public var hull: (columns: Range<Int>, rows: Range<Int>)? {
    var (columns, rows): (Range<Int>?, Range<Int>?)
    forEachRun { place, count in
      let last = place + count - 1
      // A run that goes on into another column has one column's end and another one's beginning.
      let isWrapped = place / height != last / height
      let across = place / height..<last / height + 1
      let along = isWrapped ? 0..<height : place % height..<last % height + 1
      columns = columns.map { min($0.lowerBound, across.lowerBound)..<max($0.upperBound, across.upperBound) } ?? across
      rows = rows.map { min($0.lowerBound, along.lowerBound)..<max($0.upperBound, along.upperBound) } ?? along
    }
    guard let columns, let rows else { return nil }
    return (columns, rows)
  }

  /// Hands each run of pixels inside to the body: its first place, counted column by column, and its length, at least 1.
  public func forEachRun(_ body: (_ place: Int, _ count: Int) -> Void) {
    var place = 0
    for (index, count) in counts.enumerated() {
      if index % 2 == 1, count > 0 { body(place, Int(count)) }
      place += Int(count)
    }
  }

  /// The outlines along the pixels' sides: loops of corners, without those within straight lines.
  ///
  /// Pixels that touch only at a corner are apart. Loops around pixels run clockwise on the screen, those around holes the other way:
  /// the sum of the signed areas is the mask's area.
  public var outlines: [[Point]] { hull.map { OutlineTracer(self, columns: $0.columns, rows: $0.rows).loops() } ?? [] }
}

/// Walks around the pixels of a mask with the inside to the right.
private struct OutlineTracer {
  /// The steps to the right, down, left and up.
  private static let steps = [(x: 1, y: 0), (x: 0, y: 1), (x: -1, y: 0), (x: 0, y: -1)]

  private let left: Int
  private let top: Int
  private let width: Int
  private let height: Int
  /// Row by row within the hull, with a border of one pixel outside.
  private var isInside: [Bool]
  /// Whether the upper side of each pixel has been walked along.
  private var isWalked: [Bool]

  init(_ mask: RunLengthMask, columns: Range<Int>, rows: Range<Int>) {
    (left, top) = (columns.lowerBound - 1, rows.lowerBound - 1)
    (width, height) = (columns.count + 2, rows.count + 2)
    var isInside = [Bool](repeating: false, count: width * height)
    let (left, top, width) = (left, top, width)
    mask.forEachRun { place, count in
      for pixel in place..<place + count { isInside[(pixel % mask.height - top) * width + pixel / mask.height - left] = true }
    }
    self.isInside = isInside
    isWalked = [Bool](repeating: false, count: width * height)
  }

  func loops() -> [[Point]] {
    var tracer = self
    var loops: [[Point]] = []
    for y in 1..<height - 1 {
      for x in 1..<width - 1 where tracer.isInside(x, y) && !tracer.isInside(x, y - 1) && !tracer.isWalked[y * width + x] {
        loops.append(tracer.loop(from: x, y))
      }
    }
    return loops
  }

  private func isInside(_ x: Int, _ y: Int) -> Bool { isInside[y * width + x] }

  /// The loop that holds the upper side of a pixel; places are upper left corners of pixels.
  private mutating func loop(from startX: Int, _ startY: Int) -> [Point] {
    var corners: [Point] = []
    var (x, y, direction) = (startX, startY, 0)
    repeat {
      if direction == 0 { isWalked[y * width + x] = true }
      x += Self.steps[direction].x
      y += Self.steps[direction].y
      let next = turned(x, y, direction)
      if next != direction { corners.append(Point(Double(x + left), Double(y + top))) }
      direction = next
    } while (x, y) != (startX, startY) || direction != 0
    return corners
  }

  /// The direction in which the walk goes on from a corner: around the pixel to the right, unless that is outside.
  private func turned(_ x: Int, _ y: Int, _ direction: Int) -> Int {
    // The pixels before the corner, to the right and to the left of the walk.
    let before = [[(0, 0), (0, -1)], [(-1, 0), (0, 0)], [(-1, -1), (-1, 0)], [(0, -1), (-1, -1)]][direction]
    guard isInside(x + before[0].0, y + before[0].1) else { return (direction + 1) % 4 }
    return isInside(x + before[1].0, y + before[1].1) ? (direction + 3) % 4 : direction
  }
}
