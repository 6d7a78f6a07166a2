import Foundation
import Testing

/// `sextant train embedder`: what it writes, who takes it, and what it refuses.
@Suite struct EmbedderCommandTests {
  /// Short films of a made-up scene with their tracks of truth beside them.
  private static func films(_ count: Int, in folder: TemporaryFolder) throws {
    for seed in 0..<count {
      let run = try ProgramRun(
        [
          "synthesize", "traffic", "-o", "f\(seed).mp4", "--truth", "t\(seed)", "--seed", "\(seed)", "--size", "320x192", "--fps",
          "10", "--duration", "2.4", "-q",
        ], in: folder.url)
      #expect(run.exitCode == 0, "\(run.errors)")
      try FileManager.default.copyItem(at: folder.file("t\(seed)/gt.txt"), to: folder.file("f\(seed).txt"))
    }
  }

  private static let train = [
    "train", "embedder", "--every", "3", "--batch", "4", "--epochs", "2", "-o", "looks", "--tracks", "f0.mp4", "f1.mp4",
  ]

  @Test func anEmbedderIsTrainedAndUsed() throws {
    let folder = try TemporaryFolder()
    try Self.films(2, in: folder)
    let run = try ProgramRun(Self.train, in: folder.url)
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.errors.contains("learning from ") && run.errors.contains("held out are "), "\(run.errors)")
    #expect(run.errors.contains("epoch 2 of 2") && run.errors.contains("rank 1, films"), "\(run.errors)")
    #expect(try String(contentsOf: folder.file("looks.md"), encoding: .utf8).contains("sextant track --appearance"))
    #expect(try String(contentsOf: folder.file("looks.md"), encoding: .utf8).contains("(docs/appearance.md)"))
    #expect(try ProgramRun(Self.train, in: folder.url).exitCode == 73)
    #expect(try ProgramRun(Self.train + ["--resume"], in: folder.url).exitCode == 0)
    let other = try ProgramRun(Self.train + ["--resume", "--rate", "0.5"], in: folder.url)
    #expect(other.exitCode == 65 && other.errors.contains("looks.checkpoint"), "\(other.errors)")
    let tracked = try ProgramRun(
      ["track", "f0.mp4", "--detections", "t0/gt.txt", "--appearance", "looks.onnx", "-o", "-", "-q"], in: folder.url)
    #expect(tracked.exitCode == 0 && tracked.lines.first?.contains("looks.onnx") == true, "\(tracked.errors)")
  }

  @Test(arguments: [
    ([], 64, "nothing to learn from"), (["--tracks", "none.mp4"], 66, "none.mp4: there is no such film"),
    (["--tracks", "broken.mp4", "f0.mp4"], 65, "broken.mp4"), (["--tracks", "f0.mp4"], 65, "to measure on show no object"),
    (["--tracks", "alone.mp4", "f0.mp4"], 65, "to learn from show one object alone"),
    (["--tracks", "nameless.mp4", "f0.mp4"], 65, "nameless.mp4: none of the"), (["--data", "none"], 66, "there is no such folder"),
    (["--tracks", "f0.mp4", "f0.mp4", "--size", "small"], 64, "--size"),
    (["--data", "none", "--classes", ",,"], 64, "names nothing"),
    (["--tracks", "f0.mp4", "copy.mp4", "--classes", "nope"], 64, "give --data too"),
    (["--tracks", "f0.mp4", "copy.mp4", "--ignore-classes", "nope"], 64, "give --data too"),
    (["--tracks", "f0.mp4", "copy.mp4", "--names", "0=nope"], 64, "give --data too"),
    (["--tracks", "f0.mp4", "copy.mp4", "--format", "mot"], 64, "give --data too"),
    (["--tracks", "f0.mp4", "copy.mp4", "--side", "80"], 64, "multiple of 32"),
    (["--tracks", "f0.mp4", "./f0.mp4"], 64, "given twice"),
  ]) func refuses(_ arguments: [String], _ code: Int32, _ sentence: String) throws {
    let folder = try TemporaryFolder()
    try Self.films(1, in: folder)
    for name in ["alone", "nameless", "copy"] {
      try FileManager.default.copyItem(at: folder.file("f0.mp4"), to: folder.file("\(name).mp4"))
    }
    try FileManager.default.copyItem(at: folder.file("f0.txt"), to: folder.file("copy.txt"))
    _ = try folder.write("1,1,10,10,60,10,60,60,10,60,1,1,0\n4,1,10,10,60,10,60,60,10,60,1,1,0\n", "alone.txt")
    _ = try folder.write("1,-1,10,10,60,10,60,60,10,60,1,1,0\n", "nameless.txt")
    _ = try folder.write("no film", "broken.mp4")
    _ = try folder.write("1,1,10,10,60,10,60,60,10,60,1,1,0\n", "broken.txt")
    let run = try ProgramRun(["train", "embedder", "--every", "3", "--batch", "2", "-o", "m"] + arguments, in: folder.url)
    #expect(run.exitCode == code && run.errors.contains(sentence), "\(arguments): \(run.exitCode) \(run.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.file("m.onnx").path))
  }
}
