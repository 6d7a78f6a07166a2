internal import CBrokers

/// A connection to a broker. After an error it is done with; the next is another.
protocol Broker: AnyObject {
  /// Sends messages in their order and waits until the broker has each.
  func send(_ messages: [Message]) throws(BrokerError)
  /// Whether it forgets what state a run is in unless it is told again.
  var forgetsStates: Bool { get }
  /// Keeps the connection alive, and notices its end.
  func tend() throws(BrokerError)
}

/// A connection by the library of the address's protocol.
final class LibraryBroker: Broker {
  private let client: UnsafeMutableRawPointer
  private let kind: brokers_kind
  private let address: BrokerAddress

  /// The longest wait for an answer, milliseconds.
  private static let usualPatience: Int32 = 5000
  /// A reader of Redis takes a state that is not said again within this time for lost.
  static let stateLifetimeMilliseconds: Int64 = 15_000
  /// The most entries of tracks in a Redis stream: five a second for almost six hours. Events are never cut off.
  private static let mostTrackEntries: Int64 = 100_000

  /// Connects.
  ///
  /// - Parameters:
  ///   - name: The client's, of its own.
  ///   - will: What the broker is to say should this run go without a word.
  ///   - patience: The longest wait for an answer, milliseconds.
  init(
    _ address: BrokerAddress, authorities: String?, name: String, will: Message, patience: Int32 = LibraryBroker.usualPatience
  ) throws(BrokerError) {
    let kind = LibraryBroker.kind(of: address)
    var made: UnsafeMutableRawPointer?
    var message = brokers_message()
    let status = LibraryBroker.withItems([will], address) { items in
      LibraryBroker.withSettings(address, authorities: authorities, name: name) { settings in
        var settings = settings
        settings.will = items[0]
        settings.patience = patience
        return kind.create(&settings, &made, &message)
      }
    }
    guard status == BROKERS_OK, let made else { throw LibraryBroker.error(status, message, address) }
    (client, self.kind, self.address) = (made, kind, address)
  }

  private static func kind(of address: BrokerAddress) -> brokers_kind {
    switch address.kind {
    case .mqtt: brokers_mqtt().pointee
    case .nats: brokers_nats().pointee
    case .redis: brokers_redis().pointee
    }
  }

  deinit { kind.destroy(client) }

  /// MQTT brokers keep a state, and say the will when the connection ends.
  var forgetsStates: Bool { address.kind != .mqtt }

  func send(_ messages: [Message]) throws(BrokerError) {
    var message = brokers_message()
    let status = LibraryBroker.withItems(messages, address) { kind.send(client, $0.baseAddress, $0.count, &message) }
    if status != BROKERS_OK { throw LibraryBroker.error(status, message, address) }
  }

  func tend() throws(BrokerError) {
    var message = brokers_message()
    let status = kind.tend(client, &message)
    if status != BROKERS_OK { throw LibraryBroker.error(status, message, address) }
  }

  private static func error(_ status: brokers_status, _ message: brokers_message, _ address: BrokerAddress) -> BrokerError {
    let detail = withUnsafeBytes(of: message.text) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    let reason: BrokerError.Reason =
      switch status {
      case BROKERS_MISSING_LIBRARY: .missingLibrary(package: address.kind.package)
      case BROKERS_UNREACHABLE: .unreachable
      case BROKERS_REFUSED: .refused
      case BROKERS_GARBAGE: .garbage
      default: .lost
      }
    // What a server says goes to a terminal.
    return BrokerError(reason: reason, address: address.text, detail: printable(detail))
  }

  private static func printable(_ text: String) -> String {
    String(text.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? " " : Character($0) })
  }

  private static func withSettings<Result>(
    _ address: BrokerAddress, authorities: String?, name: String, _ body: (brokers_settings) -> Result
  ) -> Result {
    let texts = [address.host, name, address.credentials.user, address.credentials.password, authorities]
    return withTexts(texts) { texts in
      var settings = brokers_settings()
      (settings.host, settings.name, settings.user, settings.password) = (texts[0], texts[1], texts[2], texts[3])
      settings.authorities = texts[4]
      settings.port = Int32(address.port)
      settings.is_encrypted = address.isEncrypted ? 1 : 0
      return body(settings)
    }
  }

  /// The messages as the face takes them; what they point into lives until the body returns.
  private static func withItems<Result>(
    _ messages: [Message], _ address: BrokerAddress, _ body: (UnsafeBufferPointer<brokers_item>) -> Result
  ) -> Result {
    let payloads = messages.flatMap(\.payload)
    let texts = messages.flatMap { [address.topic(of: $0), $0.key.text, $0.key.entry] }
    return payloads.withUnsafeBytes { payloads in
      withTexts(texts) { texts in
        var start = 0
        let items = messages.enumerated().map { index, message in
          var item = brokers_item()
          (item.topic, item.key, item.entry) = (texts[3 * index], texts[3 * index + 1], texts[3 * index + 2])
          // The payloads lie one behind the other, so that start and length stay within their bytes.
          item.payload = payloads.baseAddress?.advanced(by: start)
          item.length = message.payload.count
          start += message.payload.count
          item.is_state = message.channel == .state ? 1 : 0
          item.lifetime = message.isOnline ? stateLifetimeMilliseconds : 0
          item.most_entries = message.channel.isDroppable ? mostTrackEntries : 0
          return item
        }
        return items.withUnsafeBufferPointer(body)
      }
    }
  }

  /// Texts with their zero bytes, which live until the body returns; nil for those that are not there.
  private static func withTexts<Result>(_ texts: [String?], _ body: ([UnsafePointer<CChar>?]) -> Result) -> Result {
    var bytes: [CChar] = []
    let starts = texts.map { text -> Int? in
      guard let text else { return nil }
      let start = bytes.count
      bytes += text.utf8CString
      return start
    }
    // Every start lies within the bytes, with a zero byte behind it.
    return bytes.withUnsafeBufferPointer { bytes in
      body(starts.map { start in start.flatMap { bytes.baseAddress?.advanced(by: $0) } })
    }
  }
}

extension Message {
  /// Whether it says that a run goes on, which is only true for a while.
  fileprivate var isOnline: Bool { channel == .state && self == PublishedState.online.message(run: key.run, camera: key.camera) }
}

extension BrokerAddress {
  /// Where a message is told: the words of the prefix, the camera and the channel, as the broker joins words.
  func topic(of message: Message) -> String {
    let separator =
      switch kind {
      case .mqtt: "/"
      case .nats: "."
      case .redis: ":"
      }
    return (prefix + [message.key.camera, message.channel.rawValue]).joined(separator: separator)
  }
}
