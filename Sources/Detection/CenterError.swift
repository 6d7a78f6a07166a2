import Geometry

/// How exact the centre of a detection is: a function of its size and its speed, by the residuals of training clips
/// (docs/motion-detector.md, "How exact a centre is").
struct CenterError {
  /// The deviation of an outline, in pixels of the picture that the object was found in.
  let pixels: Double
  /// The deviation as a share of the sides: parts that do not differ from the ground, and shadows.
  let share: Double
  /// And so many seconds of its motion, along which it is blurred and what is remembered of it lags.
  private static let seconds = 0.04

  static let region = CenterError(pixels: 0.9, share: 0.11)
  static let spot = CenterError(pixels: 0.45, share: 0.16)

  /// The covariance of the centre's error, in pixels².
  /// - Parameter velocity: Pixels per second.
  func covariance(of box: GaussianBox, velocity: Point) -> SymmetricMatrix2 {
    let step = velocity * Self.seconds
    return box.covariance * (GaussianBox.momentDivisor * share * share) + .identity * (pixels * pixels)
      + SymmetricMatrix2(xx: step.x * step.x, xy: step.x * step.y, yy: step.y * step.y)
  }
}
