package import Geometry
package import Imaging

/// A box's own frame, in which its looks are taken: the same object gives the same crop wherever it lies and however it is turned.
///
/// An upright box is cut out as it is. One at an angle is turned so that its longer side points down in the crop, from its upper end where that
/// side is steep, else from its left end: front and back can change places once as an object turns, for a box does not tell them apart.
package struct BoxCrop: Equatable, Sendable {
  /// The middle, pixels of the picture.
  package let center: Point
  /// Across the crop from its left to its right border, pixels of the picture.
  package let across: Point
  /// Down the crop, likewise.
  package let down: Point

  /// Between the axes of a covariance, over its mean variance: less is no angle but rounding.
  private static let leastTilt = 1e-6
  /// Boxes whose places or sides are beyond this show nothing, pixels.
  private static let farthest = 1e6

  /// Nil for a box without area or far outside of any picture.
  package init?(_ box: GaussianBox) {
    let (mean, spread) = (box.mean, box.covariance)
    guard abs(mean.x) < Self.farthest, abs(mean.y) < Self.farthest, spread.isPositiveDefinite,
      spread.trace < Self.farthest * Self.farthest
    else { return nil }
    center = mean
    let divisor = GaussianBox.momentDivisor
    if abs(spread.xy) <= Self.leastTilt * spread.trace / 2 {
      across = Point((divisor * spread.xx).squareRoot(), 0)
      down = Point(0, (divisor * spread.yy).squareRoot())
    } else {
      let oriented = box.orientedBox
      var axis = Point(angle: oriented.angle)
      let isBackward = abs(axis.y) >= abs(axis.x) ? axis.y < 0 : axis.x < 0
      if isBackward { axis = .zero - axis }
      down = axis * oriented.width
      across = Point(axis.y, -axis.x) * oriented.height
    }
    guard across.length > 0, down.length > 0 else { return nil }
  }

  /// A crop of these axes, pixels of the picture.
  package init(center: Point, across: Point, down: Point) { (self.center, self.across, self.down) = (center, across, down) }

  /// The whole of a picture.
  package init(whole picture: Image) {
    center = Point(Double(picture.width), Double(picture.height)) / 2
    across = Point(Double(picture.width), 0)
    down = Point(0, Double(picture.height))
  }

  /// Crops that are smaller than the box are averages of at most so many samples along each side of a pixel.
  private static let mostSamples = 4

  /// The crop at a size in pixels; what lies outside the picture repeats its border.
  ///
  /// - Throws: `ImagingError` for a size that cannot be used.
  package func picture(from image: Image, width: Int, height: Int) throws(ImagingError) -> Image {
    let reduction = max(across.length / Double(width), down.length / Double(height))
    let samples = Int(bounded: reduction.rounded(.up), in: 1...Self.mostSamples)
    let (columns, rows) = (Double(width * samples), Double(height * samples))
    let corner = center - across / 2 - down / 2
    let map = Homography(
      across.x / columns, down.x / rows, corner.x, across.y / columns, down.y / rows, corner.y, 0, 0, 1)
    let crop = try image.warped(byInverse: map, width: width * samples, height: height * samples, border: .replicated)
    return samples == 1 ? crop : try crop.resized(width: width, height: height)
  }
}
