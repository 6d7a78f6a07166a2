import Geometry
import Testing

@testable import Records

@Suite struct TrackSummaryTests {
  private func row(_ id: Int, _ x: Double, _ y: Double, class classIndex: Int = 0) -> TrackRecord {
    TrackRecord(id: id, classIndex: classIndex, box: OrientedBox(center: Point(x, y), width: 8, height: 4, angle: 0))
  }

  /// Two sides of a triangle, 3-4-5, and back: 5 + 5 px in 2 s; rows come late and one is said twice.
  @Test func sumsUpATrack() {
    var text = TextBuffer()
    var summary = TrackSummary(classes: ["car", "a, b"], video: "clip.mp4", memory: 60)
    TrackSummary.appendHeader(to: &text)
    summary.add(frame: 10, time: 1, tracks: [row(7, 0, 0)], view: nil)
    summary.add(frame: 30, time: 3, tracks: [row(7, 0, 0, class: 1), row(8, 5, 5)], view: nil)
    summary.add(frame: 20, time: 2, tracks: [row(7, 500, 500)], view: nil)
    summary.add(frame: 20, time: 2, tracks: [row(7, 3, 4)], view: nil)
    summary.end(7, reason: "left", to: &text)
    summary.end(7, reason: "left", to: &text)
    summary.endAll(to: &text)
    #expect(
      text.string == """
        id,class,start_s,end_s,duration_s,first_frame,last_frame,rows,path_px,mean_speed_px_per_s,ended,video
        7,"a, b",1.0,3.0,2.0,10,30,3,10.0,5.0,left,clip.mp4
        8,car,3.0,3.0,0.0,30,30,1,0.0,,,clip.mp4

        """)
  }

  /// An object that keeps its place in the picture of a camera that moves 2 px a frame has come along; a new plane is no way.
  @Test func aWayIsOverTheGround() {
    var text = TextBuffer()
    var summary = TrackSummary(classes: [], video: "", memory: 60)
    for frame in 0..<11 {
      let view = StabilizedPlane.View(origin: 0, map: .translation(Point(2 * Double(frame), 0)))
      summary.add(frame: frame, time: Double(frame), tracks: [row(1, 50, 50)], view: view)
    }
    summary.add(frame: 11, time: 11, tracks: [row(1, 50, 50)], view: .init(origin: 11, map: .identity))
    summary.end(1, reason: "cut", to: &text)
    #expect(text.string == "1,unknown,0.0,11.0,11.0,0,11,12,20.0,1.82,cut,\n")
  }

  /// A track that lives long is summed up in pieces, rows that come late included.
  @Test func aLongTrackIsSummedUpInPieces() {
    var text = TextBuffer()
    var summary = TrackSummary(classes: ["car"], video: "", memory: 10)
    let count = 50_000
    for frame in stride(from: 1, to: count, by: 2) {
      // The even frames come after the odd ones that follow them.
      summary.add(frame: frame, time: Double(frame) / 10, tracks: [row(1, Double(frame), 0)], view: nil)
      summary.add(frame: frame - 1, time: Double(frame - 1) / 10, tracks: [row(1, Double(frame - 1), 0)], view: nil)
    }
    summary.end(1, reason: "finished", to: &text)
    #expect(text.string == "1,car,0.0,4999.9,4999.9,0,49999,50000,49999.0,10.0,finished,\n")
  }
}
