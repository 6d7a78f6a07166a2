import Geometry

extension Image {
  /// Cells across the longer side of a hidden box: what is left of a face or a number plate tells nobody apart.
  private static let hiddenCells = 4.0
  /// The least side of a cell, pixels: a small box must not be left as it is.
  private static let leastCell = 12
  /// How far beyond a box its content is hidden, as a share of its sides and at least in pixels: boxes are often drawn tight.
  private static let hiddenMargin = (share: 0.05, pixels: 2.0)

  /// Hides what lies in a box: every pixel within takes the mean of its cell of a coarse grid, counted over the box's own pixels.
  ///
  /// - Parameter box: In pixels of the picture, of any size and place; what lies outside the picture is left out.
  public mutating func hide(_ box: OrientedBox) {
    guard box.center.x.isFinite, box.center.y.isFinite, box.width.isFinite, box.height.isFinite, box.angle.isFinite,
      box.width >= 0, box.height >= 0
    else { return }
    let margin = { (side: Double) in max(Image.hiddenMargin.pixels, side * Image.hiddenMargin.share) }
    let hidden = OrientedBox(
      center: box.center, width: box.width + 2 * margin(box.width), height: box.height + 2 * margin(box.height), angle: box.angle)
    let hull = hidden.hull
    let columns = Int(bounded: hull.left.rounded(.down), in: 0...width)..<Int(bounded: hull.right.rounded(.up), in: 0...width)
    let rows = Int(bounded: hull.top.rounded(.down), in: 0...height)..<Int(bounded: hull.bottom.rounded(.up), in: 0...height)
    let cell = Int(bounded: (max(box.width, box.height) / Image.hiddenCells).rounded(.up), in: Image.leastCell...Image.maximumSide)
    for top in stride(from: rows.lowerBound, to: rows.upperBound, by: cell) {
      for left in stride(from: columns.lowerBound, to: columns.upperBound, by: cell) {
        average(left..<min(columns.upperBound, left + cell), top..<min(rows.upperBound, top + cell), within: hidden)
      }
    }
  }

  /// Gives the pixels of a cell that lie in a box their mean. Columns and rows are within the picture.
  private mutating func average(_ columns: Range<Int>, _ rows: Range<Int>, within box: OrientedBox) {
    let (along, across) = (Point(angle: box.angle), Point(angle: box.angle + .pi / 2))
    var places: [Int] = []
    var sums = [0, 0, 0]
    for y in rows {
      for x in columns {
        let offset = Point(Double(x) + 0.5, Double(y) + 0.5) - box.center
        guard abs(offset.dot(along)) <= box.width / 2, abs(offset.dot(across)) <= box.height / 2 else { continue }
        let place = (y * width + x) * channels
        places.append(place)
        for channel in 0..<channels { sums[channel] += Int(pixels[place + channel]) }
      }
    }
    guard !places.isEmpty else { return }
    let means = sums.map { UInt8(clamping: ($0 + places.count / 2) / places.count) }
    for place in places {
      for channel in 0..<channels { pixels[place + channel] = means[channel] }
    }
  }
}
