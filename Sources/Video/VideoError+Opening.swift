internal import CFFmpeg

extension VideoError {
  /// What a failure to open comes to, told from the kind of input and, for files, from their first bytes.
  static func opening(_ request: MediaRequest, _ options: SourceOptions, status: video_status, message: String) -> VideoError {
    let input = request.input
    switch status {
    case VIDEO_CANCELLED: return .cancelled(input: input)
    case VIDEO_TIMED_OUT: return .timedOut(input: input, seconds: options.timeoutSeconds)
    case VIDEO_OUT_OF_MEMORY where request.descriptor != nil:
      return .noPicture(
        input: input,
        reason: "its header claims more than memory can hold, or it is a list of other files, which a pipe may not open")
    // The demuxers ask for as much memory as a header claims to need, before one picture is allocated.
    case VIDEO_OUTSIDE: return .outsideFolder(input: input, name: message)
    case VIDEO_OUT_OF_MEMORY where !request.isConnection:
      return .noPicture(input: input, reason: "its header claims more than memory can hold")
    case VIDEO_OUT_OF_MEMORY: return .outOfMemory(doing: "opening \(input)")
    case VIDEO_TOO_LARGE: return .tooLarge(input: input, size: message, limit: options.limitText)
    case VIDEO_UNSUPPORTED: return .unsupported(input: input, feature: message.isEmpty ? "its format" : message)
    case VIDEO_NO_VIDEO:
      if let index = options.streamIndex { return .noSuchStream(input: input, index: index) }
      if message.isEmpty && !request.isConnection { return unreadable(request) }
      return .noVideoStream(input: input, streams: message.isEmpty ? "none" : message)
    case VIDEO_NOT_FOUND where !request.isConnection || request.isDevice: return .notFound(input: input)
    case VIDEO_DENIED: return .accessDenied(input: input, reason: message)
    default: break
    }
    if request.isConnection { return .unreachable(input: input, reason: message) }
    switch status {
    case VIDEO_MALFORMED, VIDEO_END, VIDEO_INVALID, VIDEO_DAMAGED: return unreadable(request)
    // Demuxers report nonsense in a header as a failed read too; where the disk gives every byte, it is the file.
    case VIDEO_READ_FAILED where request.descriptor == nil && FileBytes.isReadable(request.path):
      return .noPicture(input: input, reason: "its header does not hold together")
    default: return .readFailed(input: input, reason: message)
    }
  }

  /// Why FFmpeg cannot make anything of a file.
  private static func unreadable(_ request: MediaRequest) -> VideoError {
    // A stream's first bytes are gone; only a file can be looked at again.
    guard request.descriptor == nil, let start = try? FileBytes.read(request.path, atMost: 4096) else {
      return .notVideo(input: request.input)
    }
    if start.isEmpty { return .emptyFile(input: request.input) }
    let brand = start.dropFirst(4).prefix(4)
    let isMP4 = ["ftyp", "moov", "mdat", "wide", "free"].contains { brand.elementsEqual($0.utf8) }
    return isMP4 ? .missingIndex(input: request.input) : .notVideo(input: request.input)
  }
}

extension MediaRequest {
  /// The file's path; the address without FFmpeg's "file:".
  fileprivate var path: String { url.hasPrefix("file:") ? String(url.dropFirst(5)) : url }
}
