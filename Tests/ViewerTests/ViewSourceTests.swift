import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Viewer

@Suite struct ViewSourceTests {
  private static let header =
    #"{"record":"header","schema":"sextant/2","program":"t","source":{"uri":"a","kind":"file","width":64,"height":64},"settings":{},"classes":[],"seed":0}"#
    + "\n"

  private static func frame(_ number: Int, rows: Int) -> String {
    let tracks = (1...rows).map {
      #"{"id":\#($0),"state":"confirmed","box":{"cx":\#($0),"cy":2,"w":8,"h":4,"angle":0.5,"angle_sd":null},"observed":true,"observation":"observed"}"#
    }
    return #"{"record":"frame","frame":\#(number),"time":\#(number),"tracks":[\#(tracks.joined(separator: ","))]}"# + "\n"
  }

  private static let end = #"{"record":"end","frames":1,"dropped":0,"ids":1,"status":"complete"}"# + "\n"

  /// A long stream comes in parts, each with all that the one before had, and the last is all of it.
  @Test func aLongStreamComesInParts() throws {
    let folder = try ScratchFolder()
    let text = Self.header + (0..<300).map { Self.frame($0, rows: 100) }.joined() + Self.end
    let path = try folder.write(text, to: "t.ndjson")
    var parts: [(rows: Int, isReading: Bool, isComplete: Bool)] = []
    try ViewFiles(stream: path).follow(while: { true }) { data, isComplete in
      parts.append((data.result.tracks.count, data.isReading, isComplete))
    }
    #expect(parts.map(\.rows) == [20_000, 30_000])
    #expect(parts.map(\.isReading) == [true, false] && parts.map(\.isComplete) == [false, true])
  }

  /// What another program writes behind is read on from there; the end record ends the reading.
  @Test func aGrowingStreamIsFollowed() throws {
    let folder = try ScratchFolder()
    let path = try folder.write(Self.header + Self.frame(0, rows: 2), to: "t.ndjson")
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.seekToEnd()
    // The second half of a line comes after its first half.
    let whole = Data(Self.frame(1, rows: 3).utf8)
    var pieces = [Data(whole.prefix(40)), whole.dropFirst(40), Data(Self.end.utf8)]
    var rows: [Int] = []
    var isComplete = false
    try ViewFiles(stream: path).follow {
      if !pieces.isEmpty, !rows.isEmpty { handle.write(pieces.removeFirst()) }
      return true
    } _: {
      rows.append($0.result.tracks.count)
      isComplete = $1
    }
    #expect(rows.first == 2 && rows.last == 5 && isComplete)
  }

  /// A cut-off stream is shown as far as it goes, and says so; who looks no more ends the reading.
  @Test func aCutOffStreamIsShownUntilNobodyLooks() throws {
    let folder = try ScratchFolder()
    let path = try folder.write(Self.header + Self.frame(0, rows: 2) + String(Self.frame(1, rows: 2).prefix(60)), to: "t.ndjson")
    var given: ViewData?
    try ViewFiles(stream: path).follow {
      given == nil
    } _: { data, isComplete in
      given = isComplete ? given : data
    }
    #expect(given?.result.tracks.count == 2 && given?.result.notes == ["The stream was cut off or is still being written."])
  }

  /// A file that is removed, replaced or cut off while it is followed grows no more, which is said.
  @Test(arguments: ["removed", "replaced", "cut off"]) func aFileThatGoesIsSaid(_ fate: String) throws {
    let folder = try ScratchFolder()
    let text = Self.header + Self.frame(0, rows: 2)
    let path = try folder.write(text, to: "t.ndjson")
    var notes: [String] = []
    var rows = 0
    try ViewFiles(stream: path).follow {
      guard rows > 0 else { return true }
      switch fate {
      case "removed": try? FileManager.default.removeItem(atPath: path)
      case "replaced": try? Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
      default: truncate(path, 10)
      }
      return true
    } _: { data, _ in
      rows = data.result.tracks.count
      notes = data.result.notes
    }
    #expect(rows == 2 && notes.contains { $0.contains("was \(fate)") }, "\(notes)")
  }

  /// Of a stream that has only begun there is a part to show, which says so; it is followed as any.
  @Test func aStreamThatHasOnlyBegunIsWaitedFor() throws {
    let folder = try ScratchFolder()
    let path = try folder.write(String(Self.header.prefix(25)), to: "t.ndjson")
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.seekToEnd()
    var pieces = [Data(Self.header.dropFirst(25).utf8), Data((Self.frame(0, rows: 2) + Self.end).utf8)]
    var given: [(rows: Int, notes: [String])] = []
    try ViewFiles(stream: path).follow {
      if !given.isEmpty, !pieces.isEmpty { handle.write(pieces.removeFirst()) }
      return true
    } _: { data, _ in
      given.append((data.result.tracks.count, data.result.notes))
    }
    #expect(given.first?.rows == 0 && given.first?.notes.contains("It has no frame yet.") == true, "\(given)")
    #expect(given.last?.rows == 2 && given.last?.notes.isEmpty == true, "\(given)")
  }

  /// Two files of one name are told apart by their folders, others by their names.
  @Test func resultsAreNamedApart() {
    let files = ViewFiles(stream: "/r/a/x/t.ndjson", compared: "/r/b/x/t.ndjson")
    #expect(files.name("/r/a/x/t.ndjson") == "a/x/t.ndjson" && files.name("/r/b/x/t.ndjson") == "b/x/t.ndjson")
    #expect(ViewFiles(stream: "/r/a/t.ndjson", compared: "/r/b/u.ndjson").name("/r/a/t.ndjson") == "t.ndjson")
    #expect(ViewFiles(stream: "/r/a/t.ndjson").name("/r/a/t.ndjson") == "t.ndjson")
  }

  /// What a file of tracks does not tell is the video's; another result beside a stream has the stream's rate.
  @Test func sizeAndTimesAreTheVideosWhereTheFileHasNone() throws {
    let folder = try ScratchFolder()
    let path = try folder.write("1,1,6,18,8,4,1,-1,-1,-1\n26,1,6,18,8,4,1,-1,-1,-1\n", to: "t.txt")
    var files = ViewFiles(stream: path)
    #expect(try files.load().result.tracks.moments.last?.time == 25.0 / 30)
    files.video = .init(width: 640, height: 360, framesPerSecond: 12.5)
    let data = try files.load()
    #expect(data.pictureSize == (640, 360) && data.result.tracks.moments.last?.time == 2 && data.result.tracks.notes.isEmpty)
    files.framesPerSecond = 50
    #expect(try files.load().result.tracks.moments.last?.time == 0.5)
    let header = Self.header.replacingOccurrences(of: #""height":64"#, with: #""height":64,"frame_rate":[5,1]"#)
    let stream = try folder.write(header + Self.frame(0, rows: 2) + Self.end, to: "s.ndjson")
    let beside = try ViewFiles(stream: stream, compared: path).load().beside
    #expect(beside?.tracks.moments.last?.time == 5)
  }

  @Test func whatCannotBeShownEndsTheReading() throws {
    let folder = try ScratchFolder()
    #expect(throws: ViewerError.self) {
      try ViewFiles(stream: try folder.write(Self.header + Self.end, to: "e.ndjson")).follow(while: { true }) { _, _ in }
    }
    #expect(throws: (any Error).self) {
      try ViewFiles(stream: folder.file("none.ndjson")).follow(while: { true }) { _, _ in }
    }
    let other = Self.header.replacingOccurrences(of: "sextant/2", with: "sextant/99")
    #expect(throws: (any Error).self) {
      try ViewFiles(stream: try folder.write(other, to: "v.ndjson")).follow(while: { true }) { _, _ in }
    }
  }
}
