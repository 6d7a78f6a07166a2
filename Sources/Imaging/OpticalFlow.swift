internal import COpenCV
public import Geometry

/// Pyramidal Lucas–Kanade (Bouguet): follows points from one picture to another with sub-pixel precision.
public enum OpticalFlow {
  /// How points are followed.
  public struct Settings: Hashable, Sendable {
    /// The side of the window in pixels, odd.
    public var window: Int
    /// Halvings that are used.
    public var levels: Int
    /// The most steps at each scale.
    public var iterations: Int
    /// A step shorter than this many pixels ends the iterations.
    public var epsilon: Double

    /// - Parameters: As the properties of their names.
    public init(window: Int, levels: Int, iterations: Int = 20, epsilon: Double = 0.02) {
      self.window = window
      self.levels = levels
      self.iterations = iterations
      self.epsilon = epsilon
    }
  }

  /// Where points of the first picture are in the second.
  ///
  /// - Parameter guesses: Where to begin, one for each point.
  /// - Returns: One place for each point, nil where it could not be followed.
  public static func track(
    _ points: [Point], guesses: [Point], from: ImagePyramid, to: ImagePyramid, settings: Settings
  ) throws(ImagingError) -> [Point?] {
    precondition(points.count == guesses.count, "one guess for each point")
    let sources = points.map(pixelCentre)
    var targets = guesses.map(pixelCentre)
    var found = [UInt8](repeating: 0, count: points.count)
    var errors = [Float](repeating: 0, count: points.count)
    let native = sxcv_track_settings(
      window: Int32(clamping: settings.window), levels: Int32(clamping: settings.levels),
      iterations: Int32(clamping: settings.iterations), epsilon: settings.epsilon)
    try OpenCVCall.check("follow \(points.count) points") {
      sxcv_track(from.handle, to.handle, sources, &targets, &found, &errors, sources.count, native, $0)
    }
    return zip(targets, found).map { target, wasFound in
      let place = Point(Double(target.x) + 0.5, Double(target.y) + 0.5)
      return wasFound != 0 && place.isFinite ? place : nil
    }
  }

  /// The corners of a grey picture that are best to follow (Shi and Tomasi, 1994), the strongest first.
  ///
  /// - Parameters:
  ///   - quality: The least strength, as a share of the strongest corner's.
  ///   - spacing: The least distance between two, in pixels.
  public static func corners(
    of image: Image, maximumCount: Int, quality: Double = 0.01, spacing: Double
  ) throws(ImagingError) -> [Point] {
    var points = [sxcv_point](repeating: sxcv_point(), count: max(0, maximumCount))
    var count = 0
    try OpenCVCall.check("find corners") { message in
      image.withView { sxcv_find_corners($0, quality, spacing, &points, points.count, &count, message) }
    }
    return points[..<count].map { Point(Double($0.x) + 0.5, Double($0.y) + 0.5) }
  }

  private static func pixelCentre(_ point: Point) -> sxcv_point {
    sxcv_point(x: Float(point.x - 0.5), y: Float(point.y - 0.5))
  }
}
