import Foundation
import Geometry
import Imaging
import Testing

/// `sextant train detector`, `sextant detect` and `sextant track --detector` with what was trained: what they write, and what they refuse.
@Suite struct DetectorCommandTests {
  /// Twelve pictures of a bright bar each, with DOTA's labels; the tenth is held out.
  private static func data(in folder: TemporaryFolder) throws -> String {
    for number in 10..<22 {
      var image = Image(width: 64, height: 64, channels: 1, pixels: [UInt8](repeating: 90, count: 4096))
      let (x, y) = (10 + 2 * (number % 9), 12 + 3 * (number % 7))
      for place in 0..<4096 where (x..<x + 20).contains(place % 64) && (y..<y + 8).contains(place / 64) {
        image.pixels[place] = 220
      }
      try write(ImageFile.png(image), "data/images/p\(number).png", folder)
      let box = "\(x) \(y) \(x + 20) \(y) \(x + 20) \(y + 8) \(x) \(y + 8) bar 0\n"
      try write([UInt8](box.utf8), "data/labelTxt/p\(number).txt", folder)
    }
    return folder.file("data").path
  }

  private static func write(_ bytes: [UInt8], _ name: String, _ folder: TemporaryFolder) throws {
    let file = folder.file(name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
  }

  @Test func aDetectorIsTrainedAndUsed() throws {
    let folder = try TemporaryFolder()
    let data = try Self.data(in: folder)
    let train = [
      "train", "detector", "--data", data, "--format", "dota", "--side", "64", "--batch", "4", "--epochs", "2", "-o", "bars",
      "--licence",
      "CC0-1.0",
    ]
    let run = try ProgramRun(train, in: folder.url)
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.errors.contains("learning bar from 11 pictures; every tenth, 1, is held out"))
    #expect(run.errors.contains("epoch 2 of 2"))
    for end in ["onnx", "md", "html", "log.jsonl", "checkpoint"] {
      #expect(FileManager.default.fileExists(atPath: folder.file("bars.\(end)").path))
    }
    #expect(try String(contentsOf: folder.file("bars.md"), encoding: .utf8).contains("Licence: CC0-1.0"))
    let report = try String(contentsOf: folder.file("bars.html"), encoding: .utf8)
    #expect(report.contains("AP50") && report.contains("data:image/jpeg") && report.contains("p19.png: "))
    // Nothing is replaced unasked, and a finished training has nothing left to do.
    #expect(try ProgramRun(train, in: folder.url).exitCode == 73)
    #expect(try ProgramRun(train + ["--resume"], in: folder.url).exitCode == 0)
    let other = try ProgramRun(train + ["--resume", "--size", "small"], in: folder.url)
    #expect(other.exitCode == 65 && other.errors.contains("another network's"), "\(other.errors)")

    try Self.write([0xFF, 0xD8, 1, 2], "cut.jpg", folder)
    let found = try ProgramRun(
      ["detect", "data/images/p10.png", "cut.jpg", "--model", "bars.onnx", "--min-score", "0", "--overlay", "seen"], in: folder.url)
    #expect(found.exitCode == 65 && found.errors.contains("cut.jpg"))
    let line = try JSONSerialization.jsonObject(with: Data(found.output.utf8)) as? [String: Any]
    let boxes = try #require(line?["boxes"] as? [[String: Any]])
    #expect(
      !boxes.isEmpty && boxes.allSatisfy { $0["class"] as? String == "bar" && ($0["center_covariance"] as? [Any])?.count == 3 })
    #expect(FileManager.default.fileExists(atPath: folder.file("seen/p10.jpg").path))
    let tracked = try ProgramRun(
      ["track", "data/images/p1%d.png", "--detector", "bars.onnx", "-o", "-", "--max-frames", "2"], in: folder.url)
    #expect(tracked.exitCode == 0 && tracked.lines.first?.contains("sextant-gaussian, 64x64") == true, "\(tracked.errors)")
  }

  /// Films with masks as DAVIS has them: what is learned tells masks, to `detect` and to `track`.
  @Test func aDetectorOfMasksIsTrainedAndUsed() throws {
    let folder = try TemporaryFolder()
    for (film, frames) in [("far", 10), ("near", 4)] {
      for frame in 0..<frames {
        var (image, labels) = (Image(width: 64, height: 64, channels: 1), Image(width: 64, height: 64, channels: 1))
        for place in 0..<4096 where (20 + frame..<44 + frame).contains(place % 64) && (24..<36).contains(place / 64) {
          (image.pixels[place], labels.pixels[place]) = (220, 1)
        }
        try Self.write(ImageFile.jpeg(image), "data/JPEGImages/480p/\(film)/0\(frame).jpg", folder)
        try Self.write(ImageFile.png(labels), "data/Annotations/480p/\(film)/0\(frame).png", folder)
      }
    }
    let train = [
      "train", "detector", "--data", "data", "--format", "davis", "--masks", "--side", "64", "--batch", "2", "--epochs", "30",
      "--measure-every", "30", "--turn", "0", "--resize", "1", "-o", "bars",
    ]
    let run = try ProgramRun(train, in: folder.url)
    #expect(run.exitCode == 0 && run.errors.contains("held out are the films near"), "\(run.errors)")
    #expect(try String(contentsOf: folder.file("bars.md"), encoding: .utf8).contains("Masks: mean IoU"))
    let picture = "data/JPEGImages/480p/near/00.jpg"
    let found = try ProgramRun(
      ["detect", picture, "--model", "bars.onnx", "--min-score", "0.1", "--overlay", "seen"], in: folder.url)
    let line = try JSONSerialization.jsonObject(with: Data(found.output.utf8)) as? [String: Any]
    let masks = (line?["boxes"] as? [[String: Any]])?.compactMap { $0["mask"] as? [String: Any] }
    #expect(masks?.first?["size"] as? [Int] == [64, 64] && masks?.first?["counts"] is String, "\(found.output)")
    let pictures = "data/JPEGImages/480p/near/0%d.jpg"
    let tracked = try ProgramRun(["track", pictures, "--detector", "bars.onnx", "-o", "-", "--masks"], in: folder.url)
    #expect(tracked.exitCode == 0 && !tracked.errors.contains("it gives no masks"), "\(tracked.errors)")
    let both = try ProgramRun(train.dropLast() + ["taught", "--teacher", "bars.onnx"], in: folder.url)
    #expect(both.exitCode == 64 && both.errors.contains("--format davis"), "\(both.errors)")
  }

  /// Without a checkpoint `--resume` begins, unless a model is there that somebody trained.
  @Test func aTrainingThatWasStoppedBeforeItsFirstCheckpointBegins() throws {
    let folder = try TemporaryFolder()
    _ = try Self.data(in: folder)
    let train = ["train", "detector", "--data", "data", "--side", "64", "--batch", "4", "--epochs", "1", "--resume", "-o"]
    let begun = try ProgramRun(train + ["m"], in: folder.url)
    #expect(begun.exitCode == 0 && FileManager.default.fileExists(atPath: folder.file("m.onnx").path), "\(begun.errors)")
    try FileManager.default.removeItem(at: folder.file("m.checkpoint"))
    let refused = try ProgramRun(train + ["m"], in: folder.url)
    #expect(refused.exitCode == 66 && refused.errors.contains("no m.checkpoint"), "\(refused.errors)")
  }

  @Test(arguments: [
    ("data.yaml", "names: [bar, kite]\n", "learning bar from"), ("data.yaml", "nc: 1\nnames:\n  0: bar\n", "learning bar from"),
    ("classes.txt", "bar\nkite\n", "learning bar from"), ("data.yaml", "names: 5\n", "is no list of names"),
    ("data.yaml", "names: [\n", "cannot read the class names"),
    ("data.yaml", "names: [bar, bar]\n", "data.yaml: names the class bar twice"),
    ("classes.txt", "bar\nkite\nbar\n", "classes.txt: names the class bar twice"),
  ])
  func yoloNamesComeFromTheDataSet(file: String, text: String, said: String) throws {
    let folder = try TemporaryFolder()
    _ = try Self.data(in: folder)
    try FileManager.default.removeItem(at: folder.file("data/labelTxt"))
    for number in 10..<22 { try Self.write([UInt8]("0 0.5 0.5 0.3 0.2\n".utf8), "data/labels/p\(number).txt", folder) }
    try Self.write([UInt8](text.utf8), "data/\(file)", folder)
    let run = try ProgramRun(
      ["train", "detector", "--data", "data", "--format", "yolo", "--side", "64", "--batch", "4", "--epochs", "1", "-o", "m"],
      in: folder.url)
    #expect(run.errors.contains(said) && run.exitCode == (said.hasPrefix("learning") ? 0 : 65), "\(run.exitCode): \(run.errors)")
  }

  @Test(arguments: [
    (["train", "detector", "--data", "none", "-o", "m"], 66, "none: there is no such folder"),
    (["train", "detector", "--data", "", "-o", "m"], 64, "--data '' names no folder"),
    (["train", "detector", "--data", "data", "--format", "foo", "-o", "m"], 64, "there is no such format; there are auto, dota"),
    (["train", "detector", "--data", "data", "--format", "foo", "-o", "m"], 64, "hit-uav, davis"),
    (["train", "detector", "--data", "data", "--format", "mot", "-o", "m"], 64, "it is no format of pictures to learn from"),
    (["train", "detector", "--data", ".", "-o", "m"], 65, "no folder of PNG or JPEG pictures"),
    (["train", "detector", "--data", "data", "-o", "m", "--side", "65"], 64, "--side 65: give a multiple of 32"),
    (
      ["train", "detector", "--data", "data", "-o", "m", "--side", "64", "--batch", "400"], 65,
      "cannot be trained in batches of 400"
    ),
    (["train", "detector", "--data", "data", "-o", "m", "--classes", "bar,kite"], 65, "have no class kite; they have bar"),
    (["train", "detector", "--data", "data", "-o", "m", "--ignore-classes", "Bar"], 65, "have no class Bar"),
    (["train", "detector", "--data", "data", "-o", "m", "--classes", "bar,bar"], 64, "names the class bar twice"),
    (["train", "detector", "--data", "data", "-o", "m", "--names", "0=a,0=b"], 64, "names the class number 0 twice"),
    (["train", "detector", "--data", "data", "-o", "m", "--names", "0=a,1=a"], 64, "names the class a twice"),
    (["train", "detector", "--data", "data", "-o", ""], 64, "is no name for a model"),
    (["train", "detector", "--data", "data", "-o", "data/"], 64, "is no name for a model"),
    (["train", "detector", "--data", "data", "-o", "none/m", "--side", "64", "--batch", "4"], 73, "none/m"),
    (["detect", "data/images/p10.png", "--model", "none.onnx"], 66, "none.onnx"),
    (["detect", "data/images/p10.png", "--model", "aerial-therml"], 66, "neither a file nor a model 'aerial-therml'"),
    (["track", "data/images", "--fps", "2", "--detector", "aerial-therml"], 66, "neither a file nor a model 'aerial-therml'"),
    (["detect", "nofile.png", "--model", "aerial-thermal"], 66, "Cannot read nofile.png: there is no such file"),
    (["detect", "data", "--model", "aerial-thermal"], 66, "it is a folder"),
    (
      ["train", "detector", "--data", "data", "--format", "dota", "--side", "4096", "--batch", "8", "-o", "m"], 65,
      "need more memory"
    ),
  ])
  func refuses(_ arguments: [String], _ code: Int32, _ sentence: String) throws {
    let folder = try TemporaryFolder()
    _ = try Self.data(in: folder)
    let run = try ProgramRun(arguments, in: folder.url)
    #expect(run.exitCode == code && run.errors.contains(sentence), "\(run.exitCode): \(run.errors)")
  }
}
