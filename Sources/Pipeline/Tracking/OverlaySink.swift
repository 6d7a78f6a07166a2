import Records
import Video

/// The overlay of a tracking run. Rows that become known later (back-filled ones) are not in it; `sextant render` has them.
final class OverlaySink: TrackSink {
  private let path: String
  private let overwrites: Bool
  private let grows: Bool
  private let layers: Set<OverlayLayer>
  private let blurred: BlurredClasses
  private var header: StreamHeader?
  private var video: OverlayVideo?

  /// - Parameter grows: Whether the file can be played while it is being written.
  init(path: String, overwrites: Bool, grows: Bool, layers: Set<OverlayLayer>, blurred: BlurredClasses) {
    self.path = path
    self.overwrites = overwrites
    self.grows = grows
    self.layers = layers
    self.blurred = blurred
  }

  func begin(_ header: StreamHeader, isResumed: Bool) throws { self.header = header }

  func memory() throws -> SinkMemory { throw PipelineError.notResumable(what: "the overlay \(path)") }

  func frame(_ record: FrameRecord, picture: Frame?) throws {
    guard let picture else { return }
    try opened(for: picture).write(picture, record)
  }

  /// The encoder, made for the first picture's size.
  private func opened(for picture: Frame) throws -> OverlayVideo {
    if let video { return video }
    let rate = header?.source?.frameRate.map { Rational($0.numerator, $0.denominator) }
    let made = try OverlayVideo(
      path: path, overwrites: overwrites, grows: grows, width: picture.width, height: picture.height, timeBase: picture.timeBase,
      frameRate: rate, classes: header?.classes ?? [], layers: layers, blurred: blurred)
    video = made
    return made
  }

  func end(_ record: EndRecord) throws { try video?.finish() }
}
