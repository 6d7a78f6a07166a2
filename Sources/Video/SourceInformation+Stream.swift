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
    // A web server sends files as well as endless streams: what has a length or can be wound back is a file.
    let isRecording = kind == .network && (duration != nil || container.is_seekable != 0)
    self.init(
      uri: InputName.withoutPassword(request.input), kind: kind, format: container.format.string,
      isLive: request.isConnection && !isRecording, width: first.width, height: first.height,
      timeBase: chosen?.timeBase ?? Rational(1, 1_000_000),
      frameRate: isUnstamped ? options.framesPerSecond ?? chosen?.averageRate : chosen?.averageRate, duration: duration,
      frameCount: chosen?.frameCount, firstPts: isUnstamped ? 0 : first.pts ?? 0, turn: Turn(first.description.turn),
      pixelAspect: Rational(positive: first.description.pixel_aspect), streams: streams, streamIndex: Int(container.stream))
  }
}
