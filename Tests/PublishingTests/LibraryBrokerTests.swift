import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Publishing

/// A server on this machine that says the same to everybody.
private final class Babbler: @unchecked Sendable {
  // Its descriptor is only closed at the end, by whoever made it.
  let port: Int
  private let descriptor: Int32

  /// - Parameter text: nil: it hangs up at once.
  init(saying text: [UInt8]?) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = descriptor
    let status = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { place in
        bind(descriptor, place, length) | listen(descriptor, 8) | getsockname(descriptor, place, &length)
      }
    }
    try #require(status == 0)
    port = Int(UInt16(bigEndian: address.sin_port))
    Thread {
      while true {
        let client = accept(descriptor, nil, nil)
        guard client >= 0 else { return }
        if let text {
          _ = text.withUnsafeBytes { send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
          // Until the client goes.
          var byte: UInt8 = 0
          while recv(client, &byte, 1, 0) > 0 {}
        }
        close(client)
      }
    }.start()
  }

  func stop() {
    shutdown(descriptor, Int32(SHUT_RDWR))
    close(descriptor)
  }
}

/// The clients of real libraries, without a real broker.
@Suite struct LibraryBrokerTests {
  private func failure(_ address: String, authorities: String? = nil, patience: Int32 = 1000) throws -> BrokerError? {
    let address = try BrokerAddress(address)
    do {
      _ = try LibraryBroker(
        address, authorities: authorities, name: "test", will: PublishedState.lost.message(run: 1, camera: "c"), patience: patience)
      return nil
    } catch { return error }
  }

  @Test(arguments: BrokerAddress.Kind.allCases)
  func whatAnswersGarbageIsToldAsSuch(kind: BrokerAddress.Kind) throws {
    for garbage in ["HTTP/1.1 400 Bad Request\r\n\r\n", "\r\n\r\n\r\n"] {
      let server = try Babbler(saying: Array(garbage.utf8))
      defer { server.stop() }
      // NATS gives its answer at once, but on a loaded machine not within a second.
      let patience: Int32 = kind == .nats ? 100_000 : 1000
      let error = try #require(try failure("\(kind.rawValue)://user:secret@127.0.0.1:\(server.port)/p", patience: patience))
      #expect(error.reason == .garbage, "\(garbage.debugDescription): \(error)")
      #expect(!error.description.contains("secret") && error.description.split(separator: "\n").count == 1)
    }
  }

  /// Random bytes of any length do no harm either.
  @Test(arguments: BrokerAddress.Kind.allCases)
  func randomBytesAreAnError(kind: BrokerAddress.Kind) throws {
    var random = TestRandom(seed: 11)
    for _ in 0..<3 {
      let noise = (0..<1 + random.index(below: 3000)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      let server = try Babbler(saying: noise + [13, 10])
      defer { server.stop() }
      #expect(try failure("\(kind.rawValue)://127.0.0.1:\(server.port)/p") != nil)
    }
  }

  @Test(arguments: BrokerAddress.Kind.allCases)
  func whereNobodyListensNobodyAnswers(kind: BrokerAddress.Kind) throws {
    let server = try Babbler(saying: nil)
    let port = server.port
    server.stop()
    #expect(try failure("\(kind.rawValue)://127.0.0.1:\(port)/p")?.reason == .unreachable)
    #expect(try failure("\(kind.rawValue)://no-such-host.invalid/p")?.reason == .unreachable)
  }

  @Test func redisUnderTLSIsRefusedWithAWayOut() throws {
    let error = try #require(try failure("rediss://127.0.0.1/p"))
    #expect(error.reason == .refused && error.detail.contains("stunnel"))
  }
}
