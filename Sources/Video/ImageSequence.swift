internal import CFFmpeg
import Synchronization

/// Numbered or named image files, shown one after the other at a given rate.
///
/// A file's place (`ImageNumbers`) is its time stamp, in ticks of one picture, and its frame number. A file that cannot be decoded is an
/// event and leaves its time and number empty.
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
    let places = ImageNumbers.places(of: files)
    let end = (places.last ?? 0) + 1
    var information = SourceInformation(
      files: files.count, end: end, input: input, rate: rate, first: first, firstPlace: places[index])
    information.notes = Self.notes(files, input: input, missing: end - files.count)
    self.information = information
    // From the beginning even the files before the first picture are read again, for the damage to be told.
    let skipped = options.startSeconds > 0 ? Double(places[index]) + (options.startSeconds * rate.value).rounded(.down) : 0
    // Bounded: by the end.
    let wanted = Int(min(skipped, Double(end)))
    state = Mutex(
      State(
        files: files, places: places, options: options,
        timeline: Timeline(information: information, isUnstamped: false, options: options),
        next: places.firstIndex { $0 >= wanted } ?? files.count))
  }

  func next() throws(VideoError) -> SourceItem? {
    if cancellation.isCancelled { return nil }
    return try state.withLock { (state) throws(VideoError) in try state.nextItem() }
  }

  func cancel() { cancellation.cancel() }

  private static func notes(_ files: [String], input: String, missing: Int) -> [String] {
    var notes: [String] = []
    if files.count == 1, files[0] != input { notes.append("there is one picture only, so nothing can be seen to move") }
    if missing > 0 {
      notes.append(
        "\(missing) \(missing == 1 ? "number has" : "numbers have") no picture; their time and frame number are left empty")
    }
    let videos = ImageListing.isFolder(input) ? (try? ImageListing.videos(in: input)) ?? [] : []
    if let video = videos.first {
      notes.append(
        "of this folder only the pictures are taken; \(videos.count == 1 ? "it holds a video" : "it holds \(videos.count) videos") too,"
          + " such as \(video)")
    }
    return notes
  }

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
    /// Of each file, from 0.
    let places: [Int]
    let options: SourceOptions
    var timeline: Timeline
    /// The place of frame 0: that of the first wanted picture, or the sequence's beginning.
    var firstPlace: Int?
    /// The file to decode next.
    var next: Int
    var items: ArraySlice<SourceItem> = []

    mutating func nextItem() throws(VideoError) -> SourceItem? {
      while true {
        if let item = items.popFirst() { return item }
        guard next < files.count, !timeline.isFull else { return nil }
        let index = next
        next += 1
        try take(try StoredImage.decode(files[index], options: options), at: index)
      }
    }

    private mutating func take(_ decoded: StoredImage.Decoded, at index: Int) throws(VideoError) {
      let origin = firstPlace ?? (options.startSeconds > 0 && !options.numbersWholeInput ? places[index] : 0)
      switch decoded {
      case .damage(let text):
        timeline.skip(to: places[index] - origin)
        items.append(timeline.event(.damage, "\(files[index]): \(text)", at: Int64(places[index])))
      case .picture(let picture):
        switch timeline.admit(picture, pts: Int64(places[index]), place: places[index] - origin) {
        case .items(let admitted):
          if !admitted.isEmpty { firstPlace = origin }
          items.append(contentsOf: admitted.map { named($0, files[index]) })
        case .finished: next = files.count
        }
      }
    }

    /// An event with the name of the file that it is about.
    private func named(_ item: SourceItem, _ file: String) -> SourceItem {
      guard case .event(var event) = item, event.kind == .damage else { return item }
      event.detail = "\(file): \(event.detail)"
      return .event(event)
    }
  }
}

extension SourceInformation {
  /// - Parameter end: The place behind the last picture's.
  fileprivate init(files: Int, end: Int, input: String, rate: Rational, first: Picture, firstPlace: Int) {
    let stored = first.description
    let stream = StreamInformation(
      index: 0, kind: "video", codec: "images", pixelFormat: stored.pixel_format.string, codedWidth: Int(stored.coded_width),
      codedHeight: Int(stored.coded_height), displayWidth: first.width, displayHeight: first.height,
      pixelAspect: Rational(positive: stored.pixel_aspect), turn: Turn(stored.turn), averageRate: rate, timeBase: rate.inverse,
      duration: Double(end) / rate.value, frameCount: files, isCover: false)
    self.init(
      uri: input, kind: .images, format: "images", isLive: false, width: first.width, height: first.height,
      timeBase: rate.inverse, frameRate: rate, isUntimed: true, duration: stream.duration, frameCount: files,
      firstPts: Int64(firstPlace),
      turn: stream.turn, pixelAspect: stream.pixelAspect, valueRange: first.measuredRange, streams: [stream], streamIndex: 0)
  }
}
