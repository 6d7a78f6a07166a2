internal import CFFmpeg
import Synchronization

/// Numbered or named image files, shown one after the other at a given rate.
///
/// The k-th file has the time stamp k, in ticks of one picture; a file that cannot be decoded is an event and leaves its time empty.
final class ImageSequence: VideoSource {
  let information: SourceInformation
  private let cancellation: SourceCancellation
  private let state: Mutex<State>

  /// - Parameter files: In order; not empty.
  /// - Throws: `VideoError` where no file can be decoded.
  init(_ files: [String], input: String, options: SourceOptions) throws(VideoError) {
    cancellation = options.cancellation
    let rate = options.framesPerSecond ?? SourceOptions.defaultImageRate
    let (first, index) = try Self.first(of: files, input: input, options: options)
    information = SourceInformation(files: files.count, input: input, rate: rate, first: first, firstIndex: index)
    // From the beginning even the files before the first picture are read again, for the damage to be told.
    let skipped = options.startSeconds > 0 ? Double(index) + (options.startSeconds * rate.value).rounded(.down) : 0
    state = Mutex(
      State(
        files: files, input: input, options: options,
        timeline: Timeline(information: information, isUnstamped: false, options: options),
        next: Int(min(skipped, Double(files.count)))))
  }

  func next() throws(VideoError) -> SourceItem? {
    if cancellation.isCancelled { return nil }
    return try state.withLock { (state) throws(VideoError) in try state.nextItem() }
  }

  func cancel() { cancellation.cancel() }

  private static func first(of files: [String], input: String, options: SourceOptions) throws(VideoError) -> (Picture, Int) {
    var reason = "there are none"
    for (index, file) in files.enumerated() {
      if options.cancellation.isCancelled { throw VideoError.cancelled(input: input) }
      switch try StoredImage.decode(file, options: options) {
      case .picture(let picture): return (picture, index)
      case .damage(let text): reason = "\(file): \(text)"
      }
    }
    throw VideoError.noPicture(input: input, reason: reason)
  }
}

extension ImageSequence {
  fileprivate struct State {
    let files: [String]
    let input: String
    let options: SourceOptions
    var timeline: Timeline
    /// The file to decode next.
    var next: Int
    var items: ArraySlice<SourceItem> = []

    mutating func nextItem() throws(VideoError) -> SourceItem? {
      while true {
        if let item = items.popFirst() { return item }
        guard next < files.count, !timeline.isFull else { return nil }
        let index = next
        next += 1
        switch try StoredImage.decode(files[index], options: options) {
        case .damage(let text): items.append(timeline.event(.damage, "\(files[index]): \(text)"))
        case .picture(let picture):
          switch timeline.admit(picture, pts: Int64(index)) {
          case .items(let admitted): items.append(contentsOf: admitted)
          case .finished: next = files.count
          }
        }
      }
    }
  }
}

extension SourceInformation {
  fileprivate init(files: Int, input: String, rate: Rational, first: Picture, firstIndex: Int) {
    let stored = first.description
    let stream = StreamInformation(
      index: 0, kind: "video", codec: "images", pixelFormat: stored.pixel_format.string, codedWidth: Int(stored.coded_width),
      codedHeight: Int(stored.coded_height), displayWidth: first.width, displayHeight: first.height,
      pixelAspect: Rational(positive: stored.pixel_aspect), turn: Turn(stored.turn), averageRate: rate, timeBase: rate.inverse,
      duration: Double(files) / rate.value, frameCount: files, isCover: false)
    self.init(
      uri: input, kind: .images, format: "images", isLive: false, width: first.width, height: first.height,
      timeBase: rate.inverse, frameRate: rate, duration: stream.duration, frameCount: files, firstPts: Int64(firstIndex),
      turn: stream.turn, pixelAspect: stream.pixelAspect, streams: [stream], streamIndex: 0)
  }
}
