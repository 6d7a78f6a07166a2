import Synchronization

/// Several files that are one recording: the chapters of an action camera, the segments of a video recorder.
///
/// Frame numbers and time go on from file to file, a picture's length behind the last one, and so do the time stamps, in ticks of the
/// first file. A `source` event marks where each file begins.
final class ChainedSource: VideoSource {
  let information: SourceInformation
  private let cancellation: SourceCancellation
  private let state: Mutex<State>

  /// Opens every file once, so that one that cannot be read is told before any work is done.
  ///
  /// - Parameters:
  ///   - files: In the order of the recording; not empty.
  ///   - input: What the person named.
  /// - Throws: `VideoError` for the first file that cannot be opened.
  init(_ files: [String], input: String, options: SourceOptions) throws(VideoError) {
    cancellation = options.cancellation
    var plain = options
    (plain.startSeconds, plain.endSeconds, plain.maximumFrames) = (0, nil, nil)
    var parts: [Part] = []
    for file in files { parts.append(Part(file, try VideoSources.file(file, options: plain).information)) }
    guard var whole = parts.first?.information else { throw VideoError.noImages(input: input) }
    let durations = parts.compactMap(\.information.duration)
    let counts = parts.compactMap(\.information.frameCount)
    whole.uri = input
    whole.duration = durations.count == parts.count ? durations.reduce(0, +) : nil
    whole.frameCount = counts.count == parts.count ? counts.reduce(0, +) : nil
    let sizes = parts.map { ($0.information.width, $0.information.height) }
    if let other = sizes.firstIndex(where: { $0 != sizes[0] }) {
      whole.notes.append(
        "\(files[other]) has pictures of \(sizes[other].0)x\(sizes[other].1), the first file of \(sizes[0].0)x\(sizes[0].1);"
          + " positions are in the pixels of each")
    }
    information = whole
    state = Mutex(State(parts: parts, options: options, timeBase: whole.timeBase, firstPts: whole.firstPts))
  }

  func next() throws(VideoError) -> SourceItem? {
    try state.withLock { (state) throws(VideoError) in try state.nextUntilEnd() }
  }

  func cancel() { cancellation.cancel() }

  /// How far it was read.
  var position: SourcePosition { state.withLock { SourcePosition(chain: $0.begin, items: $0.taken) } }

  /// Goes on at the beginning of a file, as known when it was opened before; for a source that nothing was taken of.
  func begin(at place: ChainPosition) { state.withLock { $0.known = place } }
}

extension ChainedSource {
  /// One of the files.
  fileprivate struct Part {
    let file: String
    let information: SourceInformation

    init(_ file: String, _ information: SourceInformation) {
      self.file = file
      self.information = information
    }

    /// How long a picture lasts, in seconds.
    var interval: Double {
      let rate = information.frameRate.flatMap { $0.isPositive ? $0 : nil } ?? SourceOptions.defaultImageRate
      return 1 / rate.value
    }
  }

  fileprivate struct State: SourceState {
    let parts: [Part]
    let options: SourceOptions
    let timeBase: Rational
    let firstPts: Int64
    var known = ChainPosition()
    /// What was known when the file that is read was opened, and the items taken since.
    var begin = ChainPosition()
    var taken = 0
    var source: (any VideoSource)?
    /// The number in the whole of the first frame of the file that is read.
    var firstOrdinal = 0
    var items: ArraySlice<SourceItem> = []

    init(parts: [Part], options: SourceOptions, timeBase: Rational, firstPts: Int64) {
      (self.parts, self.options, self.timeBase, self.firstPts) = (parts, options, timeBase, firstPts)
    }

    mutating func finish() {
      source = nil
      known.upcoming = parts.count
      items = []
    }

    mutating func next() throws(VideoError) -> SourceItem? {
      while true {
        if let item = items.popFirst() {
          taken += 1
          return item
        }
        if isFull {
          finish()
          return nil
        }
        if source == nil {
          guard try openNext() else { return nil }
          continue
        }
        guard let item = try source?.next() else {
          source = nil
          continue
        }
        place(item)
      }
    }

    /// Opens the next file that has a wanted picture; false where none is left.
    private mutating func openNext() throws(VideoError) -> Bool {
      (begin, taken) = (known, 0)
      if known.upcoming > 0 { known.offset = end(of: known.upcoming - 1) }
      // What lies before the start as a whole is passed over unread, unless its frames count.
      while !options.numbersWholeInput, known.upcoming < parts.count, let duration = parts[known.upcoming].information.duration,
        known.offset + duration <= options.startSeconds
      {
        known.offset += duration
        known.upcoming += 1
      }
      firstOrdinal = known.last.map { $0.ordinal + 1 } ?? 0
      guard known.upcoming < parts.count, known.offset < options.endSeconds ?? .infinity else { return false }
      if options.cancellation.isCancelled { throw VideoError.cancelled(input: parts[known.upcoming].file) }
      var own = options
      own.startSeconds = options.numbersWholeInput ? 0 : max(0, options.startSeconds - known.offset)
      own.endSeconds = options.endSeconds.map { $0 - known.offset }
      own.maximumFrames = options.numbersWholeInput ? nil : options.maximumFrames.map { $0 - known.delivered }
      source = try VideoSources.file(parts[known.upcoming].file, options: own)
      items.append(event(.source, "file \(known.upcoming + 1) of \(parts.count): \(parts[known.upcoming].file)"))
      known.upcoming += 1
      return true
    }

    private var isFull: Bool { options.maximumFrames.map { known.delivered >= $0 } ?? false }

    /// Where the file after this one begins, in seconds.
    private func end(of index: Int) -> Double {
      guard let last = known.last, last.seconds >= known.offset else {
        return known.offset + (parts[index].information.duration ?? 0)
      }
      return last.seconds + parts[index].interval
    }

    private func event(_ kind: SourceEvent.Kind, _ detail: String) -> SourceItem {
      .event(SourceEvent(kind: kind, ordinal: firstOrdinal, seconds: known.offset, detail: detail))
    }

    /// Moves a file's item to its place in the whole.
    private mutating func place(_ item: SourceItem) {
      switch item {
      case .event(var event):
        event.ordinal += firstOrdinal
        event.seconds += known.offset
        if event.kind == .damage { event.detail = "\(parts[known.upcoming - 1].file): \(event.detail)" }
        if event.kind == .size { known.size = nil }
        if event.kind == .damage, known.last.map({ options.place(of: $0.seconds) == .before }) ?? false { return }
        items.append(.event(event))
      case .frame(let frame):
        let seconds = frame.seconds + known.offset
        let pts = known.upcoming == 1 ? frame.pts : firstPts &+ timeBase.ticks(seconds)
        let placed = frame.placed(
          ordinal: frame.ordinal + firstOrdinal, pts: known.last.map { max(pts, $0.pts + 1) } ?? pts, timeBase: timeBase,
          seconds: seconds
        )
        known.last = ChainPosition.Last(ordinal: placed.ordinal, seconds: seconds, pts: placed.pts)
        guard options.place(of: seconds) != .before else { return }
        let size = ChainPosition.Size(width: frame.width, height: frame.height)
        if let before = known.size, before != size {
          items.append(
            .event(
              SourceEvent(
                kind: .size, ordinal: placed.ordinal, seconds: seconds,
                detail: "the pictures are now \(frame.width)x\(frame.height)")))
        }
        known.size = size
        known.delivered += 1
        items.append(.frame(placed))
      }
    }
  }
}
