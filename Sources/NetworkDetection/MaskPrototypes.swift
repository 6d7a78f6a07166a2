package import Geometry
package import ModelFiles

/// A picture in whose pixels masks are wanted, and how it lies in a network's input.
package struct MaskView: Sendable {
  /// Its size in pixels.
  let width: Int, height: Int
  /// Its pixels for each pixel of the picture that boxes are of.
  let scale: Point
  /// The place of its upper left corner in the input, and the input's pixels for each of its own.
  let origin: Point, step: Point
  /// How many times as long as a box's sides those of the part are in which its mask may lie.
  let reach: Double

  /// - Parameters:
  ///   - fit: How the picture that was looked at lies in the input.
  ///   - picture: That picture's size in pixels.
  ///   - size: The view's, which shows the same.
  package init(_ fit: PictureFit, picture: (width: Int, height: Int), size: (width: Int, height: Int), reach: Double) {
    (width, height, self.reach) = (size.width, size.height, reach)
    scale = Point(Double(size.width) / Double(picture.width), Double(size.height) / Double(picture.height))
    origin = Point(Double(fit.left), Double(fit.top))
    step = Point(fit.scaleX / scale.x, fit.scaleY / scale.y)
  }
}

/// What the masks of a picture are mixed from: the mask of a box is where Σ c · prototype > 0, c its coefficients (Bolya et al. 2019, "YOLACT",
/// equation 1, with a probability of one half).
package struct MaskPrototypes: Sendable {
  private let values: [Float]
  private let count: Int, rows: Int, columns: Int
  /// Pixels of the input for each value.
  private let pitch: Point

  /// - Parameters:
  ///   - tensor: [1, count, rows, columns].
  ///   - width: Of the input in pixels; `height` likewise.
  /// - Returns: nil for a tensor of another form.
  package init?(_ tensor: Tensor, count: Int, width: Int, height: Int) {
    let shape = tensor.shape
    guard let values = tensor.values(Float.self), shape.count == 4, shape[0] == 1, shape[1] == count, shape[2] > 0, shape[3] > 0
    else {
      return nil
    }
    (self.values, self.count, rows, columns) = (values, count, shape[2], shape[3])
    pitch = Point(Double(width) / Double(shape[3]), Double(height) / Double(shape[2]))
  }

  /// The pixels of a view whose middles lie within a box's part and are the object's, by logits that are mixed linearly between the values'
  /// middles; nil where there are none.
  package func mask(of found: NetworkBox, in view: MaskView) -> RunLengthMask? {
    guard found.coefficients.count == count else { return nil }
    let part = view.part(found.box)
    let columns = MaskView.range(part.hull.left, part.hull.right, limit: view.width)
    let rows = MaskView.range(part.hull.top, part.hull.bottom, limit: view.height)
    guard !columns.isEmpty, !rows.isEmpty else { return nil }
    let across = columns.map { Sample(view.origin.x + (Double($0) + 0.5) * view.step.x, pitch.x, count: self.columns) }
    let along = rows.map { Sample(view.origin.y + (Double($0) + 0.5) * view.step.y, pitch.y, count: self.rows) }
    guard let left = across.first?.first, let right = across.last?.second, let top = along.first?.first,
      let bottom = along.last?.second
    else { return nil }
    let width = right - left + 1
    let logits = logits(found.coefficients, left...right, top...bottom)
    let inside = InsideTest(part)
    let mask = RunLengthMask(width: view.width, height: view.height, columns: columns, rows: rows) { x, y in
      guard inside.holds(Double(x) + 0.5, Double(y) + 0.5) else { return false }
      let (u, v) = (across[x - columns.lowerBound], along[y - rows.lowerBound])
      let (upper, lower) = ((v.first - top) * width - left, (v.second - top) * width - left)
      let above = logits[upper + u.first] + (logits[upper + u.second] - logits[upper + u.first]) * u.share
      let below = logits[lower + u.first] + (logits[lower + u.second] - logits[lower + u.first]) * u.share
      return above + (below - above) * v.share > 0
    }
    return mask.flatMap { $0.area > 0 ? $0 : nil }
  }

  /// Σ c · prototype within some columns and rows, row by row.
  private func logits(_ coefficients: [Float], _ columns: ClosedRange<Int>, _ rows: ClosedRange<Int>) -> [Float] {
    var sums = [Float](repeating: 0, count: columns.count * rows.count)
    for (channel, coefficient) in coefficients.enumerated() {
      var place = 0
      for row in rows {
        let start = (channel * self.rows + row) * self.columns
        for column in columns {
          sums[place] += coefficient * values[start + column]
          place += 1
        }
      }
    }
    return sums
  }
}

/// Where a place of the input lies between two values of a row or column; beyond the outermost ones these hold.
private struct Sample {
  let first: Int, second: Int
  let share: Float

  init(_ place: Double, _ pitch: Double, count: Int) {
    let number = min(max(place / pitch - 0.5, 0), Double(count - 1))
    first = Int(bounded: number.rounded(.down), in: 0...count - 1)
    second = min(first + 1, count - 1)
    share = Float(number - Double(first))
  }
}

/// Whether points lie in a box.
private struct InsideTest {
  private let center: Point, along: Point
  private let half: (Double, Double)

  init(_ box: OrientedBox) {
    (center, along) = (box.center, Point(angle: box.angle))
    half = (box.width / 2, box.height / 2)
  }

  func holds(_ x: Double, _ y: Double) -> Bool {
    let (dx, dy) = (x - center.x, y - center.y)
    return abs(along.x * dx + along.y * dy) <= half.0 && abs(along.x * dy - along.y * dx) <= half.1
  }
}

extension MaskView {
  /// The part of the view in which a box's mask may lie. Where the axes' scales differ only upright boxes stay rectangles, and a turned one's hull of
  /// moments is taken.
  fileprivate func part(_ box: OrientedBox) -> OrientedBox {
    var moved = OrientedBox(
      center: Point(box.center.x * scale.x, box.center.y * scale.y), width: box.width * scale.x * reach,
      height: box.height * scale.y * reach, angle: box.angle)
    if box.angle != 0, abs(scale.x - scale.y) > 1e-9 {
      moved = GaussianBox(box).scaled(x: scale.x, y: scale.y).orientedBox
      (moved.width, moved.height) = (moved.width * reach, moved.height * reach)
    }
    return moved
  }

  /// The pixels whose middles may lie between two coordinates.
  fileprivate static func range(_ from: Double, _ to: Double, limit: Int) -> Range<Int> {
    let first = Int(bounded: (from - 0.5).rounded(.up), in: 0...limit)
    return first..<max(first, Int(bounded: (to - 0.5).rounded(.down) + 1, in: 0...limit))
  }
}

extension OutputLayout {
  /// How many prototypes the second output holds; 0 where there are no masks.
  ///
  /// - Parameter shapes: Of the outputs.
  func maskCount(_ shapes: [[Int]]) -> Int {
    switch self {
    case .yolo(_, let more): return more
    case .gaussian(_, let masks), .yoloAnchors(_, let masks): return masks
    case .endToEnd: return shapes.count > 1 ? max(0, (shapes[0].last ?? 6) - 6) : 0
    default: return 0
    }
  }
}
