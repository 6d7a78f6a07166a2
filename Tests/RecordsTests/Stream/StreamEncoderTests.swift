import Foundation
import Geometry
import Testing

@testable import Records

@Suite struct StreamEncoderTests {
  private func line(_ record: StreamRecord) -> String {
    String(decoding: Samples.text([record]), as: UTF8.self)
  }

  @Test func writesTheHeaderInTheDesignsOrder() {
    #expect(
      line(.header(Samples.header))
        == #"{"record":"header","schema":"sextant/2","program":"sextant 0.1.0","source":{"uri":"clip \"1\".mp4","kind":"file","width":4,"height":5,"time_base":[1,15360],"frame_rate":[30,1],"duration":20.0},"settings":{"detector":"motion","gate":0.5,"ids":[1,null,true]},"classes":["car","person"],"seed":7}"#
        + "\n")
  }

  @Test func writesAFrameInTheDesignsOrder() {
    #expect(
      line(.frame(Samples.frame))
        == #"{"record":"frame","frame":12,"pts":6144,"time":0.4,"key":false,"camera":{"status":"ok","homography":[1.0,0.0,2.5,0.0,1.0,-1.25,0.000001,0.0,1.0],"inliers":312},"#
        + #""tracks":[{"id":3,"class":"car","raw_class":"person","state":"coasting","score":0.91,"existence":0.9931,"#
        + #""box":{"cx":411.52,"cy":208.1,"w":64.2,"h":30.9,"angle":-0.4121,"angle_sd":0.031},"covariance":[1.5,-0.25,2.0],"#
        + #""velocity":[12.1,-3.4],"image_velocity":[14.5,-4.65],"course":-0.2739,"course_sd":0.08,"heading":-0.2741,"heading_sd":0.1,"heading_confidence":0.98,"speed":12.57,"observed":false,"observation":"interpolated","detection":4,"#
        + #""forecast":[{"time":0.9,"cx":417.5,"cy":206.4,"covariance":[2.0,0.0,3.0]}],"mask":{"size":[5,4],"counts":"033O0OO1O1"},"metres":[1.5,2.0]},"#
        + #"{"id":4,"class":"person","state":"confirmed","box":{"cx":1.0,"cy":2.0,"w":3.0,"h":3.0,"angle":null,"angle_sd":null},"observed":true,"observation":"observed"}],"pose":{"status":"ok"}}"#
        + "\n")
  }

  @Test func writesEventsAndTheEnd() {
    #expect(
      line(.event(.trackEnd(frame: 40, time: 4.0 / 3, id: 3, reason: "lost")))
        == #"{"record":"event","frame":40,"time":1.333333,"kind":"track_end","id":3,"reason":"lost"}"# + "\n")
    #expect(
      line(.end(EndRecord(frames: 600, tracks: 14, status: .complete)))
        == #"{"record":"end","frames":600,"dropped":0,"ids":14,"status":"complete"}"# + "\n")
  }

  @Test func writesNullForNumbersThatAreNotFinite() throws {
    var frame = Samples.frame
    frame.tracks[0].velocity = Point(.nan, .infinity)
    frame.tracks[0].heading = nil
    frame.tracks[0].course = nil
    frame.tracks[0].courseDeviation = .nan
    frame.tracks[0].box.center.x = -.infinity
    let text = line(.frame(frame))
    #expect(text.contains(#""velocity":[null,null],"image_velocity":[14.5,-4.65],"course":null,"course_sd":null,"heading":null"#))
    #expect(text.contains(#""cx":null"#))
    #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(text.utf8)) }
  }

  @Test func everyLineIsJSONForAnIndependentParser() throws {
    for record in Samples.all {
      let object = try JSONSerialization.jsonObject(with: Data(line(record).utf8))
      #expect(object is [String: Any])
    }
  }

  @Test func escapesWhatJSONReserves() throws {
    let name = "a\"\\\n\r\t\u{1}\u{1F}é漢🛰"
    let text = line(.header(StreamHeader(program: name, classes: [name])))
    let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    #expect(object?["program"] as? String == name)
    #expect(object?["classes"] as? [String] == [name])
  }
}
