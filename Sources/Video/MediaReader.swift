internal import CFFmpeg

/// What FFmpeg is to open, and how.
struct MediaRequest: Sendable {
  /// The input as the person gave it, for messages.
  var input: String
  /// FFmpeg's own address of it; empty where a descriptor is read.
  var url = ""
  /// An open file to read from start to end.
  var descriptor: Int32?
  /// A demuxer's name; nil: found out from the bytes.
  var format: String?
  var libraryOptions: [String: String] = [:]
  var isDevice = false
  /// Over a connection or from a device: it can go away, and its reads have a time-out.
  var isConnection = false
}

/// One opened input with the decoder of its video stream.
///
/// `@unchecked Sendable`: a source keeps its reader behind a lock, so one thread at a time uses it.
final class MediaReader: @unchecked Sendable {
  enum Reading {
    case picture(Picture)
    /// Something could not be read or decoded; reading goes on behind it.
    case damage(String)
    /// A connection or device went away or fell silent.
    case lost(String)
    case end
  }

  private let handle: OpaquePointer
  private let request: MediaRequest
  /// Kept alive, for the input asks it.
  private let interrupt: Interrupt
  private let timeoutSeconds: Double
  private let limitText: String

  /// Opens the input.
  ///
  /// - Throws: `VideoError`, in one sentence about the input as the person gave it.
  init(_ request: MediaRequest, options: SourceOptions) throws(VideoError) {
    try Library.prepare()
    self.request = request
    interrupt = Interrupt(parent: options.cancellation.interrupt)
    timeoutSeconds = request.isConnection ? options.timeoutSeconds : 0
    limitText = options.limitText
    guard let interruptHandle = interrupt.handle else { throw VideoError.outOfMemory(doing: "opening \(request.input)") }
    var message = video_message()
    var handle: OpaquePointer?
    let status = Self.withFace(of: request, options: options, timeoutSeconds: timeoutSeconds) {
      video_input_create(&$0, interruptHandle, &handle, &message)
    }
    guard status == VIDEO_OK, let handle else {
      throw VideoError.opening(request, options, status: status, message: message.string)
    }
    self.handle = handle
  }

  deinit { video_input_destroy(handle) }

  /// The request in the face's terms, valid during the call.
  private static func withFace(
    of request: MediaRequest, options: SourceOptions, timeoutSeconds: Double,
    _ body: (inout video_request) -> video_status
  ) -> video_status {
    let merged = request.libraryOptions.merging(options.libraryOptions) { _, asked in asked }
    let lines = merged.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "\n")
    return request.url.withCString { url in
      lines.withCString { lines in
        (request.format ?? "").withCString { format in
          var face = video_request(
            url: url, descriptor: request.descriptor ?? -1, format: request.format == nil ? nil : format,
            options: merged.isEmpty ? nil : lines, stream: Int32(clamping: options.streamIndex ?? -1),
            threads: Int32(options.decoderThreads), is_device: request.isDevice ? 1 : 0,
            is_connection: request.isConnection ? 1 : 0, timeout_seconds: timeoutSeconds, limits: options.limits)
          return body(&face)
        }
      }
    }
  }

  /// The next picture in order of presentation, or what came instead.
  ///
  /// - Throws: `VideoError` where the input cannot be read any further.
  func next() throws(VideoError) -> Reading {
    var message = video_message()
    var picture: OpaquePointer?
    let status = video_input_next(handle, &picture, &message)
    if let picture { return .picture(Picture(handle: picture)) }
    switch status {
    case VIDEO_END: return .end
    case VIDEO_DAMAGED: return .damage(message.string)
    case VIDEO_UNREACHABLE: return .lost(message.string)
    case VIDEO_TIMED_OUT: return .lost("no picture came within \(timeoutSeconds) s")
    case VIDEO_CANCELLED: throw VideoError.cancelled(input: request.input)
    case VIDEO_OUTSIDE: throw VideoError.outsideFolder(input: request.input, name: message.string)
    // FFmpeg refuses what a damaged file claims to need by the same error as a machine without memory.
    case VIDEO_OUT_OF_MEMORY where !request.isConnection:
      throw VideoError.brokenOff(input: request.input, reason: "a part of it claims more than memory can hold")
    case VIDEO_OUT_OF_MEMORY: throw VideoError.outOfMemory(doing: "decoding \(request.input)")
    case VIDEO_TOO_LARGE: throw VideoError.tooLarge(input: request.input, size: message.string, limit: limitText)
    default: throw VideoError.readFailed(input: request.input, reason: message.string)
    }
  }

  /// Moves to the last point at or before `pts` from which decoding can begin; false if the input cannot.
  func seek(to pts: Int64) -> Bool {
    var message = video_message()
    return video_input_seek(handle, pts, &message) == VIDEO_OK
  }

  var description: video_input_description {
    var description = video_input_description()
    video_input_describe(handle, &description)
    return description
  }

  /// All streams of the container.
  var streams: [StreamInformation] {
    (0..<description.stream_count).compactMap { index in
      var stream = video_stream_description()
      return video_input_describe_stream(handle, index, &stream) == VIDEO_OK ? StreamInformation(stream) : nil
    }
  }
}

extension SourceOptions {
  var limits: video_limits {
    video_limits(maximum_side: Int32(clamping: maximumSide), maximum_pixels: Int64(maximumPixels))
  }

  var limitText: String { "\(maximumSide) on a side or \(maximumPixels) in all" }
}

extension StreamInformation {
  init(_ stream: video_stream_description) {
    self.init(
      index: Int(stream.index), kind: stream.kind.string, codec: stream.codec.string, pixelFormat: stream.pixel_format.string,
      codedWidth: Int(stream.coded_width), codedHeight: Int(stream.coded_height), displayWidth: Int(stream.display_width),
      displayHeight: Int(stream.display_height), pixelAspect: Rational(positive: stream.pixel_aspect), turn: Turn(stream.turn),
      averageRate: Rational(positive: stream.average_rate), timeBase: Rational(stream.time_base),
      duration: stream.duration >= 0 ? stream.duration : nil,
      frameCount: stream.frame_count > 0 ? Int(stream.frame_count) : nil, isCover: stream.is_cover != 0)
  }
}
