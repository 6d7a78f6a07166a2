import Geometry
import Imaging

/// What differs from the background and is too small for a region: the extents of small objects.
///
/// Of what moves by less than its length between two frames their difference shows the ends alone, and those of its shadow with them. The
/// background tells it from the ground, and from the ground in shadow.
struct SmallParts {
  /// By the moments of the difference, in working pixels.
  let boxes: [GaussianBox]

  /// Single pixels and pairs are noise of the sensor.
  private static let leastArea = 4
  /// Of a pixel along a side, in pixels²: it is a square, no point.
  private static let pixelVariance = 1 / GaussianBox.momentDivisor

  /// - Parameters:
  ///   - evidence: How surely pixels differ, 0 to 255.
  ///   - isShade: Whether a pixel that differs may be the ground in shadow.
  ///   - leastRegion: The area of a region, in pixels: larger parts are none of these.
  /// - Throws: `ImagingError` where the library fails.
  init(
    frame: Image, mean: Image, evidence: Image, isShade: (_ index: Int) -> Bool, leastRegion: Int
  ) throws(ImagingError) {
    var lit = evidence
    for i in lit.pixels.indices where lit.pixels[i] != 0 {
      lit.pixels[i] = lit.pixels[i] > ForegroundEvidence.half && !isShade(i) ? 255 : 0
    }
    let parts = try ConnectedComponents(of: lit, minimumArea: Self.leastArea)
    boxes = parts.components.filter { $0.area < leastRegion }.map { Self.box(of: $0, in: parts, frame, mean) }
  }

  /// The rectangle that has a part's moments, every pixel weighed by its difference: what blur adds at a small thing's rim about makes up for
  /// what is too faint there to count.
  private static func box(
    of part: ConnectedComponents.Component, in parts: ConnectedComponents, _ frame: Image, _ mean: Image
  ) -> GaussianBox {
    var (total, sum, xx, xy, yy) = (0.0, Point.zero, 0.0, 0.0, 0.0)
    parts.forEachPixel(of: part) { x, y, i in
      // One more: what differs in colour alone has a place too.
      let weight = 1 + abs(Double(frame.pixels[i]) - Double(mean.pixels[i]))
      // Around the part's corner, against cancellation.
      let place = Point(Double(x - part.left) + 0.5, Double(y - part.top) + 0.5)
      total += weight
      sum += place * weight
      (xx, xy, yy) = (xx + weight * place.x * place.x, xy + weight * place.x * place.y, yy + weight * place.y * place.y)
    }
    let center = sum * (1 / total)
    let spread = SymmetricMatrix2(
      xx: xx / total - center.x * center.x, xy: xy / total - center.x * center.y, yy: yy / total - center.y * center.y)
    return GaussianBox(mean: center + Point(Double(part.left), Double(part.top)), covariance: spread + .identity * pixelVariance)
  }
}
