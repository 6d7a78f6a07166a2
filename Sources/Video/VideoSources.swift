import Foundation

/// The ways in: from what a person names to a source of frames.
public enum VideoSources {
  /// Opens an input and decodes its first picture.
  ///
  /// - Parameter input: A video or image file; a folder of images, a glob of images or videos (`shots/*.jpg`) or a numbered pattern (`shot_%06d.png`);
  ///   `-` for a stream on standard input; a camera (`/dev/video0`); an address (`rtsp://`, `http://`, `udp://`, `tcp://`, `srt://` …);
  ///   `lavfi:GRAPH` for one of FFmpeg's generators (`lavfi:testsrc=rate=30,realtime`), which stands in for a camera.
  /// - Throws: `VideoError`.
  public static func open(_ input: String, options: SourceOptions = SourceOptions()) throws(VideoError) -> any VideoSource {
    try options.validate()
    switch try InputLocation(input) {
    case .standardInput: return try standardInput(options: options)
    case .special(let path): return try special(path, options: options)
    case .file(let path): return try file(path, options: options)
    case .images(let files):
      guard !files.isEmpty else { throw VideoError.noImages(input: input) }
      return try ImageSequence(files, input: input, options: options)
    case .files(let files): return try joined(files, input: input, options: options)
    case .camera(let path): return try camera(path, options: options)
    case .address(let scheme): return try address(input, scheme: scheme, options: options)
    case .generator(let graph):
      // FFmpeg's generators make pictures without end, as a camera does.
      let request = MediaRequest(input: input, url: graph, format: "lavfi", isConnection: true)
      return try MediaSource(request, kind: .generator, options: options)
    }
  }

  /// The image files that inputs stand for, in order: files, folders, globs and numbered patterns.
  ///
  /// - Returns: nil where they are a video, a camera or another stream.
  /// - Throws: `VideoError` for what is not there, and for pictures and videos named together.
  public static func pictures(of inputs: [String]) throws(VideoError) -> [String]? {
    var files: [String] = []
    var others = 0
    for input in inputs {
      switch try InputLocation(input) {
      case .file(let path) where ImageListing.isImage(path): files.append(path)
      case .images(let paths):
        guard !paths.isEmpty else { throw VideoError.noImages(input: input) }
        files += paths
      default: others += 1
      }
    }
    if others > 0, let picture = files.first { throw VideoError.notJoinable(input: picture) }
    return others > 0 ? nil : files
  }

  /// Opens several files as one recording, in the order given; a single input as `open` does.
  ///
  /// A list of image files is a sequence of pictures.
  ///
  /// - Throws: `VideoError`.
  public static func open(_ inputs: [String], options: SourceOptions = SourceOptions()) throws(VideoError) -> any VideoSource {
    guard inputs.count != 1 else { return try open(inputs[0], options: options) }
    try options.validate()
    var files: [String] = []
    for input in inputs {
      switch try InputLocation(input) {
      case .file(let path): files.append(path)
      case .files(let paths): files += paths
      default: throw VideoError.notJoinable(input: input)
      }
    }
    return try joined(files, input: inputs.joined(separator: " "), options: options)
  }

  /// Files that were named together: pictures, or the parts of a recording.
  private static func joined(_ files: [String], input: String, options: SourceOptions) throws(VideoError) -> any VideoSource {
    if files.allSatisfy(ImageListing.isImage) {
      guard !files.isEmpty else { throw VideoError.noImages(input: input) }
      return try ImageSequence(files, input: input, options: options)
    }
    if let picture = files.first(where: ImageListing.isImage) { throw VideoError.notJoinable(input: picture) }
    guard files.count > 1 else { return try file(files[0], options: options) }
    return try ChainedSource(files, input: input, options: options)
  }

  static func file(_ path: String, options: SourceOptions) throws(VideoError) -> any VideoSource {
    let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? nil
    if size == 0 { throw VideoError.emptyFile(input: path) }
    // FFmpeg does not read pictures of floats, and as a video it shows a JPEG that is cut off as if it were whole.
    if GreyTIFF.isNamed(path) || isJPEG(path) { return try ImageSequence([path], input: path, options: options) }
    // "file:" keeps a name with a colon from being taken for an address; a per cent sign in it is no pattern.
    let request = MediaRequest(input: path, url: "file:" + path, libraryOptions: ["pattern_type": "none"])
    return try MediaSource(request, kind: .file, options: options)
  }

  private static func isJPEG(_ path: String) -> Bool { [".jpg", ".jpeg"].contains { path.lowercased().hasSuffix($0) } }

  /// Whether a file counts as a video in a folder, by its name.
  public static func isVideo(named name: String) -> Bool { ImageListing.isVideo(name) }

  /// The versions of FFmpeg's libraries in use.
  ///
  /// - Throws: `VideoError.noFFmpeg` where a library is missing.
  public static var libraryVersions: String {
    get throws(VideoError) { try Library.description() }
  }

  private static func standardInput(options: SourceOptions) throws(VideoError) -> any VideoSource {
    var status = stat()
    // `< clip.mp4` is a file after all, and can be wound back.
    if fstat(0, &status) == 0, status.st_mode & S_IFMT == S_IFREG { return try file("/dev/stdin", options: options) }
    return try pipe(descriptor: 0, input: "standard input", options: options)
  }

  private static func pipe(descriptor: Int32, input: String, options: SourceOptions) throws(VideoError) -> any VideoSource {
    // What comes through a pipe is nobody's own file: a play list in it may not open others or the network.
    let request = MediaRequest(input: input, descriptor: descriptor, libraryOptions: ["protocol_whitelist": "crypto,data"])
    return try MediaSource(request, kind: .pipe, options: options)
  }

  /// A named pipe, or what `<(command)` of a shell is.
  private static func special(_ path: String, options: SourceOptions) throws(VideoError) -> any VideoSource {
    let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw VideoError.accessDenied(input: path, reason: String(cString: strerror(errno)))
    }
    do throws(VideoError) {
      return DescriptorSource(try pipe(descriptor: descriptor, input: path, options: options), descriptor: descriptor)
    } catch {
      close(descriptor)
      throw error
    }
  }

  private static func address(_ input: String, scheme: String, options: SourceOptions) throws(VideoError) -> any VideoSource {
    var request = MediaRequest(input: input, url: input, isConnection: true)
    // RTP over UDP loses packets without a word; interleaved in the RTSP connection nothing is lost and a dead server is noticed.
    if scheme.hasPrefix("rtsp") { request.libraryOptions["rtsp_flags"] = "prefer_tcp" }
    return try MediaSource(request, kind: .network, options: options)
  }
}

/// What kind of input a name stands for.
enum InputLocation: Equatable {
  case standardInput
  case file(String)
  /// A pipe or another file that can only be read from start to end.
  case special(String)
  case images([String])
  /// Videos that a glob stands for, in natural order.
  case files([String])
  case camera(String)
  case address(scheme: String)
  case generator(String)

  static let schemes: Set<String> = [
    "http", "https", "rtmp", "rtmps", "rtp", "rtsp", "rtsps", "srt", "tcp", "udp",
  ]

  /// - Throws: `VideoError.notFound` and its like.
  init(_ input: String) throws(VideoError) {
    if input == "-" {
      self = .standardInput
    } else if input.hasPrefix("lavfi:") {
      self = .generator(String(input.dropFirst("lavfi:".count)))
    } else if input.hasPrefix("/dev/video") {
      guard FileManager.default.fileExists(atPath: input) else { throw VideoError.notFound(input: input) }
      self = .camera(input)
    } else if let scheme = InputName.scheme(of: input), scheme != "file" {
      guard Self.schemes.contains(scheme) else { throw VideoError.unsupported(input: input, feature: "\(scheme)://") }
      self = .address(scheme: scheme)
    } else {
      self = try Self.onDisk(input.hasPrefix("file://") ? String(input.dropFirst("file://".count)) : input)
    }
  }

  /// A name that exists is taken as it is, even if it looks like a pattern.
  private static func onDisk(_ path: String) throws(VideoError) -> InputLocation {
    var status = stat()
    if stat(path, &status) == 0 {
      switch status.st_mode & S_IFMT {
      case S_IFDIR:
        let files = try ImageListing.folder(path)
        if files.isEmpty, let video = try ImageListing.videos(in: path).first {
          throw VideoError.folderOfVideos(input: path, video: video)
        }
        return .images(files)
      case S_IFREG: return .file(path)
      case S_IFIFO, S_IFCHR, S_IFSOCK: return .special(path)
      default: throw VideoError.accessDenied(input: path, reason: "it is no file, folder or pipe")
      }
    }
    if errno == EACCES { throw VideoError.accessDenied(input: path, reason: String(cString: strerror(EACCES))) }
    if let files = try ImageListing.numbered(path) { return .images(files) }
    if InputName.isGlob(path) {
      let files = ImageListing.matching(path)
      return files.contains(where: ImageListing.isVideo) ? .files(files) : .images(files)
    }
    throw VideoError.notFound(input: path)
  }
}
