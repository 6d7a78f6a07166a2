import Foundation
import Testing

/// `sextant view -o` and `convert --apply-review` as commands; the page itself is `ViewBrowserTests`' matter.
@Suite struct ViewTests {
  private static let stream = """
    {"record":"header","schema":"sextant/2","program":"t","source":{"uri":"a.mp4","kind":"file","width":640,"height":360,"frame_rate":[10,1]},"settings":{},"classes":["car"],"seed":0}
    {"record":"frame","frame":0,"time":0.0,"tracks":[{"id":1,"class":"car","state":"confirmed","box":{"cx":10.0,"cy":20.0,"w":8.0,"h":4.0,"angle":0.5,"angle_sd":null},"observed":true,"observation":"observed"},{"id":2,"class":"car","state":"confirmed","box":{"cx":90.0,"cy":20.0,"w":8.0,"h":4.0,"angle":0.5,"angle_sd":null},"observed":true,"observation":"observed"}]}
    {"record":"end","frames":1,"dropped":0,"ids":2,"status":"complete"}

    """

  @Test func aPageIsOneFile() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(Self.stream, "t.ndjson")
    let run = try ProgramRun(["view", "t.ndjson", "-o", "page.html"], in: folder.url)
    #expect(run.exitCode == 0 && run.errors.isEmpty && run.output.isEmpty, "\(run.errors)")
    let page = try String(contentsOf: folder.file("page.html"), encoding: .utf8)
    #expect(page.hasPrefix("<!DOCTYPE html>"))
    // The only address in it names SVG's own namespace.
    #expect(page.components(separatedBy: "http").count == 3 && page.contains("http://www.w3.org/2000/svg"))
    #expect(try ProgramRun(["view", "t.ndjson", "-o", "page.html"], in: folder.url).exitCode == 73)
    #expect(try ProgramRun(["view", "t.ndjson", "-o", "t.ndjson", "--overwrite"], in: folder.url).exitCode == 73)
    #expect(try ProgramRun(["view", "none.ndjson", "-o", "p.html"], in: folder.url).exitCode == 66)
    let two = ["view", "t.ndjson", "--truth", "t.ndjson", "--compare", "t.ndjson", "-o", "two.html"]
    #expect(try ProgramRun(two, in: folder.url).exitCode == 0)
  }

  /// Of another size than the stream's, in a file that browsers do not open: it is made anew and played, and nothing can be hidden in it.
  @Test func aVideoOfAnotherSizeIsMadeAnewToo() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(Self.stream, "t.ndjson")
    let made = try ProgramRun(
      ["synthesize", "crossing", "-o", "c.mkv", "--size", "96x64", "--duration", "1", "-q"], in: folder.url)
    #expect(made.exitCode == 0, "\(made.errors)")
    let plain = try ProgramRun(["view", "t.ndjson", "c.mkv", "-o", "plain.html"], in: folder.url)
    #expect(plain.exitCode == 0 && plain.errors.contains("made H.264 anew"), "\(plain.errors)")
    let hidden = try ProgramRun(["view", "t.ndjson", "c.mkv", "--blur", "all", "-o", "hidden.html"], in: folder.url)
    #expect(hidden.exitCode == 0 && hidden.errors.contains("the page has no pictures"), "\(hidden.errors)")
    let sizes = try ["plain.html", "hidden.html"].map { try Data(contentsOf: folder.file($0)).count }
    // The copy of a video of 25 pictures stands in one of them.
    #expect(sizes[0] > sizes[1] + 1000)
  }

  /// Nothing is served of what cannot be read, and nothing is promised that cannot be hidden.
  @Test func whatCannotBeShownOrHiddenIsSaid() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(Self.stream, "t.ndjson")
    _ = try folder.write("", "empty.ndjson")
    _ = try folder.write(Self.stream, "bad.ndjson")
    _ = try folder.write("{\"record\":\"rev", "bad.review.ndjson")
    _ = try folder.write(Self.stream.replacingOccurrences(of: "sextant/2", with: "sextant/99"), "future.ndjson")
    for (arguments, code) in [
      (["view", "none.ndjson"], 66), (["view", "empty.ndjson"], 65), (["view", "t.ndjson", "--blur", "all"], 64),
      (["view", "t.ndjson", "--mosaic"], 64), (["view", "t.ndjson", "--from", "nothing"], 64),
      (["view", "t.ndjson", "--port", "5000", "-o", "p.html"], 64), (["view", "bad.ndjson"], 65),
      (["view", "future.ndjson"], 65), (["view", "t.ndjson", "t.ndjson"], 65), (["view", "t.ndjson", "none.mp4"], 66),
      (["track", "--detections", "t.ndjson", "--blur", "all", "-o", "x.ndjson"], 64),
      (["track", "a.mp4", "--view", "--smooth", "-o", "x.ndjson"], 64),
    ] {
      let run = try ProgramRun(arguments, in: folder.url)
      #expect(run.exitCode == code && run.output.isEmpty && !run.errors.isEmpty, "\(arguments): \(run.exitCode) \(run.errors)")
    }
  }

  @Test func aPortInUseIsASentence() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(Self.stream, "t.ndjson")
    let first = Process()
    first.executableURL = ProgramRun.program
    first.currentDirectoryURL = folder.url
    first.arguments = ["view", "t.ndjson", "--quiet"]
    let pipe = Pipe()
    first.standardOutput = pipe
    first.standardError = FileHandle.nullDevice
    try first.run()
    defer {
      first.interrupt()
      first.waitUntilExit()
    }
    let address = String(decoding: pipe.fileHandleForReading.availableData, as: UTF8.self).trimmingCharacters(
      in: .whitespacesAndNewlines)
    let port = try #require(URL(string: address)?.port)
    let run = try ProgramRun(["view", "t.ndjson", "--port", String(port)], in: folder.url)
    #expect(run.exitCode == 69 && run.errors.contains("another program uses it"), "\(run.exitCode) \(run.errors)")
  }

  @Test func aReviewCorrectsTheStreamAndWhatIsMadeOfIt() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(Self.stream, "t.ndjson")
    _ = try folder.write(#"{"record":"review","kind":"wrong","id":2,"frame":0}"# + "\n", "t.review.ndjson")
    let corrected = try ProgramRun(
      ["convert", "t.ndjson", "c.ndjson", "--to", "sextant", "--apply-review", "t.review.ndjson"], in: folder.url)
    #expect(corrected.exitCode == 0 && corrected.errors.contains("1 rows left out"), "\(corrected.errors)")
    let text = try String(contentsOf: folder.file("c.ndjson"), encoding: .utf8)
    #expect(
      text.contains(#""id":1"#) && !text.contains(#""id":2"#) && text.contains(#""ids":1"#)
        && text.contains(#""frame_rate":[10,1]"#))
    let csv = try ProgramRun(
      ["convert", "t.ndjson", "-", "--to", "csv", "--apply-review", "t.review.ndjson", "-q"], in: folder.url)
    #expect(csv.exitCode == 0 && csv.lines.count == 2)
    _ = try folder.write(#"{"record":"review","kind":"wrong","id":77,"frame":0}"# + "\n", "other.review.ndjson")
    let other = try ProgramRun(
      ["convert", "t.ndjson", "-", "--to", "csv", "--apply-review", "other.review.ndjson"], in: folder.url)
    #expect(other.exitCode == 0 && other.errors.contains("does not have (77)"), "\(other.errors)")
    _ = try folder.write(#"{"record":"review","kind":"swap","id":1,"frame":0,"other":9}"# + "\n", "swap.review.ndjson")
    let swap = try ProgramRun(["convert", "t.ndjson", "-", "--to", "csv", "--apply-review", "swap.review.ndjson"], in: folder.url)
    #expect(swap.exitCode == 65 && swap.errors.contains("track 9"), "\(swap.errors)")
    // A file of tracks is corrected likewise: frames of decisions count from 0.
    _ = try folder.write("1,1,6,18,8,4,1,-1,-1,-1\n1,2,86,18,8,4,1,-1,-1,-1\n2,2,87,18,8,4,1,-1,-1,-1\n", "m.txt")
    _ = try folder.write(#"{"record":"review","kind":"delete","id":2,"frame":1}"# + "\n", "m.review.ndjson")
    let mot = try ProgramRun(["convert", "m.txt", "-", "--to", "mot", "--apply-review", "m.review.ndjson", "-q"], in: folder.url)
    #expect(mot.exitCode == 0 && mot.lines.map { $0.prefix(4) } == ["1,1,", "1,2,"], "\(mot.errors) \(mot.output)")
    // An empty review changes nothing, digit by digit, rows without an identity and columns of the format's own included.
    let kitti = """
      0 -1 DontCare -1 -1 -10 219.31 188.49 245.50 218.56 -1000 -1000 -1000 -10 -1 -1 -1
      0 0 Van 0 2 -1.793451 296.744956 161.752147 455.226042 292.372804 2 1.823255 4.433886 -4.552284 1.858523 13.41 -2.115488

      """
    _ = try folder.write(kitti, "k.txt")
    _ = try folder.write("", "empty.review.ndjson")
    let plain = try ProgramRun(["convert", "k.txt", "-", "--to", "kitti", "-q"], in: folder.url)
    let reviewed = try ProgramRun(
      ["convert", "k.txt", "-", "--to", "kitti", "-q", "--apply-review", "empty.review.ndjson"], in: folder.url)
    #expect(
      reviewed.exitCode == 0 && plain.exitCode == 0 && reviewed.output == plain.output && plain.lines.count == 2,
      "\(reviewed.errors)")
    _ = try folder.write("{}\n", "bad.review.ndjson")
    let bad = try ProgramRun(["convert", "t.ndjson", "-", "--to", "csv", "--apply-review", "bad.review.ndjson"], in: folder.url)
    #expect(bad.exitCode == 65 && bad.errors.contains("bad.review.ndjson, line 1"), "\(bad.errors)")
  }
}
