/// The size of the grey picture that a frame is analysed in: the one place that knows it.
public enum AnalysisSize {
  /// The longest width in pixels; wider frames are reduced, those of at most half of it enlarged to twice their size, others taken as they are.
  ///
  /// Structure is measured in analysed pixels, of which the objects of a small video have few: at 320×180 twice the size finds more of them
  /// (Benchmarks/README.md, "Other sizes").
  /// At 640×360 camera motion and detector together take a hundredth of a second a frame, and positions are still exact to a few
  /// hundredths of a displayed pixel at 1280×720 (Benchmarks/README.md, "Camera motion").
  public static let maximumWidth = 640
  /// The longest width in pixels of the picture in which small objects are looked for: half that of 1920×1080, where an object of 6×6 pixels
  /// still covers 3×3.
  public static let finestWidth = 960

  /// The analysis size of a frame, in pixels.
  /// - Parameters:
  ///   - width: Of the displayed frame, at least 1.
  ///   - height: Likewise.
  public static func of(width: Int, height: Int) -> (width: Int, height: Int) {
    // Bounded: as `reduced` tells.
    2 * width <= maximumWidth ? (2 * width, 2 * height) : reduced(width: width, height: height)
  }

  /// The size in pixels of a picture that is reduced where it is wider than `maximumWidth`, and otherwise left as it is.
  /// - Parameters:
  ///   - width: Of the picture, at least 1.
  ///   - height: Likewise.
  static func reduced(width: Int, height: Int) -> (width: Int, height: Int) {
    guard width > maximumWidth else { return (width, height) }
    let scale = Double(maximumWidth) / Double(width)
    // Bounded: by the height, for the scale is below 1.
    return (maximumWidth, max(1, Int((Double(height) * scale).rounded())))
  }

  /// The size in pixels of the analysed picture's differences in colour: half of its own along each side, as most videos store them.
  /// - Parameters:
  ///   - width: Of the displayed frame, at least 1.
  ///   - height: Likewise.
  public static func chroma(width: Int, height: Int) -> (width: Int, height: Int) {
    let size = of(width: width, height: height)  // Bounded: by the frame, as above.
    return ((size.width + 1) / 2, (size.height + 1) / 2)
  }

  /// The size in pixels at which small objects are looked for: the frame's own, divided by the least whole number that brings it to a width.
  /// - Parameters:
  ///   - width: Of the displayed frame, at least 1.
  ///   - height: Likewise.
  ///   - widest: The longest width, at least 1.
  public static func fine(width: Int, height: Int, widest: Int) -> (width: Int, height: Int) {
    let divisor = (width + widest - 1) / widest
    return (width / divisor, max(1, height / divisor))
  }
}
