import Geometry
import Testing

@testable import Records

/// The corners of flat targets in streams.
@Suite struct CornersTests {
  private static let head =
    #"{"record":"frame","frame":0,"time":0.0,"tracks":[{"id":1,"class":null,"state":"confirmed","box":{"cx":5,"cy":5,"w":4,"h":2,"angle":0},"#

  @Test func whatIsWrittenIsWhatIsReadBack() throws {
    var track = TrackRecord(id: 1, box: OrientedBox(center: Point(5, 5), width: 4, height: 2, angle: 0))
    track.corners = [Point(1, 2), Point(9.5, 2.25), Point(9, 8), Point(-3, 7)]
    var encoder = StreamEncoder(classes: ["object"])
    let text = String(decoding: encoder.line(.frame(FrameRecord(frame: 0, time: 0, tracks: [track]))), as: UTF8.self)
    #expect(text.contains(#""corners":[[1.0,2.0],[9.5,2.25],[9.0,8.0],[-3.0,7.0]]"#), "\(text)")
    #expect(try read(text)?.corners == track.corners)
  }

  @Test(arguments: ["[[1,2],[3,4],[5,6]]", "[[1,2],[3,4],[5,6],[7]]", "[1,2,3,4]", "7", "[[1,2],[3,4],[5,6],[7,\"a\"]]"])
  func whatAreNotFourPointsIsRefused(corners: String) throws {
    #expect(throws: RecordsError.self) { _ = try read(Self.head + "\"corners\":\(corners)}]}\n") }
  }

  @Test func nullIsNone() throws {
    #expect(try read(Self.head + "\"corners\":null}]}\n")?.corners == nil)
  }

  private func read(_ text: String) throws -> TrackRecord? {
    guard case .frame(let frame)? = try StreamReader(bytes: Array(text.utf8), name: "s").next() else { return nil }
    return frame.tracks.first
  }
}
