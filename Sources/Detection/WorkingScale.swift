import Geometry

/// The size of the picture that the motion detector works on, and how its pixels relate to the displayed ones.
struct WorkingScale: Equatable, Codable {
  let width: Int
  let height: Int
  /// Displayed pixels for each working pixel.
  let displayPerPixel: Point

  var count: Int { width * height }

  /// The largest size of at most `pixels` pixels that keeps the picture's shape and does not enlarge the image.
  init(imageWidth: Int, imageHeight: Int, displayWidth: Int, displayHeight: Int, pixels: Int) {
    let area = Double(imageWidth) * Double(imageHeight)
    let scale = min(1, (Double(pixels) / max(1, area)).squareRoot())
    // Bounded: by the picture, for the scale is at most 1.
    width = max(1, Int((Double(imageWidth) * scale).rounded()))
    height = max(1, Int((Double(imageHeight) * scale).rounded()))
    displayPerPixel = Point(Double(displayWidth) / Double(width), Double(displayHeight) / Double(height))
  }

  /// A map between frames in displayed pixels, in working pixels.
  func working(_ homography: Homography) -> Homography {
    let up = Homography.scaling(displayPerPixel.x, displayPerPixel.y)
    let down = Homography.scaling(1 / displayPerPixel.x, 1 / displayPerPixel.y)
    return down * homography * up
  }

  /// A covariance in working pixels², in displayed ones.
  func displayed(_ s: SymmetricMatrix2) -> SymmetricMatrix2 {
    let (x, y) = (displayPerPixel.x, displayPerPixel.y)
    return SymmetricMatrix2(xx: s.xx * x * x, xy: s.xy * x * y, yy: s.yy * y * y)
  }

  func displayed(_ box: GaussianBox) -> GaussianBox {
    GaussianBox(
      mean: Point(box.mean.x * displayPerPixel.x, box.mean.y * displayPerPixel.y), covariance: displayed(box.covariance))
  }
}
