import Foundation
import Records
import Video

/// The overlay of a tracking run. Rows that become known later (back-filled ones) are not in it; `sextant render` has them.
final class OverlaySink: TrackSink {
  private let path: String
  private let layers: Set<OverlayLayer>
  private var header: StreamHeader?
  private var video: OverlayVideo?

  /// - Throws: `RecordsError.outputExists` for a file that must not be replaced.
  init(path: String, overwrites: Bool, layers: Set<OverlayLayer>) throws {
    self.path = path
    self.layers = layers
    try OverlaySink.checkOutput(path, overwrites: overwrites)
  }

  /// Refuses a file that is there unless it may be replaced. Devices and pipes are written to as they are.
  static func checkOutput(_ path: String, overwrites: Bool) throws(RecordsError) {
    var isFolder: ObjCBool = false
    guard !overwrites, FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !path.hasPrefix("/dev/") else {
      return
    }
    throw .outputExists(path: path)
  }

  func begin(_ header: StreamHeader) throws { self.header = header }

  func frame(_ record: FrameRecord, picture: Frame?) throws {
    guard let picture else { return }
    try opened(for: picture).write(picture, record)
  }

  /// The encoder, made for the first picture's size.
  private func opened(for picture: Frame) throws -> OverlayVideo {
    if let video { return video }
    let rate = header?.source?.frameRate.map { Rational($0.numerator, $0.denominator) }
    let made = try OverlayVideo(
      path: path, width: picture.width, height: picture.height, timeBase: picture.timeBase, frameRate: rate,
      classes: header?.classes ?? [], layers: layers)
    video = made
    return made
  }

  func end(_ record: EndRecord) throws { try video?.finish() }
}
