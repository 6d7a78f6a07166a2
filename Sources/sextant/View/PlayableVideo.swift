import Foundation
import Imaging
import Pipeline
import Records
import Video
import Viewer

/// The video of a page: the file itself where browsers play it and may have it, and a way to a copy that they do play.
struct PlayableVideo: Sendable {
  /// The file itself; nil where browsers do not play it, or contents are hidden: then no page has it.
  let original: PageParts.Video?
  /// What files of tracks may not tell.
  let facts: ViewFiles.VideoFacts
  private let path: String
  private let stream: String
  /// How a file of tracks is read.
  private let reading: BoxTableReader.Options
  private let blurred: BlurredClasses
  private let codec: String

  /// The types of files that browsers open, by extension, and the codecs that they play there.
  private static let types = [
    "mp4": "video/mp4", "m4v": "video/mp4", "mov": "video/mp4", "webm": "video/webm",
  ]
  private static let codecs: Set<String> = ["h264", "vp8", "vp9", "av1"]

  /// - Parameters:
  ///   - imageSize: Of the pictures of a file with shares of it, pixels; nil for the video's.
  ///   - blurred: Whose boxes' contents are hidden.
  /// - Throws: The errors of opening videos.
  init(
    path: String, stream: String, format: BoxFormat?, imageSize: (width: Double, height: Double)?, blurred: BlurredClasses
  ) throws {
    (self.path, self.stream, self.blurred) = (path, stream, blurred)
    let information = try VideoSources.open(path).information
    var reading = BoxTableReader.Options(format: format)
    reading.images.size = imageSize ?? (Double(information.width), Double(information.height))
    self.reading = reading
    facts = ViewFiles.VideoFacts(
      width: information.width, height: information.height, framesPerSecond: information.frameRate.map(\.value))
    codec = information.streams.first { $0.index == information.streamIndex }?.codec ?? ""
    let suffix = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
    let isPlayed = blurred == .none && PlayableVideo.codecs.contains(codec)
    original = isPlayed ? PlayableVideo.types[suffix].map { PageParts.Video(path: path, type: $0) } : nil
  }

  /// Makes an H.264 copy of the frames that the stream describes, with their time stamps; it goes with the program.
  ///
  /// - Returns: The copy, and what a user should know.
  /// - Throws: The errors of reading and writing videos.
  func copy(progress: (Double) -> Void) throws -> (video: PageParts.Video, warnings: [String]) {
    let described = try DescribedStream(stream, reading)
    let place = FileManager.default.temporaryDirectory.appendingPathComponent("sextant-\(UUID().uuidString).mp4").path
    var rendering = StreamRendering(stream: described.path, videos: [path], output: place, layers: [], blurred: blurred)
    // The page says that the sizes differ. What is to be hidden has its place in pictures of the stream's size alone.
    rendering.takesOtherSizes = blurred == .none
    // A signal ends the program at once, and the unfinished file with it.
    var warnings = try rendering.run(cancellation: Cancellation()) { progress($0.share ?? 0) }.warnings
    let file = try NamelessFile(taking: place)
    if blurred == .none {
      let kind = codec.isEmpty ? "it" : codec
      warnings.append("\(path): browsers do not play \(kind) in this file; it was made H.264 anew for the page")
    }
    return (PageParts.Video(path: file.path, type: "video/mp4"), warnings)
  }

  /// Lays all pictures together, for beneath the map.
  ///
  /// - Returns: The mosaic, and what a user should know.
  /// - Throws: The errors of reading streams and videos.
  func mosaic(progress: (Double) -> Void) throws -> (mosaic: PageMosaic, warnings: [String]) {
    let described = try DescribedStream(stream, reading)
    var rendering = MosaicRendering(stream: described.path, videos: [path], blurred: blurred)
    rendering.mostPixels = PlayableVideo.mostMosaicPixels
    guard let mosaic = try rendering.mosaic(cancellation: Cancellation(), progress: { progress($0.share ?? 0) }) else {
      throw CancellationError()
    }
    let jpeg = try ImageFile.jpeg(mosaic.image, quality: PlayableVideo.mosaicQuality)
    return (PageMosaic(jpeg: jpeg, place: mosaic.place, origin: mosaic.origin), mosaic.warnings)
  }

  /// Of a page's mosaic: four times the pixels of a large screen, so that a brush can be set exactly.
  private static let mostMosaicPixels = 8_000_000.0
  private static let mosaicQuality = 85

  // MARK: In a served page

  /// What a served page has, and what is made for it while it is open.
  ///
  /// - Parameters:
  ///   - laysMosaic: Whether the mosaic is begun at once, as a copy is where the page has no other video; else when the page asks for it.
  ///   - isQuiet: Whether only the page tells of warnings and errors.
  func parts(laysMosaic: Bool, isQuiet: Bool) -> PageParts {
    let copy = PagePart { progress in
      try PlayableVideo.warning(isQuiet) { try self.copy(progress: progress) }
    }
    let mosaic = PagePart { progress in
      try PlayableVideo.warning(isQuiet) { try self.mosaic(progress: progress) }
    }
    if original == nil { copy.start() }
    if laysMosaic { mosaic.start() }
    return PageParts(video: original, copy: copy, mosaic: mosaic)
  }

  /// What work made; its warnings and errors are told.
  private static func warning<Made>(_ isQuiet: Bool, _ work: () throws -> (Made, warnings: [String])) throws -> Made {
    do {
      let (made, warnings) = try work()
      if !isQuiet { warnings.forEach(StandardError.warn) }
      return made
    } catch {
      StandardError.warn("\(error)")
      throw error
    }
  }

  // MARK: In a page that is written

  /// How a page that is written finds the video: within itself, or by its place; not at all where a copy is needed and the video is not the
  /// stream's, for map and lanes are still wanted.
  ///
  /// - Returns: The video, and what a user should know.
  func forPage(at page: String) throws -> (video: ViewPage.Video, warnings: [String]) {
    if let original {
      let isSmall = PlayableVideo.size(original.path) ?? .max <= ViewPage.greatestEmbeddedVideo
      return (isSmall ? try embedded(original) : .linked(address(from: page)), [])
    }
    let (copy, warnings): (PageParts.Video, [String])
    do {
      (copy, warnings) = try self.copy { _ in }
    } catch let error as PipelineError {
      guard case .otherVideo = error else { throw error }
      return (.none, ["\(error); the page has no pictures"])
    }
    // A page that names the original would show what is to be hidden, or what no browser plays.
    guard PlayableVideo.size(copy.path) ?? .max <= ViewPage.greatestEmbeddedVideo else { throw CommandError.usage(tooLarge) }
    return (try embedded(copy), warnings)
  }

  private static func size(_ path: String) -> Int? {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : nil
  }

  private func embedded(_ video: PageParts.Video) throws -> ViewPage.Video {
    guard let bytes = FileManager.default.contents(atPath: video.path) else {
      throw RecordsError.cannotOpen(path: video.path, reason: "it cannot be read")
    }
    return .embedded(bytes, type: video.type)
  }

  private var tooLarge: String {
    let limit = ViewPage.greatestEmbeddedVideo / 1_000_000
    return "the copy of \(path) that was made for the page has more than \(limit) MB and cannot stand in it:"
      + " serve the page, or write the video by 'sextant render --layers none' and name that"
  }

  /// Relative to the page where the video lies in its folder or below, else the whole path.
  private func address(from page: String) -> String {
    let video = URL(fileURLWithPath: path).standardizedFileURL
    let folder = URL(fileURLWithPath: page).standardizedFileURL.deletingLastPathComponent().absoluteString
    let whole = video.absoluteString
    return whole.hasPrefix(folder) ? String(whole.dropFirst(folder.count)) : whole
  }
}
