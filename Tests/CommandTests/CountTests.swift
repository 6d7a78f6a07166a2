import Foundation
import Testing

/// `sextant count`: counts of streams and of files of tracks.
@Suite struct CountTests {
  /// Two cars cross x = 100 to the right at 50 px/s, one of them back again; ten rows a second.
  private func stream(isWhole: Bool = true) -> String {
    var text =
      #"{"record":"header","schema":"sextant/2","program":"t","source":{"uri":"a.mp4","kind":"file","width":640,"height":360},"settings":{},"classes":["car"],"seed":0}"#
      + "\n"
    for frame in 0..<60 {
      let x = [40 + 5 * Double(frame), frame < 30 ? 40 + 5 * Double(frame) : 190 - 5 * Double(frame - 30)]
      let rows = x.enumerated().map { index, x in
        #"{"id":\#(index + 1),"class":"car","state":"confirmed","box":{"cx":\#(x),"cy":\#(100 + 50 * index),"w":20,"h":10,"angle":0,"angle_sd":null},"observed":true,"observation":"observed"}"#
      }
      text +=
        #"{"record":"frame","frame":\#(frame),"time":\#(Double(frame) / 10),"tracks":[\#(rows.joined(separator: ","))]}"# + "\n"
    }
    return isWhole ? text + #"{"record":"end","frames":60,"dropped":0,"ids":2,"status":"complete"}"# + "\n" : text
  }

  @Test func countsByClassAndDirection() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(stream(), "t.ndjson")
    let run = try ProgramRun(["count", "t.ndjson", "--line", "gate=101,360,101,0", "--crossings", "c.csv"], in: folder.url)
    #expect(run.exitCode == 0 && run.errors.isEmpty, "\(run.errors)")
    #expect(
      run.lines.dropFirst() == [
        "gate,line,all,left_to_right,2,2,1,50.0,,,", "gate,line,all,right_to_left,1,1,0,50.0,,,",
        "gate,line,car,left_to_right,2,2,1,50.0,,,", "gate,line,car,right_to_left,1,1,0,50.0,,,",
      ])
    let crossings = try String(contentsOf: folder.file("c.csv"), encoding: .utf8).split(separator: "\n")
    #expect(crossings.contains("gate,right_to_left,2,car,4.78,101.0,150.0,50.0"))
  }

  @Test func aZoneTellsDwellTimes() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(stream(), "t.ndjson")
    _ = try folder.write(
      #"{"type":"Feature","properties":{"name":"yard"},"geometry":{"type":"Polygon","coordinates":[[[61,0],[161,0],[161,120],[61,120],[61,0]]]}}"#,
      "z.geojson")
    let run = try ProgramRun(["count", "t.ndjson", "--zone", "z.geojson", "--json"], in: folder.url)
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.output.contains(#""direction":"inside","tracks":1,"mean_speed_px_per_s":50.0"#), "\(run.output)")
    #expect(run.output.contains(#""frames":60"#))
  }

  @Test func aStreamThatGrowsIsFollowedToItsEnd() throws {
    let folder = try TemporaryFolder()
    let whole = Data(stream().utf8)
    _ = try folder.write(whole.prefix(3000), "t.ndjson")
    let process = try ProgramRun.started(
      ["count", "t.ndjson", "--follow", "--line", "101,360,101,0", "-o", "c.csv"], in: folder.url)
    Thread.sleep(forTimeInterval: 0.3)
    #expect(process.isRunning)
    let handle = try FileHandle(forWritingTo: folder.file("t.ndjson"))
    try handle.seekToEnd()
    try handle.write(contentsOf: whole.dropFirst(3000))
    try handle.close()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(try String(contentsOf: folder.file("c.csv"), encoding: .utf8).contains("all,left_to_right,2,2,1,50.0"))
  }

  @Test func mistakesAreSentences() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(stream(isWhole: false), "t.ndjson")
    _ = try folder.write(#"{"type":"Polygon","coordinates":[[[0,0],[9,9],[9,0],[0,5],[0,0]]]}"#, "crossed.geojson")
    let nothing = try ProgramRun(["count", "t.ndjson"], in: folder.url)
    #expect(nothing.exitCode == 64 && nothing.errors.contains("--line"))
    #expect(try ProgramRun(["count", "t.ndjson", "--line", "1,2,3"], in: folder.url).exitCode == 64)
    #expect(try ProgramRun(["count", "t.ndjson", "--line", "1,2,1,2"], in: folder.url).exitCode == 64)
    let crossed = try ProgramRun(["count", "t.ndjson", "--zone", "crossed.geojson"], in: folder.url)
    #expect(crossed.exitCode == 65 && crossed.errors.contains("crosses itself"), "\(crossed.errors)")
    _ = try folder.write(
      #"{"type":"Polygon","coordinates":[[[8.51,47.1],[8.52,47.1],[8.52,47.2],[8.51,47.1]]]}"#, "degrees.geojson")
    let degrees = try ProgramRun(["count", "t.ndjson", "--zone", "degrees.geojson"], in: folder.url)
    #expect(degrees.exitCode == 0 && degrees.errors.contains("zone 1 lies within one pixel"), "\(degrees.errors)")
    let twice = try ProgramRun(["count", "t.ndjson", "--line", "a=0,0,1,1", "--line", "a=0,0,2,2"], in: folder.url)
    #expect(twice.exitCode == 65 && twice.errors.contains("two of this name"))
    let open = try ProgramRun(["count", "t.ndjson", "--line", "-5,101,640,101"], in: folder.url)
    #expect(open.exitCode == 0 && open.errors.contains("still being written"))
    let onInput = try ProgramRun(["count", "t.ndjson", "--line", "0,0,9,9", "-o", "t.ndjson", "--overwrite"], in: folder.url)
    #expect(onInput.exitCode == 73)
  }
}
