import Foundation
import Testing

@testable import Viewer

@Suite struct LiveBroadcastTests {
  private func line(_ text: String) -> Data { Data((text + "\n").utf8) }

  /// A page that takes nothing costs one picture and a bounded backlog, and finds the newest of both.
  @Test func ofPicturesOnlyTheNewestWaits() async throws {
    let broadcast = LiveBroadcast(memory: .seconds(1e6))
    #expect(!broadcast.wantsPicture)
    broadcast.tell(line("header"))
    let listener = broadcast.listen()
    #expect(broadcast.wantsPicture)
    for frame in 0..<3 {
      broadcast.tell(line("frame \(frame)"))
      broadcast.show(Data([UInt8(frame)]), frame: frame, told: 1)
    }
    #expect(!broadcast.wantsPicture)
    #expect(await listener.next() == .records(line("header\nframe 0\nframe 1\nframe 2")))
    guard case .picture(let picture)? = await listener.next() else { return #expect(Bool(false)) }
    #expect(picture.count == 17 && picture.last == 2 && picture.first == 2)
    #expect(broadcast.wantsPicture)
    broadcast.end()
    #expect(await listener.next() == nil)
    #expect(!broadcast.wantsPicture)
  }

  /// Who is too far behind is told of the gap and goes on with what is new.
  @Test func aPageFarBehindMissesRecordsAndIsTold() async throws {
    let broadcast = LiveBroadcast(memory: .seconds(1e6))
    broadcast.tell(line("header"))
    let listener = broadcast.listen()
    let long = Data(repeating: 97, count: LiveListener.greatestBacklog / 4 + 1)
    for _ in 0..<4 { broadcast.tell(long) }
    #expect(await listener.next() == .records(line("header") + LiveListener.gap + long), "without the header a page is blank")
    for _ in 0..<4 { broadcast.tell(long) }
    #expect(await listener.next() == .records(LiveListener.gap + long))
  }

  /// The end waits for pages that read, and for no page that does not longer than told.
  @Test func theEndIsSentToPagesThatRead() async throws {
    let broadcast = LiveBroadcast(memory: .seconds(1e6))
    broadcast.drain(within: 1000)
    let listener = broadcast.listen()
    broadcast.tell(line("last"))
    broadcast.end()
    broadcast.drain(within: 0.01)
    #expect(!listener.isDrained)
    #expect(await listener.next() == .records(line("last")) && !listener.isDrained)
    #expect(await listener.next() == nil && listener.isDrained)
    broadcast.drain(within: 1000)
  }

  /// A page that comes later needs the header and has the last minute; one that waits is woken by what comes.
  @Test func pagesMayComeAndGoAtAnyTime() async throws {
    let broadcast = LiveBroadcast(memory: .seconds(1e6))
    broadcast.tell(line("header"))
    broadcast.tell(line("old"))
    let listener = broadcast.listen()
    #expect(await listener.next() == .records(line("header\nold")))
    async let waited = listener.next()
    broadcast.tell(line("new"))
    #expect(await waited == .records(line("new")))
    broadcast.leave(listener)
    broadcast.tell(line("unheard"))
    #expect(!broadcast.wantsPicture)
    broadcast.end()
    #expect(await broadcast.listen().next() == .records(line("header\nold\nnew\nunheard")))
  }

  /// The least of a crowded minute that a later page has is the newest half of what may wait for it.
  @Test func whatIsKeptForLaterPagesIsBounded() async throws {
    let broadcast = LiveBroadcast(memory: .seconds(1e6))
    broadcast.tell(line("header"))
    let long = Data(repeating: 97, count: LiveBroadcast.greatestMemory / 4)
    for _ in 0..<20 { broadcast.tell(long) }
    guard case .records(let told)? = await broadcast.listen().next() else { return #expect(Bool(false)) }
    #expect(told == line("header") + long + long + long + long)
  }
}
