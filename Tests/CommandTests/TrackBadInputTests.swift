import Foundation
import Testing

@Suite struct TrackBadInputTests {
  let folder = try? TemporaryFolder()

  private func file(_ name: String, _ text: String = "") throws -> String {
    let url = try #require(folder).file(name)
    try Data(text.utf8).write(to: url)
    return url.path
  }

  private func expectFailure(_ run: ProgramRun, code: Int32, _ words: String, location: SourceLocation = #_sourceLocation) {
    #expect(run.exitCode == code, "\(run.errors)", sourceLocation: location)
    #expect(run.errors.contains(words), "\(run.errors)", sourceLocation: location)
    #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)", sourceLocation: location)
  }

  @Test func aMissingFileIs66() throws {
    expectFailure(try ProgramRun(["track", "no-such-file.mp4"]), code: 66, "no-such-file.mp4")
  }

  @Test func anEmptyFileIs65() throws {
    expectFailure(try ProgramRun(["track", try file("empty.mp4")]), code: 65, "empty.mp4")
  }

  @Test func aTextNamedAsAVideoIs65() throws {
    expectFailure(try ProgramRun(["track", try file("text.mp4", "This is a letter.\n")]), code: 65, "text.mp4")
  }

  @Test func aFolderWithoutPicturesIs65() throws {
    _ = try file("note.txt", "x")
    expectFailure(try ProgramRun(["track", try #require(folder).url.path]), code: 65, "no image file")
  }

  @Test func aCameraThatDoesNotExistIs66Or69() throws {
    let run = try ProgramRun(["track", "/dev/video97", "--give-up", "0"])
    #expect([66, 69].contains(run.exitCode), "\(run.errors)")
    #expect(run.errors.contains("/dev/video97"))
  }

  @Test func anOutputThatExistsIs73() throws {
    let taken = try file("taken.ndjson", "mine")
    let detections = try file("det.txt", "1,-1,10,10,5,5,0.9\n")
    expectFailure(try ProgramRun(["track", "--detections", detections, "-o", taken]), code: 73, "--overwrite")
    #expect(try String(contentsOfFile: taken, encoding: .utf8) == "mine")
    #expect(try ProgramRun(["track", "--detections", detections, "-o", taken, "--overwrite"]).exitCode == 0)
  }

  @Test func aFullDiskIs74() throws {
    let lines = (1...2000).map { "\($0),-1,\($0),10,50,50,0.9\n" }.joined()
    let run = try ProgramRun(["track", "--detections", try file("det.txt", lines), "-o", "/dev/full", "--overwrite"])
    expectFailure(run, code: 74, "/dev/full")
  }

  @Test(arguments: [
    ("1,-1,10,10,5,5,0.9\n2,-1,ten,10,5,5,0.9\n", "line 2"),
    ("1,-1,10,10,5,5,0.9\n2,-1,nan,10,5,5,0.9\n", "line 2"),
    ("1,-1,10,10,-5,5,0.9\n", "line 1"),
    ("1,-1,10,10\n", "first line"),
  ])
  func aBadLineOfDetectionsIs65AndNamed(text: String, line: String) throws {
    expectFailure(try ProgramRun(["track", "--detections", try file("det.txt", text)]), code: 65, line)
  }

  @Test func framesOutOfOrderAreSortedAndSaid() throws {
    let text = [3, 1, 2].map { "\($0),-1,\($0 * 2),10,50,50,0.9\n" }.joined()
    let run = try ProgramRun(["track", "--detections", try file("det.txt", text)])
    #expect(run.exitCode == 0)
    #expect(run.errors.contains("order"))
    #expect(run.lines.filter { $0.hasPrefix("{\"record\":\"frame\"") }.count == 3)
  }

  @Test func aClosedPipeEndsQuietly() throws {
    let lines = (1...20000).map { "\($0),-1,\($0),10,50,50,0.9\n" }.joined()
    let detections = try file("det.txt", lines)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c",
      "{ '\(ProgramRun.program.path)' track --detections '\(detections)'; echo $? >&2; } 2>'\(detections).err' | head -1 >/dev/null",
    ]
    try process.run()
    process.waitUntilExit()
    #expect(try String(contentsOfFile: detections + ".err", encoding: .utf8) == "0\n")
  }
}
