import Foundation
import Testing

/// What the commands do with files: no input is written to, every result is whole, and each mistake is told.
@Suite struct OutputFilesTests {
  private let folder: TemporaryFolder
  /// Ten rows of one object.
  private static let rows = (1...10).map { "\($0),1,\($0 * 2),10,40,30,0.9,1,1\n" }.joined()

  init() throws {
    folder = try TemporaryFolder()
    for name in ["det.txt", "gt.txt", "result.txt"] { _ = try folder.write(OutputFilesTests.rows, name) }
    _ = try folder.write("fps: 10\n", "c.yaml")
  }

  private func run(_ arguments: String...) throws -> ProgramRun { try ProgramRun(arguments, in: folder.url) }

  private func contents(_ name: String) throws -> Data { try Data(contentsOf: folder.file(name)) }

  private var names: Set<String> {
    get throws { Set(try FileManager.default.contentsOfDirectory(atPath: folder.url.path)) }
  }

  /// A clip of a few small pictures.
  private func makeVideo(_ name: String) throws {
    let made = try run("synthesize", "crossing", "-o", name, "--size", "64x48", "--duration", "0.2", "-q")
    #expect(made.exitCode == 0, "\(made.errors)")
  }

  private func expectRefusal(_ run: ProgramRun, _ code: Int32, _ words: String, location: SourceLocation = #_sourceLocation) {
    #expect(run.exitCode == code, "\(run.errors)", sourceLocation: location)
    #expect(run.errors.contains(words), "\(run.errors)", sourceLocation: location)
    #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)", sourceLocation: location)
  }

  @Test func noOutputOfTrackReplacesAnInputByPathLinkOrSecondName() throws {
    try makeVideo("base.mp4")
    try FileManager.default.createSymbolicLink(at: folder.file("soft.mp4"), withDestinationURL: folder.file("base.mp4"))
    try FileManager.default.linkItem(at: folder.file("base.mp4"), to: folder.file("hard.mp4"))
    try FileManager.default.linkItem(at: folder.file("det.txt"), to: folder.file("second.txt"))
    let before = try (contents("base.mp4"), contents("det.txt"), contents("c.yaml"), names)
    for name in ["base.mp4", "./base.mp4", folder.file("base.mp4").path, "soft.mp4", "hard.mp4"] {
      for option in ["-o", "--csv", "--mot-output", "--overlay", "--timings"] {
        expectRefusal(try run("track", "base.mp4", option, name, "--overwrite"), 73, "would replace the video")
      }
    }
    for option in ["-o", "--csv", "--oriented-mot-output", "--timings"] {
      let arguments = ["track", "--detections", "det.txt", "--config", "c.yaml", "--overwrite", option]
      expectRefusal(try ProgramRun(arguments + ["second.txt"], in: folder.url), 73, "would replace the detections")
      expectRefusal(try ProgramRun(arguments + ["c.yaml"], in: folder.url), 73, "would replace the configuration")
    }
    #expect(try (contents("base.mp4"), contents("det.txt"), contents("c.yaml"), names) == before)
  }

  @Test func noOutputOfTheOtherCommandsReplacesAnInput() throws {
    try makeVideo("base.mp4")
    _ = try run("track", "base.mp4", "-o", "t.ndjson", "-q")
    _ = try run("synthesize", "crossing", "-o", "x.mp4", "--truth", "truth", "--size", "64x48", "--duration", "0.2", "-q")
    let before = try (contents("base.mp4"), contents("gt.txt"), contents("t.ndjson"), contents("truth/scene.json"), names)
    expectRefusal(try run("render", "t.ndjson", "base.mp4", "-o", "base.mp4", "--overwrite"), 73, "the video")
    for option in ["--report", "--events"] {
      for name in ["gt.txt", "result.txt"] {
        let arguments = ["evaluate", "tracks", "--truth", "gt.txt", "--result", "result.txt", option, name, "--overwrite"]
        expectRefusal(try ProgramRun(arguments, in: folder.url), 73, name)
      }
    }
    expectRefusal(try run("convert", "gt.txt", "./gt.txt", "--to", "csv", "--overwrite"), 73, "the input")
    expectRefusal(
      try run("synthesize", "truth/scene.json", "-o", "y.mp4", "--truth", "truth", "--overwrite", "-q"), 73, "the scene")
    for option in ["-o", "--report"] {
      let arguments = ["identify", "gt.txt", "--input", "u", "--output", "y", "--train", "0:5", "--overwrite", option, "gt.txt"]
      expectRefusal(try ProgramRun(arguments, in: folder.url), 73, "the data")
    }
    #expect(
      try (contents("base.mp4"), contents("gt.txt"), contents("t.ndjson"), contents("truth/scene.json"), names) == before)
  }

  @Test func noOutputReplacesWhatAnInputNames() throws {
    try makeVideo("part.mp4")
    _ = try folder.write("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\ninner.m3u8\n", "outer.m3u8")
    _ = try folder.write("#EXTM3U\n#EXT-X-MAP:URI=\"part.mp4\"\n#EXTINF:1,\npart.mp4\n#EXT-X-ENDLIST\n", "inner.m3u8")
    _ = try folder.write("[Sequence]\nframeRate=10\n", "sequence/seqinfo.ini")
    _ = try folder.write("P5 1 1 255\n0", "sequence/img1/1.pgm")
    for (input, output) in [
      ("outer.m3u8", "part.mp4"), ("outer.m3u8", "inner.m3u8"), ("inner.m3u8", "part.mp4"),
      ("sequence/img1", "sequence/seqinfo.ini"),
    ] {
      let before = try contents(output)
      expectRefusal(try run("track", input, "-o", output, "--overwrite"), 73, "would replace")
      #expect(try contents(output) == before)
    }
  }

  @Test(.enabled(if: SharedData.isPresent, "the data beside the project are not there"))
  func noOutputOfANetworkReplacesItsModelOrAnInput() throws {
    let files = SharedData.folder.deletingLastPathComponent().appendingPathComponent("onnx/cnn_f32")
    for (name, copy) in [("cnn_f32.onnx", "net.onnx"), ("input.npy", "logits.npy")] {
      try FileManager.default.copyItem(at: files.appendingPathComponent(name), to: folder.file(copy))
    }
    // The network's output is called "logits", as its input's file is; then as a second name of the model.
    let arguments = ["network", "run", "net.onnx", "--input", "logits.npy", "-o", ".", "--overwrite"]
    let before = try (contents("logits.npy"), contents("net.onnx"))
    expectRefusal(try ProgramRun(arguments, in: folder.url), 73, "an input")
    try FileManager.default.moveItem(at: folder.file("logits.npy"), to: folder.file("in.npy"))
    try FileManager.default.linkItem(at: folder.file("net.onnx"), to: folder.file("logits.npy"))
    expectRefusal(
      try run("network", "run", "net.onnx", "--input", "in.npy", "-o", ".", "--overwrite"), 73, "the model")
    #expect(try (contents("in.npy"), contents("net.onnx")) == before)
  }

  @Test func twoOutputsOfOneNameAreRefused() throws {
    for (first, second) in [
      (["-o", "x"], ["--timings", "x"]), (["-o", "a"], ["--csv", "./a"]), (["-o", "a"], ["--csv", "a.part"]),
    ] {
      expectRefusal(try ProgramRun(["track", "--detections", "det.txt"] + first + second, in: folder.url), 64, "one file")
    }
    expectRefusal(
      try run("evaluate", "tracks", "--truth", "gt.txt", "--result", "result.txt", "--report", "x", "--events", "x"), 64, "one file"
    )
    #expect(try names == ["det.txt", "gt.txt", "result.txt", "c.yaml"])
  }

  @Test func whatCannotBeCreatedIsToldBeforeAnythingIsWritten() throws {
    try FileManager.default.createDirectory(at: folder.file("out"), withIntermediateDirectories: false)
    _ = try folder.write("old", "old.ndjson")
    let arguments = ["track", "--detections", "det.txt", "--fps", "10", "--overwrite", "-o", "old.ndjson"]
    expectRefusal(try ProgramRun(arguments + ["--csv", "out"], in: folder.url), 73, "it is a folder")
    expectRefusal(try ProgramRun(arguments + ["--csv", "none/x.csv"], in: folder.url), 73, "there is no folder none")
    #expect(try contents("old.ndjson") == Data("old".utf8))
    expectRefusal(try run("track", "--detections", "det.txt", "--timings", "old.ndjson"), 73, "--overwrite")
  }

  @Test func anOverlayFollowsItsExtensionOrIsRefused() throws {
    try makeVideo("base.mp4")
    for name in ["-", "seen", "seen.gif", "seen.mp4.txt"] {
      expectRefusal(try run("track", "base.mp4", "-o", "/dev/null", "--overlay", name), 64, ".mp4, .m4v, .mov, .mkv")
    }
    // The first bytes tell Matroska (EBML) from MP4 (a box of the type "ftyp").
    for (name, at, magic) in [
      ("seen.mkv", 0, Data([0x1A, 0x45, 0xDF, 0xA3])), ("seen.mov", 4, Data("ftypqt".utf8)), ("seen.mp4", 4, Data("ftyp".utf8)),
    ] {
      let run = try run("track", "base.mp4", "-o", "/dev/null", "--overlay", name, "-q")
      #expect(run.exitCode == 0, "\(run.errors)")
      #expect(try contents(name).dropFirst(at).starts(with: magic), "\(name)")
    }
    #expect(try !names.contains { $0.hasSuffix(".part") })
  }

  @Test func anErrorInTheMiddleKeepsWhatWasWrittenUnderItsName() throws {
    let long = (1...2000).map { "\($0),-1,\($0),10,50,50,0.9\n" }.joined()
    _ = try folder.write(long, "long.txt")
    // Files may grow to 64 blocks of 512 bytes: as on a full disk, writing fails in the middle.
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.currentDirectoryURL = folder.url
    process.arguments = [
      "-c", "ulimit -f 64; '\(ProgramRun.program.path)' track --detections long.txt --fps 10 -o t.ndjson --csv t.csv 2>errors.txt",
    ]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 74)
    #expect(try names.isSuperset(of: ["t.ndjson", "t.csv"]) && !names.contains { $0.hasSuffix(".part") })
    for name in ["t.ndjson", "t.csv"] {
      let text = String(decoding: try contents(name), as: UTF8.self)
      #expect(text.hasSuffix("\n") && text.utf8.count > 2_000 && text.utf8.count <= 64 * 1024, "\(name)")
    }
  }

  @Test func aStreamThatWasCutOffByAKillIsReadUnderItsUnfinishedName() throws {
    let whole = try run("track", "--detections", "det.txt", "--fps", "10", "-q").output
    _ = try folder.write(String(whole.dropLast(150)), "t.ndjson.part")
    let read = try run("convert", "t.ndjson.part", "-", "--to", "mot")
    #expect(read.exitCode == 0 && read.lines.count > 3, "\(read.errors)")
    // The next run takes the unfinished name over.
    #expect(try run("track", "--detections", "det.txt", "--fps", "10", "-o", "t.ndjson", "-q").exitCode == 0)
    #expect(try names.contains("t.ndjson") && !names.contains("t.ndjson.part"))
    #expect(try String(decoding: contents("t.ndjson"), as: UTF8.self) == whole)
  }

  @Test(arguments: [(SIGTERM, 143), (SIGINT, 130), (SIGHUP, 129)] as [(Int32, Int32)])
  func aSignalEndsACommandThatWaitsForItsInput(signal: Int32, code: Int32) throws {
    #expect(mkfifo(folder.file("pipe").path, 0o600) == 0)
    for arguments in [["track", "--detections", "pipe"], ["convert", "pipe", "x.csv", "--to", "csv"]] {
      let process = try ProgramRun.started(arguments, in: folder.url)
      // Both loops are bounded: a program that never watches or never ends fails the test instead of holding it up.
      for _ in 0..<1000 where process.isRunning && !isWatched(signal, by: process.processIdentifier) { usleep(10_000) }
      for _ in 0..<100 where process.isRunning {
        kill(process.processIdentifier, signal)
        usleep(50_000)
      }
      if process.isRunning { kill(process.processIdentifier, SIGKILL) }
      process.waitUntilExit()
      #expect(process.terminationReason == .exit && process.terminationStatus == code)
    }
    #expect(try !names.contains("x.csv") && !names.contains("x.csv.part"))
  }

  /// Whether a process no longer does what the signal does by default: then it has begun to watch for it.
  private func isWatched(_ signal: Int32, by process: Int32) -> Bool {
    let status = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
    return status.split(separator: "\n").contains { line in
      guard line.hasPrefix("SigIgn:") || line.hasPrefix("SigCgt:"), let text = line.split(separator: "\t").last,
        let mask = UInt64(text, radix: 16)
      else { return false }
      return mask & (1 << UInt64(signal - 1)) != 0
    }
  }
}
