import Synchronization

/// A source that FFmpeg opens: a file, a stream on a descriptor, a camera, a connection or a generator.
///
/// A live one that goes away is opened again, with growing pauses, until `giveUpSeconds` have passed.
final class MediaSource: VideoSource {
  let information: SourceInformation
  private let cancellation: SourceCancellation
  private let state: Mutex<State>

  /// Opens the input and decodes its first picture.
  ///
  /// - Throws: `VideoError`.
  init(_ request: MediaRequest, kind: SourceInformation.Kind, options: SourceOptions) throws(VideoError) {
    cancellation = options.cancellation
    var opened = try OpenedStream(request, kind: kind, options: options)
    information = opened.information
    let promised = opened.promisedSeconds
    if options.startSeconds > 0, !options.numbersWholeInput {
      try opened.seek(to: options.startSeconds, request: request, options: options)
    }
    state = Mutex(State(request: request, options: options, opened: opened, promisedSeconds: promised))
  }

  func next() throws(VideoError) -> SourceItem? {
    try state.withLock { (state) throws(VideoError) in try state.nextUntilEnd() }
  }

  func cancel() { cancellation.cancel() }
}

/// An input with its first picture decoded.
struct OpenedStream {
  private(set) var reader: MediaReader
  let information: SourceInformation
  let isUnstamped: Bool
  /// What was read but not yet delivered.
  private(set) var pending: [MediaReader.Reading]

  /// FFmpeg's names of formats that hold pictures one after the other and nothing else: the times that it gives them are guesses of its own.
  private static let bareFormats: Set<String> = [
    "mjpeg", "h264", "hevc", "m4v", "mpegvideo", "obu", "vc1", "cavsvideo", "dirac",
  ]

  /// Whether a format is one of them, or one of FFmpeg's many for pictures in a row (`png_pipe`, `jpeg_pipe`, `webp_pipe`).
  private static func isBare(_ format: String) -> Bool { bareFormats.contains(format) || format.hasSuffix("_pipe") }

  init(_ request: MediaRequest, kind: SourceInformation.Kind, options: SourceOptions) throws(VideoError) {
    reader = try MediaReader(request, options: options)
    pending = try Self.readFirst(reader, request: request, options: options)
    guard case .picture(let first)? = pending.last else {
      throw VideoError.noPicture(input: request.input, reason: "it ended early")
    }
    let container = reader.description
    isUnstamped = container.is_unstamped != 0 || (!request.isConnection && Self.isBare(container.format.string))
    information = SourceInformation(
      request, kind: kind, reader: reader, first: first, isUnstamped: isUnstamped, options: options)
  }

  /// Reads up to the first picture, which comes last, after the damage before it.
  private static func readFirst(
    _ reader: MediaReader, request: MediaRequest, options: SourceOptions
  ) throws(VideoError) -> [MediaReader.Reading] {
    var read: [MediaReader.Reading] = []
    var reason = "it holds none"
    while true {
      let reading = try reader.next()
      switch reading {
      case .picture: return read + [reading]
      case .damage(let text):
        reason = text
        // One event stands for all: a stream joined in the middle has any number of pictures that cannot be decoded.
        if read.isEmpty { read.append(reading) }
      case .end:
        // An MP4 reader that cannot go back finds the pictures gone when it reaches the index.
        let isRewound = request.descriptor != nil && reader.description.format.string.contains("mp4")
        throw isRewound
          ? VideoError.indexBehindData(input: request.input) : VideoError.noPicture(input: request.input, reason: reason)
      case .lost(let text):
        throw request.isConnection
          ? VideoError.timedOut(input: request.input, seconds: options.timeoutSeconds)
          : VideoError.readFailed(input: request.input, reason: text)
      }
    }
  }

  /// Jumps close to a time, if the input can; otherwise leaves everything to be read from the beginning.
  mutating func seek(to seconds: Double, request: MediaRequest, options: SourceOptions) throws(VideoError) {
    guard reader.description.is_seekable != 0, !isUnstamped, !information.isLive else { return }
    let target = information.firstPts &+ information.timeBase.ticks(seconds)
    // Containers find key frames by decoding order or roughly, so the first picture can lie behind the target: then look earlier.
    for margin in [0, 2, 10] where Double(margin) < seconds {
      guard reader.seek(to: target &- information.timeBase.ticks(Double(margin))) else { break }
      let read = try? Self.readFirst(reader, request: request, options: options)
      if let read, case .picture(let first)? = read.last, let pts = first.pts, pts <= target {
        pending = [read[read.count - 1]]
        return
      }
    }
    reader = try MediaReader(request, options: options)
    pending = []
  }

  /// How long the file says that its pictures last, in seconds; nil where it does not say, or where it is a live input.
  var promisedSeconds: Double? {
    guard information.kind == .file, !information.isLive, !isUnstamped, reader.description.is_duration_guessed == 0,
      let whole = information.duration
    else { return nil }
    if let own = information.streams.first(where: { $0.index == information.streamIndex })?.duration { return min(own, whole) }
    // The duration of the whole file may be that of its sound.
    return information.streams.count == 1 ? whole : nil
  }

  mutating func takePending() -> [MediaReader.Reading] {
    defer { pending = [] }
    return pending
  }
}

extension MediaSource {
  /// What changes from call to call.
  fileprivate struct State: SourceState {
    let request: MediaRequest
    let options: SourceOptions
    let kind: SourceInformation.Kind
    let isLive: Bool
    var reader: MediaReader?
    var timeline: Timeline
    /// Read but not yet turned into items, and items not yet delivered; both in order.
    var pending: ArraySlice<MediaReader.Reading>
    var items: ArraySlice<SourceItem> = []
    var outage: Outage?
    var lastArrival = ContinuousClock.now
    var isFinished = false
    /// How long the file says that its pictures last.
    let promisedSeconds: Double?

    /// A file whose pictures end so much before their promised end was cut off, in seconds; by less, its streams or its header's
    /// roundings may differ.
    private static let shortfall = 1.0

    init(request: MediaRequest, options: SourceOptions, opened: OpenedStream, promisedSeconds: Double?) {
      var opened = opened
      self.promisedSeconds = promisedSeconds
      self.request = request
      self.options = options
      kind = opened.information.kind
      isLive = opened.information.isLive
      reader = opened.reader
      timeline = Timeline(information: opened.information, isUnstamped: opened.isUnstamped, options: options)
      pending = opened.takePending()[...]
    }

    mutating func finish() {
      isFinished = true
      reader = nil
      pending = []
    }

    mutating func next() throws(VideoError) -> SourceItem? {
      while true {
        if options.cancellation.isCancelled { throw VideoError.cancelled(input: request.input) }
        if let item = items.popFirst() { return item }
        if isFinished { return nil }
        if timeline.isFull {
          finish()
          continue
        }
        if outage != nil {
          try resume()
          continue
        }
        guard let reader else { return nil }
        if let reading = pending.popFirst() { try take(reading) } else { try take(reader.next()) }
      }
    }

    private mutating func take(_ reading: MediaReader.Reading) throws(VideoError) {
      switch reading {
      case .picture(let picture):
        if isLive { lastArrival = .now }
        switch timeline.admit(picture) {
        case .items(let admitted): items.append(contentsOf: admitted)
        case .finished: finish()
        }
      case .damage(let text):
        if timeline.seconds >= options.startSeconds { items.append(timeline.event(.damage, text)) }
      case .end:
        if isLive && options.giveUpSeconds > 0 {
          lose("the sender ended")
        } else {
          finish()
          if let event = earlyEnd { items.append(event) }
        }
      case .lost(let reason):
        guard isLive && options.giveUpSeconds > 0 else {
          throw VideoError.lost(input: request.input, seconds: 0, reason: reason)
        }
        lose(reason)
      }
    }

    /// What there is to say where a file's pictures end before their time.
    private var earlyEnd: SourceItem? {
      guard let promisedSeconds, timeline.endSeconds < promisedSeconds - Self.shortfall else { return nil }
      return timeline.event(
        .damage,
        "the pictures end after \(timeline.endSeconds.tenths) s, though the file says that they last \(promisedSeconds.tenths) s")
    }

    // MARK: - Going away and coming back

    private mutating func lose(_ reason: String) {
      reader = nil
      pending = []
      outage = Outage(reason: reason)
      items.append(timeline.event(.lost, reason))
    }

    /// Waits, then tries to open the input again; the outage ends, goes on, or has lasted too long.
    private mutating func resume() throws(VideoError) {
      guard var outage else { return }
      let left = options.giveUpSeconds - outage.elapsedSeconds
      guard left > 0 else {
        throw VideoError.lost(input: request.input, seconds: options.giveUpSeconds, reason: outage.reason)
      }
      try outage.pause(atMost: left, cancellation: options.cancellation, input: request.input)
      self.outage = outage
      var hasty = options
      hasty.timeoutSeconds = max(0.1, min(options.timeoutSeconds, options.giveUpSeconds - outage.elapsedSeconds))
      do throws(VideoError) {
        var opened = try OpenedStream(request, kind: kind, options: hasty)
        timeline.resume(
          information: opened.information, isUnstamped: opened.isUnstamped,
          elapsed: (ContinuousClock.now - lastArrival).inSeconds)
        items.append(timeline.event(.found, "the source is back"))
        reader = opened.reader
        pending = opened.takePending()[...]
        self.outage = nil
      } catch {
        if case .cancelled = error { throw error }
        self.outage?.reason = error.description
      }
    }
  }

  /// A live input's absence.
  fileprivate struct Outage {
    var reason: String
    private let began = ContinuousClock.now
    private var nextPause = 0.25
    private static let longestPause = 8.0

    init(reason: String) { self.reason = reason }

    var elapsedSeconds: Double { (ContinuousClock.now - began).inSeconds }

    /// Waits twice as long as the time before, in short steps so that a cancellation is seen.
    mutating func pause(atMost limit: Double, cancellation: SourceCancellation, input: String) throws(VideoError) {
      let end = ContinuousClock.now + .seconds(min(nextPause, limit))
      nextPause = min(nextPause * 2, Self.longestPause)
      while ContinuousClock.now < end {
        if cancellation.isCancelled { throw VideoError.cancelled(input: input) }
        Pause.milliseconds(20)
      }
    }
  }
}

extension Duration {
  var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}

extension Double {
  /// With one decimal, for messages.
  fileprivate var tenths: String { ((self * 10).rounded() / 10).description }
}
