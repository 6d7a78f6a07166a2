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

  /// - Parameter blurred: Whose boxes' contents are hidden, in a copy: the page never has the video itself then.
  /// - Throws: The errors of opening, reading and writing videos.
  init(path: String, stream: String, blurred: BlurredClasses) throws {
    original = path
    let information = try VideoSources.open(path).information
    let codec = information.streams.first { $0.index == information.streamIndex }?.codec ?? ""
    let suffix = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
    if blurred == .none, let type = PlayableVideo.types[suffix], PlayableVideo.codecs.contains(codec) {
      (self.path, self.type, isCopy) = (path, type, false)
      return
    }
    let copy = try PlayableVideo.copy(of: path, stream: stream, blurred: blurred)
    (self.path, type, isCopy, warnings) = (copy.path, "video/mp4", true, copy.warnings)
    guard blurred == .none else { return }
    warnings = ["\(path): browsers do not play \(codec.isEmpty ? "it" : codec) in this file; it was made H.264 anew for the page"]
  }

  /// An H.264 copy of the frames that the stream describes. Its name is taken away at once, so that it goes with the program however that
  /// ends; the open file stays.
  private static func copy(
    of path: String, stream: String, blurred: BlurredClasses
  ) throws -> (path: String, warnings: [String]) {
    let place = FileManager.default.temporaryDirectory.appendingPathComponent("sextant-\(UUID().uuidString).mp4").path
    let described = try DescribedStream(stream)
    defer { described.remove() }
    let rendering = StreamRendering(stream: described.path, videos: [path], output: place, layers: [], blurred: blurred)
    let cancellation = Cancellation()
    SignalWatch.cancel(cancellation)
    defer {
      unlink(place)
      // From here on there is nothing to complete: a signal ends the program at once.
      SignalWatch.cancel(Cancellation())
    }
    let warnings = try rendering.run(cancellation: cancellation).warnings
    if cancellation.isRequested { throw ExitStatus.interrupted.exitCode }
    let descriptor = open(place, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw RecordsError.cannotOpen(path: place, reason: String(cString: strerror(errno))) }
    return ("/proc/self/fd/\(descriptor)", warnings)
  }

  /// How a page that is written finds the video: within itself, or by its place.
  func forPage(at page: String) throws -> ViewPage.Video {
    var status = stat()
    guard stat(path, &status) == 0, Int(status.st_size) <= ViewPage.greatestEmbeddedVideo else {
      // A page that names the original would show what is to be hidden, or what no browser plays.
      guard !isCopy else { throw CommandError.usage(PlayableVideo.tooLarge(original)) }
      return .linked(address(from: page))
    }
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw RecordsError.cannotOpen(path: path, reason: "it cannot be read")
    }
    return .embedded(bytes, type: type)
  }

  private static func tooLarge(_ video: String) -> String {
    let limit = ViewPage.greatestEmbeddedVideo / 1_000_000
    return "the copy of \(video) that was made for the page has more than \(limit) MB and cannot stand in it:"
      + " serve the page, or write the video by 'sextant render --layers none' and name that"
  }

  /// Relative to the page where the video lies in its folder or below, else the whole path.
  private func address(from page: String) -> String {
    let video = URL(fileURLWithPath: original).standardizedFileURL
    let folder = URL(fileURLWithPath: page).standardizedFileURL.deletingLastPathComponent().absoluteString
    let whole = video.absoluteString
    return whole.hasPrefix(folder) ? String(whole.dropFirst(folder.count)) : whole
  }
}

/// The stream that tells of a video's frames: the file itself, or one made of a file of tracks for as long as it is needed.
private struct DescribedStream {
  let path: String
  private let isMade: Bool

  /// - Throws: `RecordsError` for a file of tracks that cannot be read.
  init(_ file: String) throws {
    isMade = StreamHeader.read(path: file) == nil
    guard isMade else {
      path = file
      return
    }
    path = FileManager.default.temporaryDirectory.appendingPathComponent("sextant-\(UUID().uuidString).ndjson").path
    // Frames are matched by their numbers, so any rate does.
    _ = try BoxTableWriter.write(try BoxTableReader.read(path: file), as: .sextant, path: path)
  }

  func remove() { if isMade { unlink(path) } }
}
