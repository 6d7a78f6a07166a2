import Foundation
import Records
import Synchronization

/// Tells a broker what a run finds, on a thread of its own: whoever gives messages never waits for the network.
///
/// A broker that goes away is looked for again until the run ends. Messages wait in the spool meanwhile; those of which it is not known whether the
/// broker has them are sent again with the same keys.
public final class Publisher: Sendable {
  /// How things stand.
  public struct Counts: Sendable, Equatable {
    /// Messages that the broker has confirmed.
    public var sent = 0
    /// How often the connection was lost and made again.
    public var reconnects = 0
    /// Whether the broker is there.
    public var isUp = false
    /// What waits, and what was left out.
    public var spool = Spool.Counts()
  }

  private struct State {
    var sent = 0
    var connections = 0
    var isUp = false
    /// The last error; nil while all is well.
    var failure: BrokerError?
    /// How the run ended, and how long the thread may go on, once that is known.
    var ending: (state: PublishedState, deadline: ContinuousClock.Instant)?
    var isOver = false
  }

  /// The broker, without secrets.
  private let address: String
  private let run: UInt64
  private let camera: String
  private let spool: Spool
  private let connect: @Sendable (_ will: Message) throws(BrokerError) -> any Broker
  private let patience: Duration
  private let state = Mutex(State())
  /// Raised for the thread: there is something to do; and by it: something has changed.
  private let work = Signal()
  private let news = Signal()

  /// Pauses between tries to reach a broker, seconds: doubled from the first to the longest.
  private static let firstPause = 0.1
  private static let longestPause = 5.0
  /// Seconds between two looks at a connection on which nothing is sent; also between two words that the run goes on, of which a broker
  /// forgets the last after `LibraryBroker.stateLifetimeMilliseconds`.
  private static let restlessness = 1.0
  private static let stateInterval = Duration.seconds(5)
  /// How long a run waits at its end for what the broker has not confirmed yet.
  private static let usualPatience = Duration.seconds(10)

  init(
    address: String, run: UInt64, camera: String, spool: Spool, patience: Duration = Publisher.usualPatience,
    connect: @escaping @Sendable (_ will: Message) throws(BrokerError) -> any Broker
  ) {
    (self.address, self.run, self.camera, self.spool) = (address, run, camera, spool)
    (self.patience, self.connect) = (patience, connect)
  }

  /// Connects to a broker.
  ///
  /// - Parameters:
  ///   - run: When the run began, milliseconds since 1970.
  ///   - authorities: A file of certificates that are trusted; nil: the system's.
  /// - Throws: `BrokerError` where it cannot be reached now: what is mistaken is told before the run begins.
  public convenience init(
    to address: BrokerAddress, run: UInt64, camera: String, spool: Spool, authorities: String? = nil
  ) throws(BrokerError) {
    self.init(address: address.text, run: run, camera: camera, spool: spool) { will throws(BrokerError) in
      try LibraryBroker(address, authorities: authorities, name: "sextant-\(camera)-\(run)", will: will)
    }
    try start()
  }

  /// Begins to send, and waits until the first connection stands.
  func start() throws(BrokerError) {
    let thread = Thread { [self] in
      send()
      state.withLock { $0.isOver = true }
      news.raise()
    }
    thread.name = "sextant-publish"
    thread.start()
    let deadline = ContinuousClock.now + patience
    while true {
      let (connections, failure, isOver) = state.withLock { ($0.connections, $0.failure, $0.isOver) }
      if connections > 0 { return }
      if isOver, let failure { throw failure }
      if ContinuousClock.now > deadline {
        // The thread stays where it is: some libraries wait minutes for a host that says nothing.
        throw BrokerError(reason: .unreachable, address: address, detail: "no word within \(patience)")
      }
      news.wait(seconds: Publisher.restlessness)
    }
  }

  /// Takes a message in, and returns at once.
  public func publish(_ message: Message) {
    spool.append(message)
    work.raise()
  }

  /// The run is over: what waits is sent if the broker takes it in time, then how the run ended. What is left stays in the spool.
  public func end(_ status: EndRecord.Status) {
    let isFirst = state.withLock { state in
      guard state.ending == nil else { return false }
      state.ending = (.ended(status), .now + patience)
      return true
    }
    guard isFirst else { return }
    work.raise()
    while let deadline = state.withLock({ $0.isOver ? nil : $0.ending?.deadline }), ContinuousClock.now < deadline {
      news.wait(seconds: Publisher.firstPause)
    }
    // A thread that still waits for an answer is left to itself: its messages are kept.
    if state.withLock({ $0.isOver }) { spool.end() }
  }

  /// How things stand.
  public var counts: Counts {
    let waiting = spool.counts
    return state.withLock { state in
      Counts(sent: state.sent, reconnects: max(0, state.connections - 1), isUp: state.isUp, spool: waiting)
    }
  }

  /// What is to be said at the end of a run, one sentence each.
  public var warnings: [String] {
    let counts = spool.counts
    var warnings: [String] = []
    if counts.dropped > 0 {
      let dropped = Publisher.count(counts.dropped, "message")
      warnings.append("\(dropped) with tracks left out while the broker was away or slow, or the spool's disk full")
    }
    if counts.unsaved > 0 {
      warnings.append("\(Publisher.count(counts.unsaved, "event")) lost: neither the broker nor the spool's disk took them")
    }
    if counts.events - counts.unsaved + counts.tracks > 0 {
      let reason = state.withLock { $0.failure }.map { ": \($0)" } ?? ""
      warnings.append(
        "\(Publisher.count(counts.events - counts.unsaved, "event")) and \(Publisher.count(counts.tracks, "message")) with tracks wait for the next run "
          + "with this spool\(reason)")
    }
    return warnings
  }

  private static func count(_ number: Int, _ word: String) -> String { "\(number) \(word)\(number == 1 ? "" : "s")" }

  // MARK: - The thread

  /// Connects again and again until the run is over.
  private func send() {
    var pause = Publisher.firstPause
    while true {
      do throws(BrokerError) {
        let broker = try connect(PublishedState.lost.message(run: run, camera: camera))
        try broker.send([PublishedState.online.message(run: run, camera: camera)])
        connected()
        pause = Publisher.firstPause
        return try serve(broker)
      } catch {
        guard disconnected(error) else { return }
      }
      work.wait(seconds: pause)
      pause = min(2 * pause, Publisher.longestPause)
    }
  }

  private func connected() {
    state.withLock { state in
      state.connections += 1
      state.isUp = true
      state.failure = nil
    }
    news.raise()
  }

  /// Whether to try again: not before the first connection, and not once there is no more time.
  private func disconnected(_ error: BrokerError) -> Bool {
    state.withLock { state in
      (state.isUp, state.failure) = (false, error)
      return state.connections > 0 && state.ending.map { ContinuousClock.now < $0.deadline } ?? true
    }
  }

  /// Sends what waits and what comes, until the run is over.
  private func serve(_ broker: any Broker) throws(BrokerError) {
    var said = ContinuousClock.now
    while true {
      // Asked first: whoever ends a run has added everything before.
      let ending = state.withLock { $0.ending }
      if let batch = spool.next() {
        if !batch.messages.isEmpty { try broker.send(batch.messages) }
        spool.confirm(batch)
        state.withLock { $0.sent += batch.messages.count }
      } else if let ending {
        return try broker.send([ending.state.message(run: run, camera: camera)])
      } else {
        work.wait(seconds: Publisher.restlessness)
        try broker.tend()
      }
      if broker.forgetsStates, ContinuousClock.now - said > Publisher.stateInterval {
        said = .now
        try broker.send([PublishedState.online.message(run: run, camera: camera)])
      }
    }
  }
}

/// A flag that one thread raises and another waits for, and lowers by that.
///
/// It is `@unchecked Sendable` because its flag is only touched under its condition's lock.
private final class Signal: @unchecked Sendable {
  private let condition = NSCondition()
  private var isRaised = false

  func raise() {
    condition.lock()
    isRaised = true
    condition.signal()
    condition.unlock()
  }

  /// Returns when the flag was raised, or after some time.
  func wait(seconds: Double) {
    let end = Date(timeIntervalSinceNow: seconds)
    condition.lock()
    while !isRaised, condition.wait(until: end) {}
    isRaised = false
    condition.unlock()
  }
}
