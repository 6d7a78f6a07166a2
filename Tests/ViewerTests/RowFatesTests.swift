import Foundation
import TestSupport
import Testing

@testable import Viewer

@Suite struct RowFatesTests {
  private static func row(_ id: Int, _ x: Int, _ kind: String = "observed") -> String {
    #"{"id":\#(id),"class":"pedestrian","state":"confirmed","box":{"cx":\#(x),"cy":50,"w":20,"h":20,"angle":0,"angle_sd":null},"observed":\#(kind == "observed"),"observation":"\#(kind)"}"#
  }

  private static let result = """
    {"record":"header","schema":"sextant/2","program":"t","source":{"uri":"a","kind":"file","width":640,"height":360},"settings":{},"classes":["pedestrian"],"seed":0}
    {"record":"frame","frame":0,"time":0,"tracks":[\(row(1, 50)),\(row(2, 200)),\(row(3, 400)),\(row(4, 500, "predicted"))]}
    {"record":"end","frames":1,"dropped":0,"ids":4,"status":"complete"}

    """

  /// A matched row, one on an object that MOT ignores (class 8, distractor), a false one and a coasting one; of the truth one is missed.
  @Test func rowsThatDoNotCountHaveNoFate() throws {
    let folder = try ScratchFolder()
    // MOT: frame, id, left, top, width, height, whether it counts, class, visibility.
    let truth = try folder.write("1,7,40,40,20,20,1,1,1\n1,8,190,40,20,20,0,8,1\n1,9,290,40,20,20,1,1,1\n", to: "gt.txt")
    let stream = try folder.write(Self.result, to: "t.ndjson")
    var viewed = ViewedResult(tracks: try TrackColumns.read(path: stream), title: "t")
    try viewed.hold(against: truth, stream: stream, nil, FrameHints(told: 25))
    let fates = (0..<viewed.tracks.count).map { (viewed.tracks.id(ofRow: $0), viewed.tracks.fates[$0]) }
    #expect(Dictionary(uniqueKeysWithValues: fates) == [1: 1, 2: 0, 3: 3, 4: 0])
    let side = try #require(viewed.truth)
    let missed = (0..<side.tracks.count).map { (side.tracks.id(ofRow: $0), side.tracks.fates[$0]) }
    #expect(Dictionary(uniqueKeysWithValues: missed.filter { $0.1 == 2 }) == [9: 2])
    #expect(side.moments.map(\.text) == ["from 0 s, ten seconds: 1 missed, 1 false, 0 switched"])
  }
}
