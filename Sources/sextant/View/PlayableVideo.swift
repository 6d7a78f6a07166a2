import Foundation
import Pipeline
import Records
import Video
import Viewer

/// A video as a browser plays it: the file itself, or an H.264 copy with the same stamps that goes with the program.
struct PlayableVideo: Sendable {
  /// Where it is read.
  let path: String
  let type: String
  /// What a user should know.
  private(set) var warnings: [String] = []
  private let original: String
  private let isCopy: Bool

  /// The types of files that browsers open, by extension, and the codecs that they play there.
  private static let types = [
    "mp4": "video/mp4", "m4v": "video/mp4", "mov": "video/mp4", "webm": "video/webm",
  ]
  private static let codecs: Set<String> = ["h264", "vp8", "vp9", "av1"]

  /// - Throws: The errors of opening, reading and writing videos.
  init(path: String, stream: String) throws {
    original = path
    let information = try VideoSources.open(path).information
    let codec = information.streams.first { $0.index == information.streamIndex }?.codec ?? ""
    let suffix = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
    if let type = PlayableVideo.types[suffix], PlayableVideo.codecs.contains(codec) {
      (self.path, self.type, isCopy) = (path, type, false)
      return
    }
    (self.path, type, isCopy) = (try PlayableVideo.copy(of: path, stream: stream), "video/mp4", true)
    warnings = ["\(path): browsers do not play \(codec.isEmpty ? "it" : codec) in this file; it was made H.264 anew for the page"]
  }

  /// An H.264 copy of the frames that the stream describes. Its name is taken away at once, so that it goes with the program however that
  /// ends; the open file stays.
  private static func copy(of path: String, stream: String) throws -> String {
    let place = FileManager.default.temporaryDirectory.appendingPathComponent("sextant-\(UUID().uuidString).mp4").path
    let rendering = StreamRendering(stream: stream, videos: [path], output: place, layers: [])
    let cancellation = Cancellation()
    SignalWatch.cancel(cancellation)
    defer {
      unlink(place)
      // From here on there is nothing to complete: a signal ends the program at once.
      SignalWatch.cancel(Cancellation())
    }
    try rendering.run(cancellation: cancellation)
    if cancellation.isRequested { throw ExitStatus.interrupted.exitCode }
    let descriptor = open(place, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw RecordsError.cannotOpen(path: place, reason: String(cString: strerror(errno))) }
    return "/proc/self/fd/\(descriptor)"
  }

  /// How a page that is written finds the video: within itself, or by its place.
  func forPage(at page: String) throws -> ViewPage.Video {
    var status = stat()
    guard stat(path, &status) == 0, Int(status.st_size) <= ViewPage.greatestEmbeddedVideo else {
      return .linked(address(from: page))
    }
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw RecordsError.cannotOpen(path: path, reason: "it cannot be read")
    }
    return .embedded(bytes, type: type)
  }

  /// Relative to the page where the video lies in its folder or below, else the whole path.
  private func address(from page: String) -> String {
    let video = URL(fileURLWithPath: original).standardizedFileURL
    let folder = URL(fileURLWithPath: page).standardizedFileURL.deletingLastPathComponent().absoluteString
    let whole = video.absoluteString
    return whole.hasPrefix(folder) ? String(whole.dropFirst(folder.count)) : whole
  }
}
