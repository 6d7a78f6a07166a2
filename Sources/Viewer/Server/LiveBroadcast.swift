import Foundation
import Synchronization

/// What a running tracker tells the pages that look at it: every record, and pictures as far as pages take them.
///
/// Telling returns at once, whatever the pages do: of pictures only the newest waits for a page, and a page that is far behind misses
/// records too, which it is told.
public final class LiveBroadcast: Sendable {
  private struct State {
    /// The first line, which every page needs.
    var header: Data?
    /// The records of the last minute, for pages that are opened later.
    var recent: [(time: ContinuousClock.Instant, line: Data)] = []
    var recentBytes = 0
    var listeners: [LiveListener] = []
    var isEnded = false
  }

  private let state = Mutex(State())

  /// How much a page shows of what was.
  private let memory: Duration
  /// What is kept of it at most, bytes: half of what may wait for a page.
  static let greatestMemory = LiveListener.greatestBacklog / 2

  /// Nothing told yet.
  ///
  /// - Parameter memory: For how long a page that is opened later is told of what was.
  public init(memory: Duration = .seconds(60)) { self.memory = memory }

  /// Whether a page would take a picture now: one that looks on and has shown those before.
  public var wantsPicture: Bool { state.withLock { $0.listeners.contains { $0.wantsPicture } } }

  /// Tells a record, a line with its line feed; the first is the stream's header.
  public func tell(_ line: Data) {
    for listener in state.withLock({ state in
      if state.header == nil { state.header = line } else { keep(line, in: &state) }
      return state.listeners
    }) { listener.add(record: line) }
  }

  private func keep(_ line: Data, in state: inout State) {
    let now = ContinuousClock.now
    state.recent.append((now, line))
    state.recentBytes += line.count
    while let first = state.recent.first, now - first.time > memory || state.recentBytes > LiveBroadcast.greatestMemory {
      state.recentBytes -= first.line.count
      state.recent.removeFirst()
    }
  }

  /// Gives the picture of a frame whose record was told.
  ///
  /// - Parameters:
  ///   - frame: The ordinal of the frame.
  ///   - told: When its record was told, seconds since 1970.
  public func show(_ jpeg: Data, frame: Int, told: Double) {
    let message = LiveBroadcast.pictureMessage(jpeg, frame: frame, told: told)
    for listener in state.withLock({ $0.listeners }) { listener.set(picture: message) }
  }

  /// Nothing will follow.
  public func end() {
    for listener in state.withLock({ state in
      state.isEnded = true
      return state.listeners
    }) { listener.end() }
  }

  /// Waits until every page has been sent what was told, for a program that ends then.
  ///
  /// - Parameter limit: The longest wait, seconds.
  public func drain(within limit: Double) {
    let end = Date() + limit
    while Date() < end, state.withLock({ $0.listeners.contains { !$0.isDrained } }) { Thread.sleep(forTimeInterval: 0.005) }
  }

  /// A frame's ordinal (u32), four bytes of zero, milliseconds since 1970 (f64), all little-endian, then the JPEG.
  static func pictureMessage(_ jpeg: Data, frame: Int, told: Double) -> Data {
    var message = Data()
    withUnsafeBytes(of: UInt64(UInt32(clamping: frame)).littleEndian) { message.append(contentsOf: $0) }
    withUnsafeBytes(of: (told * 1000).bitPattern.littleEndian) { message.append(contentsOf: $0) }
    return message + jpeg
  }

  /// Another page, which is told of the last minute and of what comes from now on.
  func listen() -> LiveListener {
    state.withLock { state in
      let listener = LiveListener()
      if let header = state.header { listener.add(record: header) }
      for (_, line) in state.recent { listener.add(record: line) }
      if state.isEnded { listener.end() }
      state.listeners.append(listener)
      return listener
    }
  }

  func leave(_ listener: LiveListener) { state.withLock { $0.listeners.removeAll { $0 === listener } } }
}

/// What waits for one page.
final class LiveListener: Sendable {
  /// What a page is sent.
  enum Message: Equatable {
    /// Lines of records.
    case records(Data)
    case picture(Data)
  }

  private struct State {
    var records: [Data] = []
    var recordBytes = 0
    var picture: Data?
    var isEnded = false
    /// Whether the page has been sent nothing yet.
    var isFresh = true
    /// Whether the page has been sent everything and knows of the end.
    var isDrained = false
    /// Who waits for the next message.
    var waiting: CheckedContinuation<Void, Never>?

    var isEmpty: Bool { records.isEmpty && picture == nil && !isEnded }
  }

  /// Records that wait at most, bytes: some seconds of a crowded scene. A page that is further behind begins anew.
  static let greatestBacklog = 8 << 20
  /// What a page reads that has missed records.
  static let gap = Data(#"{"record":"gap"}"#.utf8) + Data("\n".utf8)

  private let state = Mutex(State())

  var wantsPicture: Bool { state.withLock { $0.picture == nil && !$0.isEnded } }

  var isDrained: Bool { state.withLock { $0.isDrained } }

  func add(record: Data) {
    change { state in
      if state.recordBytes + record.count > LiveListener.greatestBacklog {
        // The header stays, which is the first line of all: without it the page understands nothing.
        state.records = (state.isFresh ? Array(state.records.prefix(1)) : []) + [LiveListener.gap]
        state.recordBytes = state.records.reduce(0) { $0 + $1.count }
      }
      state.records.append(record)
      state.recordBytes += record.count
    }
  }

  func set(picture: Data) { change { $0.picture = picture } }

  func end() { change { $0.isEnded = true } }

  private func change(_ body: (inout State) -> Void) {
    let waiting = state.withLock { state in
      body(&state)
      defer { state.waiting = nil }
      return state.waiting
    }
    waiting?.resume()
  }

  /// The next message, records before the picture that belongs to them; nil at the end.
  func next() async -> Message? {
    while true {
      let (message, isEnded) = state.withLock { LiveListener.take(&$0) }
      if message != nil || isEnded { return message }
      await withTaskCancellationHandler {
        await withCheckedContinuation { continuation in
          let isReady = state.withLock { state in
            if state.isEmpty { state.waiting = continuation }
            return !state.isEmpty
          }
          if isReady { continuation.resume() }
        }
      } onCancel: {
        end()
      }
    }
  }

  private static func take(_ state: inout State) -> (message: Message?, isEnded: Bool) {
    if !state.records.isEmpty {
      state.isFresh = false
      defer { (state.records, state.recordBytes) = ([], 0) }
      return (.records(Data(state.records.joined())), false)
    }
    if let picture = state.picture {
      state.picture = nil
      return (.picture(picture), false)
    }
    state.isDrained = state.isEnded
    return (nil, state.isEnded)
  }
}
