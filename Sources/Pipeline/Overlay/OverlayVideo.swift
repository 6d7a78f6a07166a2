import Geometry
import Imaging
import Records
import Video

/// Writes pictures with their overlay as H.264, with the source's time stamps.
public final class OverlayVideo {
  private let file: VideoFile
  private let classes: [String]
  private let layers: Set<OverlayLayer>
  private let blurred: BlurredClasses
  private var renderer: OverlayRenderer
  private var rendererSize: (width: Int, height: Int)

  /// - Parameters:
  ///   - path: A file whose extension `VideoContainer` knows.
  ///   - overwrites: Whether a file of this name may be replaced.
  ///   - grows: Whether it can be played while it is being written, as the overlay of a live input.
  ///   - width, height: Of the displayed pictures; a later one of another size is scaled to it.
  ///   - timeBase: Of the pictures' time stamps.
  /// - Throws: `PipelineError.noContainer`; `RecordsError` and `VideoError` where the file cannot be made.
  public init(
    path: String, overwrites: Bool = false, grows: Bool = false, width: Int, height: Int, timeBase: Rational, frameRate: Rational?,
    classes: [String],
    layers: Set<OverlayLayer> = OverlayLayer.standard, blurred: BlurredClasses = .none
  ) throws {
    var settings = VideoEncoder.Settings()
    if let frameRate, frameRate.isPositive { settings.frameRate = frameRate }
    renderer = OverlayRenderer(width: width, height: height, classes: classes, layers: layers, blurred: blurred)
    file = try VideoFile(
      path: path, overwrites: overwrites, grows: grows, width: width, height: height + renderer.bandHeight, timeBase: timeBase,
      settings: settings)
    self.classes = classes
    self.layers = layers
    self.blurred = blurred
    rendererSize = (width, height)
  }

  /// Draws a record on its frame and encodes it.
  ///
  /// - Parameter earlier: Tracks that are not drawn and whose contents are hidden too: those of a frame before, where this one has no record.
  public func write(_ frame: Frame, _ record: FrameRecord, hiding earlier: [TrackRecord] = []) throws {
    let encoder = file.encoder
    var image = try frame.colorImage()
    if (image.width, image.height) != rendererSize {
      renderer = OverlayRenderer(width: image.width, height: image.height, classes: classes, layers: layers, blurred: blurred)
      rendererSize = (image.width, image.height)
    }
    if !earlier.isEmpty {
      renderer.hideContents(of: FrameRecord(frame: record.frame, time: record.time, tracks: earlier), on: &image)
    }
    try renderer.draw(record, on: &image)
    if image.width != encoder.width || image.height != encoder.height {
      image = try image.resized(width: encoder.width, height: encoder.height)
    }
    try encoder.write(image.pixels, pts: frame.pts)
  }

  /// Completes the file and gives it its name.
  public func finish() throws { try file.finish() }
}
