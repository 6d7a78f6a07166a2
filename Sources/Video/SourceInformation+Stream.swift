internal import CFFmpeg

extension SourceInformation {
  /// What FFmpeg knows of an input, made exact by its first picture.
  init(
    _ request: MediaRequest, kind: Kind, reader: MediaReader, first: Picture, isUnstamped: Bool, options: SourceOptions
  ) {
    let container = reader.description
    let streams = reader.streams
    let chosen = streams.first { $0.index == Int(container.stream) }
    let duration = container.duration >= 0 ? container.duration : chosen?.duration
    // Ticks that the given rate has whole numbers of: FFmpeg's own are those of the rate that it made up.
    let given = isUnstamped ? options.framesPerSecond : nil
    let isLive = request.isConnection && !Self.isRecording(request, kind: kind, container: container)
    self.init(
      uri: InputName.withoutPassword(request.input), kind: kind, format: container.format.string,
      isLive: isLive, width: first.width, height: first.height,
      timeBase: given?.inverse ?? chosen?.timeBase ?? Rational(1, 1_000_000),
      frameRate: given ?? chosen?.averageRate, isUntimed: isUnstamped,
      // A number that FFmpeg gives for a stream without an end is a guess from its first pictures.
      duration: isLive ? nil : duration,
      frameCount: isLive ? nil : chosen?.frameCount, firstPts: isUnstamped ? 0 : first.pts ?? 0, turn: Turn(first.description.turn),
      pixelAspect: Rational(positive: first.description.pixel_aspect), valueRange: first.measuredRange, streams: streams,
      streamIndex: Int(container.stream))
  }

  /// Whether a connection brings something that has an end: a file on a web server, a finished broadcast.
  private static func isRecording(_ request: MediaRequest, kind: Kind, container: video_input_description) -> Bool {
    guard kind == .network, let scheme = InputName.scheme(of: request.input) else { return false }
    let isPlayList = ["hls", "dash"].contains { container.format.string.contains($0) }
    return switch scheme {
    case "http", "https": isPlayList ? container.duration >= 0 : container.byte_count > 0
    case "rtsp", "rtsps", "rtmp", "rtmps": container.duration >= 0
    default: false
    }
  }
}
