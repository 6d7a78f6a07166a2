import Foundation
import TestSupport
import Testing

@testable import Publishing

/// Messages of a made-up run.
enum MadeUp {
  static func message(_ channel: Message.Channel, _ number: Int, bytes: Int = 20) -> Message {
    let filler = String(repeating: "x", count: max(0, bytes - 8))
    let key = MessageKey(run: 7, camera: "c", frame: number, event: channel == .tracks ? 0 : number)
    return Message(channel: channel, key: key, payload: Array("{\"f\":\"\(filler)\"}".utf8))
  }
}

@Suite struct SpoolTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func spool(_ bytes: Int = 1 << 20) throws -> Spool { try Spool(folder: folder.file("s"), mostTrackBytes: bytes) }

  private func all(_ spool: Spool) -> [Message] {
    var messages: [Message] = []
    while let batch = spool.next() {
      messages += batch.messages
      spool.confirm(batch)
    }
    return messages
  }

  @Test func messagesComeOutAsTheyWentInEventsFirst() throws {
    let spool = try spool()
    let tracks = (0..<300).map { MadeUp.message(.tracks, $0) }
    let events = (1..<200).map { MadeUp.message($0 % 2 == 0 ? .events : .trackEnd, $0) }
    for (index, message) in tracks.enumerated() {
      spool.append(message)
      if events.indices.contains(index) { spool.append(events[index]) }
    }
    #expect(spool.counts == Spool.Counts(events: 199, tracks: 300, dropped: 0))
    #expect(all(spool) == events + tracks)
    #expect(spool.counts == Spool.Counts())
    // And again, in the files that are begun anew.
    for message in tracks { spool.append(message) }
    #expect(all(spool) == tracks)
    spool.end()
    #expect(!FileManager.default.fileExists(atPath: folder.file("s")))
  }

  @Test func whatWasReadAndNotConfirmedComesAgain() throws {
    let spool = try spool()
    for number in 0..<100 { spool.append(MadeUp.message(.tracks, number)) }
    let first = try #require(spool.next())
    #expect(try #require(spool.next()).messages == first.messages)
    spool.confirm(first)
    #expect(all(spool).first == MadeUp.message(.tracks, first.messages.count))
  }

  /// The folder is away, so that no file can be made in it, and comes back.
  @Test func eventsThatTheDiskDoesNotTakeAreSentFromMemory() throws {
    let spool = try spool()
    let events = (1...150).map { MadeUp.message(.events, $0) }
    try FileManager.default.moveItem(atPath: folder.file("s"), toPath: folder.file("away"))
    for event in events[..<100] { spool.append(event) }
    #expect(spool.counts == Spool.Counts(events: 100, unsaved: 100))
    let first = try #require(spool.next())
    #expect(first.messages == Array(events[..<first.messages.count]))
    // Not confirmed: it comes again. What comes meanwhile stays behind it.
    spool.append(events[100])
    let again = try #require(spool.next())
    #expect(again.messages == first.messages)
    try FileManager.default.moveItem(atPath: folder.file("away"), toPath: folder.file("s"))
    for event in events[101...] { spool.append(event) }
    spool.confirm(again)
    #expect(spool.counts.events == 150 - again.messages.count)
    #expect(all(spool) == Array(events[again.messages.count...]))
    #expect(spool.counts == Spool.Counts())
  }

  @Test func anotherProcessTakesUpWhatWasLeftButForHalfALine() throws {
    let messages = (1..<500).map { MadeUp.message($0 % 3 == 0 ? .events : .tracks, $0, bytes: 100) }
    do {
      let spool = try spool(50_000)
      for message in messages { spool.append(message) }
    }
    // A kill in the middle of a write.
    let files = FileManager.default.enumerator(atPath: folder.file("s"))?.compactMap { $0 as? String }.sorted() ?? []
    let last = try #require(files.last { $0.hasPrefix("tracks") })
    let handle = try #require(FileHandle(forWritingAtPath: folder.file("s/" + last)))
    handle.seekToEndOfFile()
    handle.write(Data("tracks\t7\tc\t500\t0\t{\"ha".utf8))
    try handle.close()
    let again = try spool(50_000)
    again.append(MadeUp.message(.tracks, 501))
    let left = all(again)
    #expect(left.filter { $0.channel == .events } == messages.filter { $0.channel == .events })
    #expect(left.filter { $0.channel == .tracks }.dropLast() == messages.filter { $0.channel == .tracks }[...])
    #expect(left.last == MadeUp.message(.tracks, 501))
  }

  /// Ten times more than there is room for.
  @Test func theOldestTracksAreLeftOutAndCountedEventsNever() throws {
    let bytes = 64_000
    let spool = try spool(bytes)
    let reading = (0..<10).map { MadeUp.message(.tracks, $0, bytes: 200) }
    for message in reading { spool.append(message) }
    let held = try #require(spool.next())
    let tracks = (10..<3200).map { MadeUp.message(.tracks, $0, bytes: 200) }
    let events = (1..<3200).map { MadeUp.message(.events, $0, bytes: 200) }
    for (track, event) in zip(tracks, events) {
      spool.append(track)
      spool.append(event)
    }
    // What was sent meanwhile is no longer there to be confirmed.
    spool.confirm(held)
    let counts = spool.counts
    #expect(counts.events == 3190 && counts.dropped > 0 && counts.tracks + counts.dropped == 3200)
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.file("s")).filter { $0.hasPrefix("tracks") }
    let size = try files.reduce(0) { try $0 + Data(contentsOf: URL(fileURLWithPath: folder.file("s/" + $1))).count }
    #expect(size <= bytes && size > bytes / 2)
    let left = all(spool)
    #expect(left == events.prefix(3190) + (reading + tracks).suffix(counts.tracks))
  }

  @Test func aFolderIsOfOneRun() throws {
    let first = try spool()
    #expect(throws: SpoolError.self) { try spool() }
    first.append(MadeUp.message(.events, 1))
    try folder.write("no folder", to: "file")
    #expect(throws: SpoolError.self) { try Spool(folder: folder.file("file")) }
    #expect(throws: SpoolError.self) { try Spool(folder: "/proc/none") }
  }

  /// Files that somebody has filled with anything are passed over and do not stop what comes.
  @Test func garbageInTheFilesIsPassedOver() throws {
    var random = TestRandom(seed: 8)
    try folder.write((0..<3_000_000).map { _ in UInt8(truncatingIfNeeded: random.next()) | 1 }, to: "s/tracks-000003.spool")
    try folder.write("\n\n\tx\n", to: "s/events-000001.spool")
    try folder.write("\n", to: "s/tracks-9999999999999999999999.spool")
    let spool = try spool()
    spool.append(MadeUp.message(.tracks, 1))
    #expect(all(spool) == [MadeUp.message(.tracks, 1)])
    #expect(spool.counts.tracks == 0 && spool.counts.events == 0)
  }
}
