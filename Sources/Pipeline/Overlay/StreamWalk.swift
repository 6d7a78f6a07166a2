import Records
import Video

/// The pictures of a video in step with the frame records of a stream, up to the stream's last.
final class StreamWalk {
  let source: any VideoSource
  private let stream: String
  private let videos: [String]
  private let reader: StreamReader
  private let takesOtherSizes: Bool
  private let cancellation: Cancellation
  private var frames: FrameQueue
  private var isFirst = true

  /// - Parameters:
  ///   - stream: The stream's file.
  ///   - videos: The files of the recording in order, as `VideoSources.open` takes them.
  ///   - takesOtherSizes: Whether pictures of another size than the stream's may come.
  /// - Throws: The errors of opening both.
  init(stream: String, videos: [String], takesOtherSizes: Bool = false, cancellation: Cancellation) throws {
    (self.stream, self.videos, self.takesOtherSizes, self.cancellation) = (stream, videos, takesOtherSizes, cancellation)
    reader = try StreamReader(path: stream)
    var options = SourceOptions()
    cancellation.onRequest { [cancel = options.cancellation] in cancel.cancel() }
    options.framesPerSecond = try StreamWalk.frameRate(of: stream)
    source = try VideoSources.open(videos, options: options)
    frames = FrameQueue(reader)
    cancellation.heed()
  }

  /// The stream's header, from the first step on.
  var header: StreamHeader? { reader.header }

  /// The class names met so far.
  var classes: [String] { reader.classes }

  /// The next picture with its record, nil for one that the stream left out.
  ///
  /// - Returns: nil behind the stream's last record, at the video's end and when the run was called off.
  /// - Throws: `PipelineError.otherVideo` where the sizes of both differ and must not; the errors of reading.
  func next() throws -> (picture: Frame, record: FrameRecord?)? {
    while let item = try nextItem() {
      guard case .frame(let picture) = item else { continue }
      guard let upcoming = try frames.advance(to: picture) else { return nil }
      if isFirst, !takesOtherSizes { try checkSize(picture) }
      isFirst = false
      return (picture, upcoming.isPresent ? upcoming.record : nil)
    }
    return nil
  }

  /// The error of a stream and a video that have no frame in common.
  var noCommonFrame: PipelineError { otherVideo("they have no frame in common") }

  private func otherVideo(_ reason: String) -> PipelineError {
    .otherVideo(stream: stream, video: videos.joined(separator: " "), reason: reason)
  }

  private func checkSize(_ picture: Frame) throws {
    guard let width = header?.source?.width, let height = header?.source?.height,
      (width, height) != (picture.width, picture.height)
    else { return }
    throw otherVideo("the stream's pictures are \(width)x\(height) and the video's \(picture.width)x\(picture.height)")
  }

  private func nextItem() throws -> SourceItem? {
    guard !cancellation.isRequested else { return nil }
    do {
      return try source.next()
    } catch {
      // A reading that was called off ends like a video.
      if cancellation.isRequested { return nil }
      throw error
    }
  }

  /// The rate that pictures without times were tracked at.
  private static func frameRate(of stream: String) throws -> Rational? {
    guard stream != "-" else { return nil }
    let reader = try StreamReader(path: stream, keepsFurther: false)
    guard case .header(let header) = try reader.next(), header.source?.kind == "images", let rate = header.source?.frameRate else {
      return nil
    }
    return Rational(rate.numerator, rate.denominator)
  }
}
