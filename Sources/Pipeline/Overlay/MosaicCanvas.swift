import Geometry
import Imaging

/// A large picture of a plane that pictures of its parts are laid on.
///
/// Each pixel shows the picture in which it lies furthest from the border: nothing is averaged, so that nothing that moves becomes a ghost.
struct MosaicCanvas {
  /// The pictures so far.
  private(set) var image: Image
  /// How far from its picture's border each pixel was, 0 where nothing is.
  private var weights: [UInt8]
  /// Maps the plane to the canvas.
  let canvasFromPlane: Homography
  /// The weights of a picture's own pixels.
  private let border: Image

  /// A canvas has at most this side.
  static let longestSide = 16_000.0

  /// - Parameters:
  ///   - bounds: What of the plane is shown, in its pixels.
  ///   - mostPixels: Of the canvas; the plane is reduced where it would have more.
  ///   - width, height: Of the pictures that come.
  init(bounds: AxisBox, mostPixels: Double, width: Int, height: Int) {
    let scale = min(
      1, MosaicCanvas.longestSide / max(bounds.width, bounds.height),
      (mostPixels / max(1, bounds.width * bounds.height)).squareRoot())
    let side = Int(MosaicCanvas.longestSide)
    image = Image(
      width: Int(bounded: (bounds.width * scale).rounded(.up), in: 1...side),
      height: Int(bounded: (bounds.height * scale).rounded(.up), in: 1...side), channels: 3)
    weights = [UInt8](repeating: 0, count: image.width * image.height)
    canvasFromPlane = Homography.scaling(scale, scale) * Homography.translation(Point(-bounds.left, -bounds.top))
    border = MosaicCanvas.borderWeights(width: width, height: height)
  }

  /// From 1 at the border to 255 in the middle.
  private static func borderWeights(width: Int, height: Int) -> Image {
    var weights = Image(width: width, height: height, channels: 1)
    let reach = Double(min(width, height)) / 2
    weights.grid.forEachPixel { x, y, index in
      let distance = Double(min(min(x, width - 1 - x), min(y, height - 1 - y)))
      weights.pixels[index] = UInt8(Int(bounded: 1 + 254 * distance / reach, in: 1...255))
    }
    return weights
  }

  /// Lays a picture on the canvas.
  ///
  /// - Parameter planeFromPicture: Its corners must lie before the horizon.
  /// - Throws: `ImagingError` from the library.
  mutating func add(_ picture: Image, by planeFromPicture: Homography) throws {
    let map = canvasFromPlane * planeFromPicture
    let size = Point(Double(picture.width), Double(picture.height))
    let corners = [Point.zero, Point(size.x, 0), size, Point(0, size.y)].map(map.apply)
    let hull = AxisBox(around: corners)
    let columns = MosaicCanvas.range(hull.left, hull.right, image.width)
    let rows = MosaicCanvas.range(hull.top, hull.bottom, image.height)
    guard !columns.isEmpty, !rows.isEmpty else { return }
    let local = Homography.translation(Point(-Double(columns.lowerBound), -Double(rows.lowerBound))) * map
    let part = try picture.warped(by: local, width: columns.count, height: rows.count, border: .replicated)
    let weight = try border.warped(by: local, width: columns.count, height: rows.count)
    for y in rows {
      for x in columns {
        let (from, to) = ((y - rows.lowerBound) * columns.count + x - columns.lowerBound, y * image.width + x)
        guard weight.pixels[from] > weights[to] else { continue }
        weights[to] = weight.pixels[from]
        for channel in 0..<3 { image.pixels[3 * to + channel] = part.pixels[3 * from + channel] }
      }
    }
  }

  private static func range(_ low: Double, _ high: Double, _ count: Int) -> Range<Int> {
    let first = Int(bounded: low.rounded(.down), in: 0...count)
    return first..<max(first, Int(bounded: high.rounded(.up), in: 0...count))
  }

  /// Draws the path of a track: its line, and its number where it ends.
  ///
  /// - Parameter places: In the plane.
  mutating func draw(path places: [Point], id: Int) throws {
    let points = places.map(canvasFromPlane.apply)
    guard let last = points.last else { return }
    let style = OverlayStyle(width: image.width, height: image.height)
    let color = OverlayStyle.color(id: id)
    let thickness = min(4, style.thickness)
    try image.drawPolyline(points, thickness: thickness + 2, color: OverlayStyle.casing)
    try image.drawPolyline(points, thickness: thickness, color: color)
    let dot = SymmetricMatrix2(major: 1, minor: 1, angle: 0) * Double(thickness * thickness)
    try image.fillEllipse(center: last, covariance: dot, sigmas: 2, color: color)
    try image.drawText(
      "\(id)", at: last + Point(4, -4), height: min(14, style.textHeight), thickness: min(2, style.textThickness), color: color)
  }
}
