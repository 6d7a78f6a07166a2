import Foundation
import Testing

/// `sextant train evidence`, and a detector of what moves that is trained on it.
@Suite struct EvidenceTests {
  /// Six short films of a made-up scene with their truth beside them.
  private static func films(in folder: TemporaryFolder) throws {
    for seed in 0..<6 {
      let run = try ProgramRun(
        [
          "synthesize", "crossing", "-o", "f\(seed).mp4", "--truth", "t\(seed)", "--seed", "\(seed)", "--size", "320x192", "--fps",
          "10",
          "--duration", "1.2", "-q",
        ], in: folder.url)
      #expect(run.exitCode == 0, "\(run.errors)")
      try FileManager.default.copyItem(at: folder.file("t\(seed)/gt.txt"), to: folder.file("f\(seed).txt"))
    }
  }

  /// Each picture's frame before is the picture that the frame has by itself; a detector that mixes both is trained, quantised and used.
  @Test func theFrameBeforeIsWrittenAndLearnedFrom() throws {
    let folder = try TemporaryFolder()
    try Self.films(in: folder)
    let films = (0..<6).map { "f\($0).mp4" }
    func run(_ arguments: String...) throws -> ProgramRun { try ProgramRun(arguments, in: folder.url) }
    for (target, options) in [("moving", ["--before", "--every", "2"]), ("each", ["--every", "1"])] {
      let made = try ProgramRun(["train", "evidence"] + films + ["-o", target, "-q"] + options, in: folder.url)
      #expect(made.exitCode == 0, "\(made.errors)")
    }
    func bytes(_ name: String) throws -> Data { try Data(contentsOf: folder.file(name)) }
    for frame in [2, 4, 6, 8, 10] {
      #expect(
        try bytes("moving/before/val/f4-0000\(frame < 10 ? "0" : "")\(frame).png")
          == bytes("each/images/val/f4-00000\(frame - 1).png"))
    }
    #expect(!FileManager.default.fileExists(atPath: folder.file("each/before").path))

    let small = ["--side", "64", "--batch", "4", "--epochs", "1", "-q"]
    let without = try ProgramRun(
      ["train", "detector", "--data", "each", "--evidence", "--time-mix", "-o", "n"] + small, in: folder.url)
    #expect(without.exitCode == 65 && without.errors.contains("train evidence --before"), "\(without.errors)")
    let train = try ProgramRun(
      ["train", "detector", "--data", "moving", "--evidence", "--time-mix", "-o", "m"] + small, in: folder.url)
    #expect(train.exitCode == 0, "\(train.errors)")
    let quantized = try run("network", "quantize", "m.onnx", "--data", "moving/images/val", "--to", "int8", "-o", "b.onnx")
    #expect(quantized.exitCode == 0, "\(quantized.errors)")
    for model in ["m.onnx", "b.onnx"] {
      let tracked = try run("track", "f0.mp4", "--detector", model, "-o", "-", "-q")
      #expect(tracked.exitCode == 0 && tracked.lines.count == 14, "\(tracked.errors)")
    }
  }

  @Test func ofFewFilmsTheLastIsHeldOut() throws {
    let folder = try TemporaryFolder()
    try Self.films(in: folder)
    let made = try ProgramRun(["train", "evidence", "f0.mp4", "f1.mp4", "-o", "moving", "--every", "4", "-q"], in: folder.url)
    #expect(made.exitCode == 0, "\(made.errors)")
    for (part, film) in [("train", "f0-"), ("val", "f1-")] {
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("moving/images/\(part)").path)
      #expect(!names.isEmpty && names.allSatisfy { $0.hasPrefix(film) }, "\(names)")
    }
  }

  @Test func aDetectorOfWhatMovesIsTrainedAndUsed() throws {
    let folder = try TemporaryFolder()
    try Self.films(in: folder)
    let films = (0..<6).map { "f\($0).mp4" }
    let made = try ProgramRun(["train", "evidence"] + films + ["-o", "moving", "--every", "2"], in: folder.url)
    #expect(made.exitCode == 0, "\(made.errors)")
    #expect(
      made.errors.contains("pictures with ") && made.errors.contains("of films that are held out, in moving"), "\(made.errors)")
    let held = try FileManager.default.contentsOfDirectory(atPath: folder.file("moving/images/val").path)
    // The fifth film is held out; the first frame has nothing to be compared with.
    #expect(Set(held) == ["f4-000002.png", "f4-000004.png", "f4-000006.png", "f4-000008.png", "f4-000010.png"])
    let labels = try String(contentsOf: folder.file("moving/labels/val/f4-000008.txt"), encoding: .utf8)
    #expect(labels.contains(" object "))
    // What the rules found in the same frames stands beside them, a file a film.
    let rules = try String(contentsOf: folder.file("moving/rules/val/f4.jsonl"), encoding: .utf8).split(separator: "\n")
    #expect(rules.count == held.count && rules.allSatisfy { $0.contains("\"score\":") || $0.contains("\"boxes\":[]") }, "\(rules)")
    #expect(rules.first?.contains("f4-000002.png") == true)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("moving/rules/train").path).count == 5)

    // Pictures of motion are none for a detector of pictures, and others may be none of motion.
    let plain = try ProgramRun(["train", "detector", "--data", "moving", "-o", "m"], in: folder.url)
    #expect(plain.exitCode == 64 && plain.errors.contains("what 'train evidence' made of films"), "\(plain.errors)")
    let train = try ProgramRun(
      ["train", "detector", "--data", "moving", "--evidence", "--side", "64", "--batch", "4", "--epochs", "1", "-o", "m", "-q"],
      in: folder.url)
    #expect(
      train.exitCode == 0 && !train.errors.contains("evidence.txt") && !train.errors.contains("no folder rules"), "\(train.errors)")
    try FileManager.default.removeItem(at: folder.file("moving/rules"))
    try FileManager.default.removeItem(at: folder.file("moving/evidence.txt"))
    let unmarked = try ProgramRun(
      ["train", "detector", "--data", "moving", "--evidence", "--batch", "4000", "-o", "n"], in: folder.url)
    #expect(unmarked.exitCode == 65 && unmarked.errors.contains("moving has no evidence.txt"), "\(unmarked.errors)")
    #expect(unmarked.errors.contains("moving has no folder rules"), "\(unmarked.errors)")
    let tracked = try ProgramRun(["track", "f0.mp4", "--detector", "m.onnx", "-o", "-", "-q"], in: folder.url)
    #expect(tracked.exitCode == 0 && tracked.lines.count == 14, "\(tracked.errors)")
    // Its scores are probabilities like the motion detector's, and tracks begin from the same ones.
    #expect(tracked.lines.first?.contains("\"high_score\":0.2") == true)
    let still = try ProgramRun(["detect", "moving/images/val/f4-000002.png", "--model", "m.onnx"], in: folder.url)
    #expect(still.exitCode == 64 && still.errors.contains("finds what moves"), "\(still.errors)")
  }

  /// What an earlier run made of films that are held out now, or gone, is not learned from.
  @Test func overwritingLeavesNothingOfAnEarlierRun() throws {
    let folder = try TemporaryFolder()
    try Self.films(in: folder)
    let films = (0..<5).map { "f\($0).mp4" }
    for list in [films, Array(films.reversed())] {
      let made = try ProgramRun(
        ["train", "evidence"] + list + ["-o", "moving", "--every", "4", "--overwrite", "-q"], in: folder.url)
      #expect(made.exitCode == 0, "\(made.errors)")
      try Data("kept".utf8).write(to: folder.file("moving/images/train/mine.txt"))
    }
    func names(_ part: String) throws -> Set<Substring> {
      Set(try FileManager.default.contentsOfDirectory(atPath: folder.file(part).path).map { $0.prefix(2) })
    }
    #expect(try names("moving/images/val") == ["f0"] && names("moving/labels/val") == ["f0"] && names("moving/rules/val") == ["f0"])
    #expect(try names("moving/images/train") == ["f1", "f2", "f3", "f4", "mi"])
    let tone = try ProgramRun(
      ["train", "detector", "--data", "moving", "--evidence", "--tone", "2", "-o", "m"], in: folder.url)
    #expect(tone.exitCode == 64 && tone.errors.contains("--tone"), "\(tone.errors)")
  }

  /// Truth of other frames would teach that what moves is background.
  @Test func truthThatDoesNotFitIsTold() throws {
    let folder = try TemporaryFolder()
    try Self.films(in: folder)
    try Data("901,1,1,1,5,1,5,5,1,5,1,1,0\n".utf8).write(to: folder.file("f0.txt"))
    let made = try ProgramRun(["train", "evidence", "f0.mp4", "-o", "moving", "--every", "3"], in: folder.url)
    #expect(made.exitCode == 0 && made.errors.contains("f0.mp4: none of the 1 boxes"), "\(made.errors)")
    let short = try ProgramRun(["train", "evidence", "f1.mp4", "-o", "short", "--every", "100"], in: folder.url)
    #expect(short.exitCode == 65 && short.errors.contains("f1.mp4: it gives no picture"), "\(short.errors)")
    #expect(short.errors.contains("give a smaller --every"), "\(short.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.file("short").path))
  }

  /// Pictures of two runs would be one data set, some of them without labels.
  @Test func aFolderOfAnEarlierRunIsLeftAlone() throws {
    let folder = try TemporaryFolder()
    try Self.films(in: folder)
    func make(_ options: String...) throws -> ProgramRun {
      try ProgramRun(["train", "evidence", "f0.mp4", "f1.mp4", "-o", "moving", "-q"] + options, in: folder.url)
    }
    func names() throws -> Set<String> { Set(try FileManager.default.subpathsOfDirectory(atPath: folder.file("moving").path)) }
    #expect(try make("--every", "3").exitCode == 0)
    let before = try names()
    let again = try make("--every", "4")
    #expect(
      again.exitCode == 73 && again.errors.contains("moving/evidence.txt") && again.errors.contains("--overwrite"),
      "\(again.errors)")
    #expect(try names() == before)
    // A run of an earlier version that was stopped left pictures without a mark.
    try FileManager.default.removeItem(at: folder.file("moving/evidence.txt"))
    let unmarked = try make("--every", "4")
    #expect(unmarked.exitCode == 73 && unmarked.errors.contains("images/train/f0-000003.png"), "\(unmarked.errors)")
    #expect(try names() == before.subtracting(["evidence.txt"]))
  }

  /// What a run left that was stopped is known by its mark, is not learned from, and goes with `--overwrite`.
  @Test func aRunThatWasStoppedLeavesNothingToLearnFrom() throws {
    let folder = try TemporaryFolder()
    let film = try ProgramRun(
      ["synthesize", "crossing", "-o", "f.mp4", "--truth", "t", "--size", "640x480", "--fps", "10", "--duration", "20", "-q"],
      in: folder.url)
    #expect(film.exitCode == 0, "\(film.errors)")
    try FileManager.default.copyItem(at: folder.file("t/gt.txt"), to: folder.file("f.txt"))
    let process = try ProgramRun.started(["train", "evidence", "f.mp4", "-o", "moving", "--every", "2"], in: folder.url)
    func pictures() -> [String] {
      (try? FileManager.default.contentsOfDirectory(atPath: folder.file("moving/images/train").path)) ?? []
    }
    // Bounded, so that a program that writes nothing fails the test instead of holding it up.
    for _ in 0..<3000 where process.isRunning && !pictures().contains(where: { $0.hasSuffix(".png") }) { usleep(10_000) }
    process.interrupt()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 130 && !pictures().isEmpty)
    #expect(FileManager.default.fileExists(atPath: folder.file("moving/evidence.txt").path))
    let train = try ProgramRun(["train", "detector", "--data", "moving", "--evidence", "-o", "m"], in: folder.url)
    #expect(train.exitCode == 65 && train.errors.contains("did not come to its end"), "\(train.errors)")
    let again = ["train", "evidence", "f.mp4", "-o", "moving", "--every", "150", "-q"]
    #expect(try ProgramRun(again, in: folder.url).exitCode == 73)
    #expect(try ProgramRun(again + ["--overwrite"], in: folder.url).exitCode == 0)
    #expect(pictures() == ["f-000150.png"])
  }

  @Test(arguments: [
    (["f0.mp4"], 66, "f0.txt"), (["f1.mp4", "sub/f1.mp4"], 64, "two films are named f1"),
    (["none.mp4"], 66, "none.mp4: there is no such film"),
    (["f1.mp4"], 66, "f1.mp4"), (["f1.mp4", "--every", "0"], 64, "--every"),
    (["f2.mp4"], 65, "f2.txt: write boxes of the film's frames in one of mot, "),
  ])
  func refuses(films: [String], code: Int32, sentence: String) throws {
    let folder = try TemporaryFolder()
    try Data("1,1,1,1,5,1,5,5,1,5,1,1,0\n".utf8).write(to: folder.file("f1.txt"))
    for film in ["f0.mp4", "f2.mp4"] { try Data().write(to: folder.file(film)) }
    try Data("no boxes\n".utf8).write(to: folder.file("f2.txt"))
    let run = try ProgramRun(["train", "evidence"] + films + ["-o", "moving"], in: folder.url)
    #expect(run.exitCode == code && run.errors.contains(sentence), "\(run.exitCode): \(run.errors)")
  }
}
