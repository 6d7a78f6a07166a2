import Records

/// What identifies a message for good: a repeat has the same key, no other message has it.
public struct MessageKey: Sendable, Hashable {
  /// When the run began, milliseconds since 1970.
  public let run: UInt64
  /// The camera.
  public let camera: String
  /// The ordinal of the frame.
  public let frame: Int
  /// For events the ordinal among the run's, from 1; 0 for the tracks of a frame.
  public let event: Int

  /// `RUN/CAMERA/FRAME`, and `/EVENT` for an event.
  public var text: String { "\(run)/\(camera)/\(frame)" + (event == 0 ? "" : "/\(event)") }

  /// The id of an entry of a Redis stream: those of a channel ascend, also from run to run.
  public var entry: String { "\(run)-\(event == 0 ? frame : event)" }
}

/// Something that is told to a broker.
public struct Message: Sendable, Equatable {
  /// What a message is about; the last word of its topic.
  public enum Channel: String, Sendable, CaseIterable {
    /// The tracks of a frame.
    case tracks
    /// The end of a track.
    case trackEnd = "track_end"
    /// Anything else that happened.
    case events
    /// Whether the run goes on.
    case state

    /// Whether it may be left out while the broker is away.
    var isDroppable: Bool { self == .tracks }
  }

  /// What it is about.
  public let channel: Channel
  /// What identifies it.
  public let key: MessageKey
  /// A JSON object in one line, without a line feed.
  public let payload: [UInt8]
}

extension Message {
  /// The line that keeps it in a file.
  var line: [UInt8] {
    Array("\(channel.rawValue)\t\(key.run)\t\(key.camera)\t\(key.frame)\t\(key.event)\t".utf8) + payload + [UInt8(ascii: "\n")]
  }

  /// From such a line without its line feed; nil for another.
  init?(line: some BidirectionalCollection<UInt8>) {
    let parts = line.split(separator: UInt8(ascii: "\t"), maxSplits: 5, omittingEmptySubsequences: false)
    guard parts.count == 6 else { return nil }
    let texts = parts.prefix(5).map { String(decoding: $0, as: UTF8.self) }
    guard let channel = Channel(rawValue: texts[0]), let run = UInt64(texts[1]), let frame = Int(texts[3]), frame >= 0,
      let event = Int(texts[4]), event >= 0, BrokerName(texts[2])?.text == texts[2], parts[5].last == UInt8(ascii: "}")
    else { return nil }
    self.init(
      channel: channel, key: MessageKey(run: run, camera: texts[2], frame: frame, event: event), payload: Array(parts[5]))
  }
}

/// Makes messages of one run's records.
public struct MessageWriter: Sendable {
  private let run: UInt64
  private let camera: String
  private var rate: PublishRate
  private var encoder: StreamEncoder
  private var events = 0
  private var lastFrame = 0

  /// - Parameters:
  ///   - run: When the run began, milliseconds since 1970.
  ///   - rate: Messages with tracks, a second of the stream.
  public init(run: UInt64, camera: String, rate: Double, classes: [String]) {
    (self.run, self.camera) = (run, camera)
    self.rate = PublishRate(rate)
    encoder = StreamEncoder(classes: classes)
  }

  /// The tracks of a frame; nil where it is left out for the rate.
  public mutating func message(_ record: FrameRecord) -> Message? {
    lastFrame = record.frame
    guard rate.takes(record.time) else { return nil }
    return message(.tracks, frame: record.frame, event: 0, encoder.line(.frame(record)))
  }

  /// An event.
  public mutating func message(_ record: EventRecord) -> Message {
    events += 1
    let channel: Message.Channel = record.kind == .trackEnd ? .trackEnd : .events
    return message(channel, frame: max(0, record.frame ?? lastFrame), event: events, encoder.line(.event(record)))
  }

  /// The record's line as it is, in an object with the parts of the key: records have a `key` and a `camera` of their own.
  private func message(_ channel: Message.Channel, frame: Int, event: Int, _ line: [UInt8]) -> Message {
    let key = MessageKey(run: run, camera: camera, frame: frame, event: event)
    let head = "{\"key\":\"\(key.text)\",\"run\":\(run),\"camera\":\"\(camera)\",\"record\":"
    // The line without its line feed.
    return Message(channel: channel, key: key, payload: Array(head.utf8) + line.dropLast() + [UInt8(ascii: "}")])
  }
}

/// Which frames are told, for at most so many a second of the stream: the first of each equal part of a second.
public struct PublishRate: Sendable {
  private let rate: Double
  private var last: Double?

  /// - Parameter rate: Frames a second; 0: none.
  public init(_ rate: Double) { self.rate = rate }

  /// Whether the frame at this time is told.
  ///
  /// - Parameter time: Seconds from the start of the stream, ascending.
  public mutating func takes(_ time: Double) -> Bool {
    // Times have six decimals: a frame that is due at 0.2 s must not be a part too early.
    let part = (time * rate + 1e-6).rounded(.down)
    guard rate > 0, last.map({ part > $0 }) ?? true else { return false }
    last = part
    return true
  }
}
