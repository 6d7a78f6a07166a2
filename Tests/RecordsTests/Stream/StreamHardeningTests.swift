import Geometry
import Testing

@testable import Records

/// Streams that other hands have written.
@Suite struct StreamHardeningTests {
  private func frame(_ frame: Int, _ time: String, _ further: String = "") -> String {
    "{\"record\":\"frame\",\"frame\":\(frame),\"time\":\(time),\"tracks\":[]\(further)}\n"
  }

  private func problem(_ text: String) -> String {
    do {
      let reader = try StreamReader(bytes: Array(text.utf8), name: "s")
      while try reader.next() != nil {}
      return "nothing was refused"
    } catch {
      return "\(error)"
    }
  }

  @Test func refusesTimesBeforeTheBeginningOrGoingBack() {
    #expect(problem(frame(0, "-5.0")).contains("line 1: a frame record with a \"time\" before 0"))
    #expect(problem(frame(0, "20.0") + frame(1, "19.9")).contains("line 2: time goes back from 20.0 to 19.9 seconds"))
    #expect(problem(frame(0, "0.0") + frame(1, "0.0") + frame(2, "1.5")) == "nothing was refused")
  }

  @Test func refusesACameraMotionThatCannotBeInverted() {
    for numbers in ["0,0,0,0,0,0,0,0,0", "1e300,1e300,1e300,1e300,1e300,1e300,1e300,1e300,1", "1,0,0,2,0,0,0,0,1"] {
      let camera = ",\"camera\":{\"status\":\"ok\",\"homography\":[\(numbers)],\"inliers\":1}"
      #expect(problem(frame(0, "0.0", camera)).contains("cannot be inverted"))
    }
  }

  @Test func refusesALossOfFramesWithoutItsTime() {
    #expect(problem("{\"record\":\"event\",\"kind\":\"dropped\",\"count\":3}\n").contains("without \"frame\" or \"time\""))
    #expect(problem("{\"record\":\"event\",\"kind\":\"dropped\",\"frame\":3,\"time\":0.1}\n") == "nothing was refused")
  }

  /// Of pictures of another size it would be drawn and counted in wrong places.
  @Test func refusesAMaskOfAnotherSizeThanThePictures() {
    func stream(_ width: Int, _ height: Int) -> String {
      let source = #"{"uri":"a","kind":"file","width":\#(width),"height":\#(height)}"#
      return #"{"record":"header","schema":"sextant/2","source":\#(source)}"# + "\n"
        + #"{"record":"frame","frame":0,"time":0.0,"tracks":[{"id":1,"class":"object","state":"confirmed","#
        + #""box":{"cx":1,"cy":1,"w":2,"h":2,"angle":null,"angle_sd":null},"mask":{"size":[2,4],"counts":[0,4,4]}}]}"# + "\n"
    }
    #expect(problem(stream(4, 2)) == "nothing was refused")
    for size in [(2, 4), (8, 2), (4, 3)] {
      #expect(problem(stream(size.0, size.1)).contains("the mask is 4x2 and the stream's pictures are \(size.0)x\(size.1)"))
    }
  }

  /// Beyond what docs/schema.json allows: each number at the first value that is too small or too large.
  @Test(arguments: [
    (#"{"record":"header","schema":"sextant/2","seed":9223372036854775808}"#, "\"seed\" is not an integer that 64 bits hold"),
    (#"{"record":"header","schema":"sextant/2","seed":-1}"#, "\"seed\" is below 0"),
    (#"{"record":"header","schema":"sextant/2","source":{"uri":"a","kind":"file","width":0}}"#, "\"source.width\" is below 1"),
    (
      #"{"record":"header","schema":"sextant/2","source":{"uri":"a","kind":"file","time_base":[1,0]}}"#,
      "\"source.time_base\" is not a"
    ),
    (
      #"{"record":"header","schema":"sextant/2","source":{"uri":"a","kind":"file","frame_rate":[-30,1]}}"#,
      "\"source.frame_rate\" is"
    ),
    (
      #"{"record":"header","schema":"sextant/2","source":{"uri":"a","kind":"file","duration":-1.0}}"#,
      "\"source.duration\" is below 0"
    ),
    (#"{"record":"event","kind":"cut","frame":-1,"time":0.0}"#, "\"frame\" is below 0"),
    (#"{"record":"event","kind":"cut","frame":1,"time":-0.5}"#, "an event with a \"time\" before 0"),
    (#"{"record":"backfill","frame":1,"time":-0.5,"tracks":[]}"#, "a \"time\" before 0"),
    (#"{"record":"end","frames":-1,"dropped":0,"ids":0,"status":"complete"}"#, "\"frames\" is below 0"),
    (#"{"record":"end","frames":1,"dropped":0,"ids":-1,"status":"complete"}"#, "\"ids\" is below 0"),
    (#"{"record":"end","frames":1,"dropped":0,"ids":[],"status":"complete"}"#, "\"ids\" is not an integer"),
  ])
  func refusesNumbersBeyondTheSchema(line: String, reason: String) {
    let found = problem(line + "\n")
    #expect(found.contains(reason), "\(found)")
  }

  @Test func takesTheLargestSeed() {
    #expect(problem(#"{"record":"header","schema":"sextant/2","seed":9223372036854775807}"# + "\n") == "nothing was refused")
  }

  /// Twenty thousand tracks in a frame, a line of more than 2 MB.
  @Test func readsLongLinesThroughEveryReader() throws {
    let tracks = (1...20_000).map {
      "{\"id\":\($0),\"class\":\"car\",\"box\":{\"cx\":1.25,\"cy\":2.5,\"w\":3.0,\"h\":4.0,\"angle\":0.1},\"observed\":true,\"observation\":\"observed\"}"
    }
    let pose = ",\"pose\":{\"position\":[1,2,3],\"quaternion\":[0,0,0,1]}"
    let text = "{\"record\":\"frame\",\"frame\":0,\"time\":0.0,\"tracks\":[\(tracks.joined(separator: ","))]\(pose)}\n"
    #expect(text.utf8.count > 2 << 20)
    let bytes = Array(text.utf8)
    for format in [nil, BoxFormat.sextant] {
      #expect(try BoxTableReader.read(bytes: bytes, name: "s", options: .init(format: format, role: .detections)).count == 20_000)
    }
    #expect(try TrajectoryReader.read(bytes: bytes, name: "s").trajectory.poses.count == 1)
  }
}
