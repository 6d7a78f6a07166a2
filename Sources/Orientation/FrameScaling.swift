import Geometry
import Imaging

/// Centred coordinates of the size of 1 for a picture, in which the eight numbers of a homography are well conditioned and h₃₃ is never near 0.
struct FrameScaling {
  let center: Point
  let scale: Double

  init(width: Double, height: Double) {
    center = Point(width / 2, height / 2)
    scale = 2 / max(width, height)
  }

  init(_ image: Image) {
    self.init(width: Double(image.width), height: Double(image.height))
  }

  /// Width and height of the picture.
  var size: Point { center * 2 }

  func scaled(_ point: Point) -> Point { (point - center) * scale }

  func unscaled(_ point: Point) -> Point { point / scale + center }

  private var toScaled: Homography {
    Homography(scale, 0, -scale * center.x, 0, scale, -scale * center.y, 0, 0, 1)
  }

  private var fromScaled: Homography {
    Homography(1 / scale, 0, center.x, 0, 1 / scale, center.y, 0, 0, 1)
  }

  /// The map of the scaled coordinates that belongs to a map of pixels. Both pictures' scalings may differ.
  func scaled(_ h: Homography, to target: FrameScaling) -> Homography {
    target.toScaled * h * fromScaled
  }

  /// The map of pixels that belongs to a map of scaled coordinates.
  func unscaled(_ h: Homography, to target: FrameScaling) -> Homography {
    target.fromScaled * h * toScaled
  }

  func scaled(_ pair: Correspondence, to target: FrameScaling) -> Correspondence {
    Correspondence(
      source: scaled(pair.source), target: target.scaled(pair.target), sourceDeviation: pair.sourceDeviation * scale,
      targetDeviation: pair.targetDeviation * target.scale)
  }
}
