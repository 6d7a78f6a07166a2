import Foundation
import Records
import Video

/// A video that is being written: under a temporary name until it is whole, or, of a live input, growing under its own.
final class VideoFile {
  let encoder: VideoEncoder
  private var partial: (file: PartialFile, descriptor: Int32)?

  /// - Parameters:
  ///   - grows: Whether the file can be played up to its last second at any time, also after the program was killed.
  /// - Throws: `PipelineError.noContainer`; `RecordsError` and `VideoError` where the file cannot be made.
  init(
    path: String, overwrites: Bool, grows: Bool, width: Int, height: Int, timeBase: Rational, settings: VideoEncoder.Settings
  ) throws {
    guard let container = VideoContainer(path: path) else { throw PipelineError.noContainer(path: path, role: "the video") }
    var settings = settings
    settings.format = container.format
    settings.isFragmented = grows
    guard !grows else {
      try PartialFile.checkName(path, overwrite: overwrites)
      encoder = try VideoEncoder(path: path, width: width, height: height, timeBase: timeBase, settings: settings)
      return
    }
    let file = PartialFile(path: path, overwrite: overwrites)
    let descriptor = try file.create()
    do {
      encoder = try VideoEncoder(path: file.temporaryPath, width: width, height: height, timeBase: timeBase, settings: settings)
    } catch {
      file.discard()
      close(descriptor)
      throw error
    }
    partial = (file, descriptor)
  }

  deinit {
    guard let partial else { return }
    partial.file.discard()
    close(partial.descriptor)
  }

  /// Completes the file and gives it its name; one that cannot be completed is removed, and stays so whatever is called later.
  func finish() throws {
    do {
      try encoder.finish()
    } catch {
      if let partial {
        self.partial = nil
        partial.file.discard()
        close(partial.descriptor)
      }
      throw error
    }
    guard let partial else { return }
    self.partial = nil
    try partial.file.publish(partial.descriptor)
  }
}
