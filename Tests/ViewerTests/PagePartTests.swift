import Foundation
import Geometry
import Synchronization
import Testing

@testable import Viewer

@Suite struct PagePartTests {
  private struct Trouble: Error, CustomStringConvertible { var description: String { "there is no picture" } }

  /// Waits for the thread that makes the part; the test's own limit of time ends a part that never comes.
  private func end<Made>(_ part: PagePart<Made>) async throws {
    while true {
      switch part.state {
      case .ready, .failed: return
      default: try await Task.sleep(nanoseconds: 1_000_000)
      }
    }
  }

  @Test(.timeLimit(.minutes(1))) func aPartIsMadeOnceHoweverOftenItIsAskedFor() async throws {
    let count = Mutex(0)
    let part = PagePart<Int> { progress in
      progress(0.5)
      return count.withLock {
        $0 += 1
        return $0
      }
    }
    #expect(part.json().json == #"{"state":"idle"}"# && part.made == nil)
    for _ in 0..<10 { part.start() }
    try await end(part)
    part.start()
    #expect(part.made == 1 && part.json { [("value", .integer($0))] }.json == #"{"state":"ready","value":1}"#)
  }

  /// The page is told the share and, of a part that cannot be made, why.
  @Test(.timeLimit(.minutes(1))) func howFarItIsAndWhyItFailsAreTold() async throws {
    let goesOn = DispatchSemaphore(value: 0)
    let isHalf = DispatchSemaphore(value: 0)
    let part = PagePart<Int> { progress in
      progress(0.5)
      isHalf.signal()
      goesOn.wait()
      throw Trouble()
    }
    part.start()
    isHalf.wait()
    #expect(part.json().json == #"{"state":"making","share":0.5}"#)
    goesOn.signal()
    try await end(part)
    #expect(part.json().json == #"{"state":"failed","reason":"there is no picture"}"# && part.made == nil)
  }

  @Test(.timeLimit(.minutes(1))) func aMosaicIsToldWithItsPlace() async throws {
    let place = AxisBox(left: -12.5, top: 3, width: 800, height: 600)
    let parts = PageParts(mosaic: PagePart { _ in PageMosaic(jpeg: [1, 2], place: place, origin: 7) })
    #expect(parts.json.json == #"{"mosaic":{"state":"idle"}}"# && !parts.isEmpty && PageParts().isEmpty)
    parts.mosaic?.start()
    try await end(try #require(parts.mosaic))
    #expect(parts.json.json == #"{"mosaic":{"state":"ready","origin":7,"left":-12.5,"top":3.0,"width":800.0,"height":600.0}}"#)
  }
}
