/// The size of the grey picture that a frame is analysed in: the one place that knows it.
public enum AnalysisSize {
  /// The longest width in pixels; wider frames are reduced, others are taken as they are.
  ///
  /// At 640×360 camera motion and detector together take a hundredth of a second a frame, and positions are still exact to a few
  /// hundredths of a displayed pixel at 1280×720 (Benchmarks/README.md, "Camera motion").
  public static let maximumWidth = 640

  /// The analysis size of a frame, in pixels.
  /// - Parameters:
  ///   - width: Of the displayed frame, at least 1.
  ///   - height: Likewise.
  public static func of(width: Int, height: Int) -> (width: Int, height: Int) {
    guard width > maximumWidth else { return (width, height) }
    let scale = Double(maximumWidth) / Double(width)
    return (maximumWidth, max(1, Int((Double(height) * scale).rounded())))
  }
}
