import Foundation
import Testing

@Suite struct UsageTests {
  @Test func saysItsVersion() throws {
    let run = try ProgramRun(["--version"])
    #expect(run.exitCode == 0)
    #expect(run.output == "sextant 0.1.0\n")
  }

  @Test(arguments: [
    (["track", "--nonsense"], "nonsense"),
    (["track"], "nothing to track"),
    (["track", "x.mp4", "--min-score", "1.5"], "--min-score 1.5 is out of range"),
    (["track", "x.mp4", "--min-score=nan"], "out of range"),
    (["track", "x.mp4", "--features", "sift"], "choose from orb, akaze"),
    (["track", "x.mp4", "--start", "3", "--end", "2"], "does not lie after"),
    (["track", "x.mp4", "--threads", "0"], "--threads 0 is out of range"),
    (["track", "x.mp4", "--threads", "-1"], "--threads -1 is out of range"),
    (["track", "x.mp4", "--lag=-1"], "--lag -1 is out of range: give 0 to 3600 seconds"),
    (["track", "x.mp4", "--lag", "1", "--smooth"], "--lag and --smooth exclude each other: "),
    (["track", "x.mp4", "--smooth", "--forecast", "1"], "--forecast and --smooth exclude each other: "),
    (["track", "x.mp4", "--detections-output", "d.json"], "--detections-output d.json has a name that tells no format"),
    (["track", "x.mp4", "--checkpoint", "c", "--overlay", "o.mp4", "-o", "t"], "--checkpoint and --overlay exclude each other: "),
    (["batch", "run", "x", "--shard", "-1"], "as in --shard=-1"),
    (["track", "x.mp4", "--classes", ",,"], "name nothing"),
    (["evaluate", "tracks", "--truth", "a", "--result", "b", "--classes", ","], "--classes ',' names nothing"),
    (["evaluate", "masks", "--truth", "a", "--result", "b", "--sequences", ","], "--sequences ',' names nothing"),
    (["evaluate", "boxes", "--truth", "a", "--result", "b", "--thresholds", ","], "--thresholds ',': give overlaps"),
  ])
  func aMistakeInTheOptionsIsExitCode64AndOneSentence(arguments: [String], sentence: String) throws {
    let run = try ProgramRun(arguments)
    #expect(run.exitCode == 64)
    #expect(run.errors.contains(sentence))
    #expect(run.output.isEmpty)
  }

  @Test func classesToKeepAreNamedOneByOneOrWithCommas() throws {
    let folder = try TemporaryFolder()
    try Data("frame,x,y,w,h,score,class\n1,10,10,20,10,0.9,car\n".utf8).write(to: folder.file("det.csv"))
    for classes in [["car,kite"], ["car", "kite"]] {
      let run = try ProgramRun(["track", "--detections", "det.csv", "--classes"] + classes, in: folder.url)
      #expect(run.exitCode == 64 && run.errors.contains("cannot keep the class 'kite'"), "\(run.errors)")
    }
  }

  @Test func everySubcommandHasHelp() throws {
    let root = try ProgramRun(["--help"])
    #expect(root.exitCode == 0)
    for name in ["track", "inspect", "render", "synthesize", "evaluate", "convert", "tune", "doctor"] {
      #expect(root.output.contains("  \(name) "))
      #expect(try ProgramRun([name, "--help"]).exitCode == 0)
    }
  }
}
