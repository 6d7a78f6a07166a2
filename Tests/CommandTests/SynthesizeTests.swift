import Foundation
import Testing

@Suite struct SynthesizeTests {
  @Test func aSceneBecomesAVideoAndItsTruth() throws {
    let place = try TemporaryFolder()
    let run = try ProgramRun(
      [
        "synthesize", "crossing", "-o", "a.mp4", "--truth", "a", "--masks", "--size", "160x96", "--duration", "0.2", "--seed", "3",
        "--quality", "0",
      ], in: place.url)
    #expect(run.exitCode == 0)
    #expect(run.output.isEmpty && run.errors.isEmpty)
    for name in ["a.mp4", "a/gt.txt", "a/truth.ndjson", "a/poses-tum.txt", "a/masks/000004.png"] {
      #expect(FileManager.default.fileExists(atPath: place.file(name).path), "\(name)")
    }
    // The scene file alone gives the same video again, and the truth can be drawn on it. Lossless: x264's lossy decisions can differ.
    #expect(try ProgramRun(["synthesize", "a/scene.json", "-o", "b.mp4", "--quality", "0"], in: place.url).exitCode == 0)
    let (first, again) = (try Data(contentsOf: place.file("a.mp4")), try Data(contentsOf: place.file("b.mp4")))
    #expect(first == again)
    #expect(try ProgramRun(["render", "a/truth.ndjson", "a.mp4", "-o", "c.mp4"], in: place.url).exitCode == 0)
  }

  @Test(arguments: [
    (["synthesize", "moon", "-o", "x.mp4"], Int32(64), "there is no preset \"moon\""),
    (["synthesize", "aerial", "-o", "x.mp4", "--size", "5x5"], 64, "size must be"),
    (["synthesize", "aerial", "-o", "x.mp4", "--size", "big"], 64, "--size big is not a size"),
    (["synthesize", "aerial", "-o", "x.mp4", "--fps", "1/0"], 64, "frameRate"),
    (["synthesize", "aerial", "-o", "x.mp4", "--masks"], 64, "need --truth"),
    (["synthesize", "absent.json", "-o", "x.mp4"], 66, "absent.json"),
    (["render", "absent.ndjson", "absent.mp4", "-o", "x.mp4"], 66, "absent.ndjson"),
    (["render", "a", "b", "-o", "x.mp4", "--layers", "hats"], 64, "--layers hats is not known"),
  ])
  func badInputIsOneSentenceAndItsExitCode(arguments: [String], exitCode: Int32, sentence: String) throws {
    let place = try TemporaryFolder()
    let run = try ProgramRun(arguments, in: place.url)
    #expect(run.exitCode == exitCode)
    #expect(run.errors.contains(sentence), "\(run.errors)")
  }

  @Test func aSceneFileThatIsNoneIsNamed() throws {
    let place = try TemporaryFolder()
    try Data("{\"name\": 3}".utf8).write(to: place.file("bad.json"))
    let run = try ProgramRun(["synthesize", "bad.json", "-o", "x.mp4"], in: place.url)
    #expect(run.exitCode == 65)
    #expect(run.errors.contains("bad.json"))
  }
}
