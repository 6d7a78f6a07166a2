internal import Geometry
internal import Imaging

/// What an object's extent is taken to be where only a point on it is known: the part around the point whose colours differ most from those
/// around that part.
///
/// Upright windows around the point are compared with the ring around each by their histograms of colour; the window that differs most
/// gives a first model of object and background, with which every pixel nearby is judged, and the connected part at the point becomes the
/// next model (as in mean-shift segmentation by likelihood ratios, Collins et al., 2005).
enum TargetExtent {
  /// The picture is reduced to at most this many pixels along its longer side: extents need no more.
  private static let greatestSide = 320
  /// Levels of each channel: 512 colours, which a window of some hundred pixels fills.
  private static let levels = 8
  private static let rounds = 3

  /// The box around the object at a point of a picture in colour; nil where nothing stands out there.
  static func byColors(_ picture: Image, at point: Point) throws -> AxisBox? {
    let scale = min(1, Double(greatestSide) / Double(max(picture.width, picture.height)))
    let width = Int(bounded: (Double(picture.width) * scale).rounded(), in: 1...greatestSide)
    let height = Int(bounded: (Double(picture.height) * scale).rounded(), in: 1...greatestSide)
    let small = try picture.resized(width: width, height: height)
    let colors = self.colors(of: small)
    let own = Point(point.x * scale, point.y * scale)
    guard var window = bestWindow(colors, small.grid, around: own) else { return nil }
    for _ in 0..<rounds {
      guard let next = try refined(window, colors, small.grid, at: own) else { break }
      window = next
    }
    return AxisBox(
      left: window.left / scale, top: window.top / scale, width: window.width / scale, height: window.height / scale)
  }

  /// Each pixel's colour as a number below levels³.
  private static func colors(of picture: Image) -> [Int] {
    let step = 256 / levels
    return (0..<picture.width * picture.height).map { index in
      (0..<3).reduce(0) { $0 * levels + Int(picture.pixels[index * 3 + $1]) / step }
    }
  }

  /// The window of many sizes and shapes around a point that differs most from its ring.
  private static func bestWindow(_ colors: [Int], _ grid: PixelGrid, around point: Point) -> AxisBox? {
    var best: (score: Double, box: AxisBox)?
    var side = leastSide
    while side < greatestShare * Double(max(grid.width, grid.height)) {
      for stretch in [0.4, 0.63, 1, 1.6, 2.5] {
        let (w, h) = (side * stretch.squareRoot(), side / stretch.squareRoot())
        let box = AxisBox(left: point.x - w / 2, top: point.y - h / 2, width: w, height: h)
        guard let model = ColorModel(colors, grid, window: box) else { continue }
        // A larger window that differs as much is more of the object.
        let score = model.difference * (1 + sizeWeight * (side / leastSide).squareRoot())
        if score > best?.score ?? 0 { best = (score, box) }
      }
      side *= 1.25
    }
    return best?.box
  }

  private static let leastSide = 8.0
  private static let greatestShare = 0.6
  private static let sizeWeight = 0.05

  /// The box of the part at the point that is likelier of the window's colours than of its ring's; nil where there is none.
  private static func refined(_ window: AxisBox, _ colors: [Int], _ grid: PixelGrid, at point: Point) throws -> AxisBox? {
    guard let model = ColorModel(colors, grid, window: window) else { return nil }
    let search = window.scaled(1.6)
    var mask = Image(width: grid.width, height: grid.height, channels: 1)
    grid.forEachPixel(columns: search.columns(in: grid), rows: search.rows(in: grid)) { _, _, index in
      if model.isObject(colors[index]) { mask.pixels[index] = 255 }
    }
    let parts = try ConnectedComponents(of: mask, minimumArea: 4)
    func distance(_ part: ConnectedComponents.Component) -> Double {
      let x = max(Double(part.left) - point.x, 0, point.x - Double(part.left + part.width))
      let y = max(Double(part.top) - point.y, 0, point.y - Double(part.top + part.height))
      return x * x + y * y
    }
    // The largest of those that the point touches.
    let near = parts.components.filter { distance($0) < 4 }
    guard let part = near.max(by: { $0.area < $1.area }) else { return nil }
    return AxisBox(left: Double(part.left), top: Double(part.top), width: Double(part.width), height: Double(part.height))
  }
}

/// Colours of a window and of the ring around it.
private struct ColorModel {
  private var inside = [Double](repeating: 0, count: 512)
  private var outside = [Double](repeating: 0, count: 512)

  /// Nil for a window or a ring with too few pixels.
  init?(_ colors: [Int], _ grid: PixelGrid, window: AxisBox) {
    var (near, far) = (0.0, 0.0)
    let (columns, rows) = (window.columns(in: grid), window.rows(in: grid))
    let ring = window.scaled(1.8)
    grid.forEachPixel(columns: ring.columns(in: grid), rows: ring.rows(in: grid)) { x, y, index in
      if columns.contains(x), rows.contains(y) {
        inside[colors[index]] += 1
        near += 1
      } else {
        outside[colors[index]] += 1
        far += 1
      }
    }
    guard near >= 16, far >= 16 else { return nil }
    for color in 0..<512 {
      inside[color] /= near
      outside[color] /= far
    }
  }

  /// Half the sum of the differences, in [0, 1].
  var difference: Double { zip(inside, outside).reduce(0) { $0 + abs($1.0 - $1.1) } / 2 }

  func isObject(_ color: Int) -> Bool { inside[color] > outside[color] }
}

extension AxisBox {
  /// The same middle, other sides.
  fileprivate func scaled(_ factor: Double) -> AxisBox {
    AxisBox(
      left: center.x - width * factor / 2, top: center.y - height * factor / 2, width: width * factor, height: height * factor)
  }

  /// The pixels whose centres it covers, cut at the grid's borders.
  fileprivate func columns(in grid: PixelGrid) -> Range<Int> { AxisBox.range(left, right, grid.width) }
  fileprivate func rows(in grid: PixelGrid) -> Range<Int> { AxisBox.range(top, bottom, grid.height) }

  private static func range(_ low: Double, _ high: Double, _ count: Int) -> Range<Int> {
    let first = Int(bounded: (low - 0.5).rounded(.up), in: 0...count)
    return first..<max(first, Int(bounded: (high - 0.5).rounded(.up), in: 0...count))
  }
}
