import Foundation
import Synchronization

/// Messages on their way to a broker, in files: what was told stays until the broker has it, also over the end of the process.
///
/// One thread adds, another reads and confirms. Messages with tracks are bounded, the oldest are left out and counted; events never are. Each of
/// the two kinds keeps its order; events are sent before tracks.
public final class Spool: Sendable {
  /// How much waits, and what was left out.
  public struct Counts: Sendable, Equatable {
    /// Events that wait.
    public var events = 0
    /// Of these, the ones that the disk does not take: they go with the process.
    public var unsaved = 0
    /// Messages with tracks that wait.
    public var tracks = 0
    /// Messages with tracks that were left out.
    public var dropped = 0
  }

  /// Messages that were read and not confirmed.
  struct Batch {
    let messages: [Message]
    fileprivate let origin: Origin
  }

  /// Where messages were read.
  fileprivate enum Origin {
    case file(SpoolLane.Place, bytes: Int, lines: Int, areEvents: Bool)
    /// So many of the events that the disk does not take.
    case memory(Int)
  }

  private struct State {
    var events: SpoolLane
    var tracks: SpoolLane
    /// Events that the disk does not take.
    var held: [[UInt8]] = []
    /// Of these, the first ones, which are on their way to the broker.
    var sending = 0
    var dropped = 0

    /// Brings what had no place on the disk there, where it has one now.
    mutating func save() {
      while sending == 0, let line = held.first, events.append(line) { held.removeFirst() }
    }
  }

  private let folder: String
  private let mostTrackBytes: Int
  /// The descriptor whose lock keeps other runs out.
  private let lock: Int32
  private let state: Mutex<State>

  /// Bytes of tracks: at two kilobytes a message and five of them a second almost three hours.
  public static let usualTrackBytes = 100_000_000
  /// Files that the bound is made of: as much as this part is left out at a time.
  private static let parts = 16
  /// Bytes of events in a file.
  private static let eventSegmentBytes = 1 << 20
  /// Bytes of a batch, more than the longest message; messages in it.
  private static let batchBytes = 1 << 20
  private static let batchMessages = 64
  /// Bytes of the longest message, below what NATS takes as it comes (1 MiB).
  private static let longestPayload = 900_000

  /// Opens a folder, and takes up what an earlier run has left there.
  ///
  /// - Throws: `SpoolError`.
  public init(folder: String, mostTrackBytes: Int = Spool.usualTrackBytes) throws {
    (self.folder, self.mostTrackBytes) = (folder, mostTrackBytes)
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch { throw SpoolError(folder: folder, problem: "cannot be made") }
    let lock = open(folder + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard lock >= 0 else { throw SpoolError(folder: folder, problem: String(cString: strerror(errno))) }
    guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
      close(lock)
      throw SpoolError(folder: folder, problem: "another run that still goes on has it")
    }
    do {
      state = Mutex(
        State(
          events: try SpoolLane(folder: folder, name: "events", segmentBytes: Spool.eventSegmentBytes),
          tracks: try SpoolLane(folder: folder, name: "tracks", segmentBytes: max(1, mostTrackBytes / Spool.parts))))
    } catch {
      close(lock)
      throw SpoolError(folder: folder, problem: "what an earlier run left there cannot be read")
    }
    self.lock = lock
  }

  deinit { close(lock) }

  /// Takes a message in.
  public func append(_ message: Message) {
    state.withLock { state in
      if message.channel.isDroppable { addTracks(message, &state) } else { addEvent(message, &state) }
    }
  }

  private func addTracks(_ message: Message, _ state: inout State) {
    guard message.payload.count <= Spool.longestPayload, state.tracks.append(message.line) else {
      state.dropped += 1
      return
    }
    while state.tracks.bytes > mostTrackBytes {
      let dropped = state.tracks.dropOldest()
      guard dropped > 0 else { break }
      state.dropped += dropped
    }
  }

  /// An event waits in memory while the disk is full, and so do those behind it.
  private func addEvent(_ message: Message, _ state: inout State) {
    state.held.append(message.line)
    state.save()
  }

  /// The next messages; nil where none wait.
  func next() -> Batch? {
    let (place, areEvents, held) = state.withLock { state -> (SpoolLane.Place?, Bool, [[UInt8]]) in
      // What was on its way and was not confirmed is sent again.
      state.sending = 0
      state.save()
      if let place = state.events.next(atMost: Spool.batchBytes) { return (place, true, []) }
      state.sending = min(state.held.count, Spool.batchMessages)
      if state.sending > 0 { return (nil, true, Array(state.held.prefix(state.sending))) }
      return (state.tracks.next(atMost: Spool.batchBytes), false, [])
    }
    // A full disk keeps nothing from a broker that is there.
    if !held.isEmpty { return Batch(messages: held.compactMap { Message(line: $0.dropLast()) }, origin: .memory(held.count)) }
    // Read without the lock, so that whoever adds does not wait for the disk.
    guard let place, let bytes = Spool.read(place) else { return nil }
    var messages: [Message] = []
    var (count, lines) = (0, 0)
    while lines < Spool.batchMessages, let end = bytes[count...].firstIndex(of: UInt8(ascii: "\n")) {
      // A line that is no message is passed over: nobody can do anything with it.
      if let message = Message(line: bytes[count..<end]) { messages.append(message) }
      count = end + 1
      lines += 1
    }
    // As much without a line feed is no line of ours.
    if lines == 0 { count = bytes.count }
    return Batch(messages: messages, origin: .file(place, bytes: count, lines: lines, areEvents: areEvents))
  }

  private static func read(_ place: SpoolLane.Place) -> [UInt8]? {
    let descriptor = open(place.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: place.range.count)
    // The buffer is as long as the range.
    let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, off_t(place.range.lowerBound)) }
    return count > 0 ? Array(bytes[..<count]) : nil
  }

  /// The broker has these messages.
  func confirm(_ batch: Batch) {
    state.withLock { state in
      switch batch.origin {
      case .file(let place, let bytes, let lines, areEvents: true): state.events.confirm(place, bytes: bytes, lines: lines)
      case .file(let place, let bytes, let lines, areEvents: false): state.tracks.confirm(place, bytes: bytes, lines: lines)
      case .memory(let count):
        state.held.removeFirst(min(count, state.sending))
        state.sending = 0
      }
    }
  }

  /// How much waits, and what was left out.
  public var counts: Counts {
    state.withLock { state in
      Counts(
        events: state.events.waiting + state.held.count, unsaved: state.held.count, tracks: state.tracks.waiting,
        dropped: state.dropped)
    }
  }

  /// Nothing is added any more; a folder in which nothing waits goes.
  func end() {
    let isEmpty = state.withLock { state in
      state.sending = 0
      state.save()
      state.events.close()
      state.tracks.close()
      return state.events.waiting + state.tracks.waiting == 0
    }
    guard isEmpty else { return }
    unlink(folder + "/lock")
    rmdir(folder)
  }
}

/// A folder in which no messages can wait.
public struct SpoolError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The folder.
  public let folder: String
  /// What is wrong.
  public let problem: String

  /// One sentence.
  public var description: String {
    "cannot keep messages for a broker in \(folder): \(problem); name another folder"
  }
}
