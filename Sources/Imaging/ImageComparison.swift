internal import COpenCV
public import Geometry

/// Whole pictures compared with each other.
public enum ImageComparison {
  /// The translation from one grey picture to another by phase correlation under a Hann window.
  ///
  /// - Returns: The shift in pixels, and the height of its peak: about 1 for a pure shift, about 0 for unrelated pictures (the smaller
  ///   they are, the higher chance's peaks). Pictures with a side under 16 pixels have no usable spectrum: no shift, 0.
  public static func phaseCorrelation(
    _ first: Image, _ second: Image
  ) throws(ImagingError) -> (shift: Point, response: Double) {
    guard min(first.width, first.height) >= 16 else { return (.zero, 0) }
    var (x, y, response) = (0.0, 0.0, 0.0)
    try OpenCVCall.check("correlate two pictures") { message in
      first.withView { a in second.withView { b in sxcv_phase_correlate(a, b, &x, &y, &response, message) } }
    }
    // Two pictures without any content have a spectrum of zeros and no defined peak.
    guard x.isFinite, y.isFinite, response.isFinite else { return (.zero, 0) }
    return (Point(x, y), response)
  }

  /// The mean absolute difference of two pictures of one shape, in grey levels.
  public static func meanDifference(_ first: Image, _ second: Image) throws(ImagingError) -> Double {
    var difference = 0.0
    try OpenCVCall.check("compare two pictures") { message in
      first.withView { a in second.withView { b in sxcv_mean_difference(a, b, &difference, message) } }
    }
    return difference
  }
}
