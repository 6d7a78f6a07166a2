import Geometry
import Records
import TestSupport
import Testing

@testable import Viewer

@Suite struct AppliedReviewTests {
  /// Tracks 1, 2 and 3 in every frame, each where its id says: at x = 10 id.
  private func frame(_ number: Int, _ ids: [Int] = [1, 2, 3]) -> StreamRecord {
    .frame(
      FrameRecord(
        frame: number, time: Double(number) / 10,
        tracks: ids.map { TrackRecord(id: $0, box: OrientedBox(center: Point(Double($0) * 10, 0), width: 4, height: 2, angle: 0)) })
    )
  }

  /// The id that the row at each place has, after a review; 0 where it went.
  private func names(_ decisions: [ReviewDecision], frame number: Int) -> [Int] {
    var review = AppliedReview(decisions)
    guard case .frame(let frame)? = review.apply(frame(number)) else { return [] }
    return [1, 2, 3].map { place in frame.tracks.first { $0.box.center.x == Double(place) * 10 }?.id ?? 0 }
  }

  @Test func eachKindDoesWhatItSays() {
    #expect(names([ReviewDecision(.accept, id: 1, frame: 5)], frame: 9) == [1, 2, 3])
    #expect(names([ReviewDecision(.wrong, id: 2, frame: 5)], frame: 0) == [1, 0, 3])
    #expect(names([ReviewDecision(.delete, id: 2, frame: 5)], frame: 4) == [1, 2, 3])
    #expect(names([ReviewDecision(.delete, id: 2, frame: 5)], frame: 5) == [1, 0, 3])
    #expect(names([ReviewDecision(.swap, id: 1, other: 3, frame: 5)], frame: 4) == [1, 2, 3])
    #expect(names([ReviewDecision(.swap, id: 1, other: 3, frame: 5)], frame: 5) == [3, 2, 1])
    // Both rows of a frame would be track 1: its own stays.
    #expect(names([ReviewDecision(.join, id: 1, other: 3, frame: 5)], frame: 0) == [1, 2, 0])
  }

  /// Two exchanges undo each other from the second on; a row that was exchanged is still taken away by the id that the reviewer saw.
  @Test func decisionsFollowEachOther() {
    let twice = [ReviewDecision(.swap, id: 1, other: 2, frame: 3), ReviewDecision(.swap, id: 1, other: 2, frame: 6)]
    #expect(names(twice, frame: 4) == [2, 1, 3] && names(twice, frame: 6) == [1, 2, 3])
    let round = [ReviewDecision(.swap, id: 1, other: 2, frame: 3), ReviewDecision(.swap, id: 2, other: 3, frame: 3)]
    #expect(names(round, frame: 3).sorted() == [1, 2, 3])
    let deleted = [ReviewDecision(.swap, id: 1, other: 2, frame: 3), ReviewDecision(.delete, id: 1, frame: 5)]
    #expect(names(deleted, frame: 5) == [0, 1, 3])
  }

  @Test func ofSeveralVerdictsTheLastCounts() {
    let (wrong, right) = (ReviewDecision(.wrong, id: 2, frame: 5), ReviewDecision(.accept, id: 2, frame: 5))
    #expect(names([wrong, right], frame: 9) == [1, 2, 3])
    #expect(names([wrong, right, wrong], frame: 9) == [1, 0, 3])
  }

  /// KITTI's rows of a region without identities, and of two tracks from 0 on: only what a decision names changes.
  @Test func ofATableNothingElseChanges() throws {
    var table = BoxTable(format: .kitti)
    table.frames = [1, 0, 0, 0, 1, 1]
    table.ids = [1, 0, -1, 1, -1, 0]
    for row in 0..<6 { table.axisBoxes.append(AxisBox(left: Double(row), top: 0.1, width: 3, height: 4)) }
    table.classes = ["Car", "DontCare", "Van"]
    table.classIndices = [2, 0, 1, 2, 1, 0]
    table.truncations = [0, 1, -1, 0, -1, 2]
    let (same, none) = AppliedReview.correctedTable(table, [])
    #expect(none.removedRows == 0 && none.renamedRows == 0)
    #expect(same.ids == table.ids && same.truncations == table.truncations && same.classIndices == table.classIndices)
    let (gone, first) = AppliedReview.correctedTable(table, [ReviewDecision(.delete, id: 0, frame: 1)])
    #expect(gone.ids == [1, 0, -1, 1, -1] && gone.truncations == [0, 1, -1, 0, -1] && first.removedRows == 1)
    let (swapped, second) = AppliedReview.correctedTable(table, [ReviewDecision(.swap, id: 0, other: 1, frame: 1)])
    #expect(swapped.ids == [0, 0, -1, 1, -1, 1] && second.renamedRows == 2 && swapped.frames == table.frames)
    let (absent, third) = AppliedReview.correctedTable(table, [ReviewDecision(.wrong, id: 7, frame: 0)])
    #expect(absent.count == 6 && third.absent.map(\.id) == [7])
  }

  @Test func aJoinedTrackGoesOnUnderTheFirstId() throws {
    var review = AppliedReview([ReviewDecision(.join, id: 1, other: 2, frame: 5)])
    guard case .frame(let early)? = review.apply(frame(0, [1])), case .frame(let late)? = review.apply(frame(9, [2])) else {
      return #expect(Bool(false))
    }
    #expect(early.tracks.map(\.id) == [1] && late.tracks.map(\.id) == [1] && review.renamedRows == 1)
    #expect(review.apply(.event(.trackEnd(frame: 5, time: 0.5, id: 1, reason: "lost"))) == nil)
    #expect(review.apply(.event(.trackEnd(frame: 5, time: 0.5, id: 3, reason: "lost"))) != nil)
  }

  /// Three rows of a bus and one of a car come to be one track: it is a bus throughout; who keeps its rows keeps its class.
  @Test func anExchangedTrackHasTheClassOfMostOfItsRows() throws {
    let folder = try ScratchFolder()
    let header =
      #"{"record":"header","schema":"sextant/2","program":"t","source":{"uri":"a","kind":"file","width":64,"height":64},"settings":{},"classes":["car","bus"],"seed":0}"#
    let lines = (0..<4).map { frame in
      let tracks = [(1, "car"), (2, "bus"), (3, "car")].map {
        #"{"id":\#($0.0),"class":"\#($0.1)","state":"confirmed","box":{"cx":1,"cy":2,"w":8,"h":4,"angle":0.5,"angle_sd":null},"observed":true,"observation":"observed"}"#
      }
      return #"{"record":"frame","frame":\#(frame),"time":\#(frame),"tracks":[\#(tracks.joined(separator: ","))]}"#
    }
    let end = #"{"record":"end","frames":4,"dropped":0,"ids":3,"status":"complete"}"#
    let path = try folder.write(([header] + lines + [end]).joined(separator: "\n") + "\n", to: "t.ndjson")
    let swap = [ReviewDecision(.swap, id: 1, other: 2, frame: 1)]
    let text = String(decoding: try AppliedReview.correctedStream(path: path, swap).bytes, as: UTF8.self)
    func count(_ words: String) -> Int { text.components(separatedBy: words).count - 1 }
    #expect(count(#""id":1,"class":"bus""#) == 4 && count(#""id":2,"class":"car""#) == 4 && count(#""id":3,"class":"car""#) == 4)
  }

  @Test func aListOfDecisionsComesBackFromItsFile() throws {
    let folder = try ScratchFolder()
    let decisions = [
      ReviewDecision(.accept, id: 1, frame: 0), ReviewDecision(.swap, id: 2, other: 7, frame: 12),
      ReviewDecision(.wrong, id: 3, frame: 4),
    ]
    try ReviewDecision.write(decisions, path: folder.file("a.review.ndjson"))
    #expect(try ReviewDecision.read(path: folder.file("a.review.ndjson")) == decisions)
    #expect(ReviewDecision.path(beside: "x/tracks.ndjson.gz") == "x/tracks.review.ndjson")
  }

  @Test(arguments: [
    "{}", "[]", "x", #"{"record":"review","kind":"praise","id":1,"frame":0}"#,
    #"{"record":"review","kind":"swap","id":1,"frame":0}"#,
    #"{"record":"review","kind":"join","id":1,"other":1,"frame":0}"#, #"{"record":"review","kind":"wrong","id":-1,"frame":0}"#,
    #"{"record":"review","kind":"wrong","id":1,"frame":-1}"#, #"{"record":"review","kind":"wrong","id":1e99,"frame":0}"#,
  ]) func linesThatAreNoDecisionsAreRefused(_ line: String) {
    #expect(throws: ViewerError.self) { try ReviewDecision.read(bytes: Array(line.utf8), name: "r") }
  }
}
