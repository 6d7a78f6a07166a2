import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Publishing

/// A broker in memory that goes away now and then, at times behind what it has taken and not confirmed.
private final class FickleServer: Sendable {
  struct State {
    var random: TestRandom
    var taken: [Message] = []
    var states: [Message] = []
    var connections = 0
    var isAway = false
  }

  let state: Mutex<State>
  /// How often of a hundred times a batch is not confirmed.
  let faults: Int

  init(seed: UInt64, faults: Int) {
    state = Mutex(State(random: TestRandom(seed: seed)))
    self.faults = faults
  }

  static let lost = BrokerError(reason: .lost, address: "fickle", detail: "gone")

  func connect() throws(BrokerError) -> any Broker {
    let isAway = state.withLock { state in
      state.connections += state.isAway ? 0 : 1
      return state.isAway
    }
    if isAway { throw FickleServer.lost }
    return Connection(server: self)
  }

  private final class Connection: Broker {
    let server: FickleServer
    let forgetsStates = true
    init(server: FickleServer) { self.server = server }

    func send(_ messages: [Message]) throws(BrokerError) {
      let isWell = server.state.withLock { state in
        guard !state.isAway else { return false }
        let isFault = state.random.index(below: 100) < server.faults && messages.first?.channel != .state
        let taken = isFault ? state.random.index(below: messages.count + 1) : messages.count
        state.taken += messages.prefix(taken).filter { $0.channel != .state }
        state.states += messages.prefix(taken).filter { $0.channel == .state }
        return !isFault
      }
      if !isWell { throw FickleServer.lost }
    }

    func tend() throws(BrokerError) {
      if server.state.withLock({ $0.isAway }) { throw FickleServer.lost }
    }
  }
}

@Suite struct PublisherTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func publisher(_ server: FickleServer, patience: Duration = .seconds(60)) throws -> Publisher {
    Publisher(
      address: "fickle", run: 7, camera: "c", spool: try Spool(folder: folder.file("s")), patience: patience
    ) { _ throws(BrokerError) in try server.connect() }
  }

  /// The first of each key, in the order in which they came.
  private func firsts(_ messages: [Message]) -> [Message] {
    var seen = Set<String>()
    return messages.filter { seen.insert("\($0.channel) \($0.key.text)").inserted }
  }

  @Test(arguments: [0, 30])
  func noMessageIsLostAndNoneIsThereTwiceByItsKey(faults: Int) throws {
    let server = FickleServer(seed: 4, faults: faults)
    let publisher = try publisher(server)
    try publisher.start()
    let tracks = (0..<400).map { MadeUp.message(.tracks, $0) }
    let events = (1...400).map { MadeUp.message(.trackEnd, $0) }
    for (track, event) in zip(tracks, events) {
      publisher.publish(event)
      publisher.publish(track)
    }
    publisher.end(.complete)
    let (taken, states, connections) = server.state.withLock { ($0.taken, $0.states, $0.connections) }
    #expect(firsts(taken).filter { $0.channel == .tracks } == tracks)
    #expect(firsts(taken).filter { $0.channel == .trackEnd } == events)
    #expect(faults > 0 ? connections > 1 && taken.count > 800 : connections == 1 && taken.count == 800)
    #expect(states.last == PublishedState.ended(.complete).message(run: 7, camera: "c"))
    #expect(
      states.dropLast().allSatisfy { $0 == PublishedState.online.message(run: 7, camera: "c") } && states.count == connections + 1)
    #expect(publisher.counts.sent == 800 && publisher.warnings.isEmpty && folder.names.isEmpty)
  }

  @Test func whatABrokerThatStaysAwayHasNotTakenIsSentByTheNextRun() throws {
    let server = FickleServer(seed: 5, faults: 0)
    do {
      let publisher = try publisher(server, patience: .milliseconds(50))
      try publisher.start()
      server.state.withLock { $0.isAway = true }
      for number in 1...10 { publisher.publish(MadeUp.message(.events, number)) }
      publisher.publish(MadeUp.message(.tracks, 3))
      publisher.end(.interrupted)
      #expect(publisher.warnings.count == 1 && publisher.warnings[0].hasPrefix("10 events and 1 message with tracks wait"))
      #expect(publisher.counts.isUp == false)
    }
    server.state.withLock { $0.isAway = false }
    // Its thread may hold the folder for a pause longer.
    var next: Publisher?
    for _ in 0..<1000 where next == nil {
      next = try? publisher(server)
      if next == nil { usleep(10_000) }
    }
    let publisher = try #require(next)
    try publisher.start()
    publisher.end(.complete)
    #expect(server.state.withLock { $0.taken.count } == 11 && publisher.warnings.isEmpty)
  }

  @Test func aBrokerThatIsNotThereAtFirstIsAnErrorAtOnce() throws {
    let server = FickleServer(seed: 6, faults: 0)
    server.state.withLock { $0.isAway = true }
    #expect(throws: FickleServer.lost) { try publisher(server).start() }
  }

  /// Whoever gives messages goes on while the broker takes none, and what waits does not wait in memory.
  @Test func aRunNeverWaitsForTheBroker() throws {
    let server = FickleServer(seed: 7, faults: 0)
    let publisher = try publisher(server, patience: .milliseconds(10))
    try publisher.start()
    server.state.withLock { $0.isAway = true }
    for number in 1...20_000 { publisher.publish(MadeUp.message(.events, number)) }
    #expect(publisher.counts.spool.events > 19_900)
    publisher.end(.failed)
  }
}
