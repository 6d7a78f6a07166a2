import Geometry

extension Homography {
  /// The same map in OpenCV's coordinates, where the centre of the first pixel is (0, 0) instead of (0.5, 0.5).
  var inPixelCentres: Homography {
    Homography.translation(Point(-0.5, -0.5)) * self * Homography.translation(Point(0.5, 0.5))
  }

  /// This package's form of a map that OpenCV gave.
  init(pixelCentres map: Homography) {
    self = Homography.translation(Point(0.5, 0.5)) * map * Homography.translation(Point(-0.5, -0.5))
  }
}
