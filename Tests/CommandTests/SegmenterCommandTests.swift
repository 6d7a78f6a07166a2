import Foundation
import Imaging
import Testing

/// `sextant train segmenter` and `sextant segment`: what they write, and what they refuse.
@Suite struct SegmenterCommandTests {
  /// Twelve pictures of a bright bar each, with label images: ground 0, bar 1, a corner of nobody 2; the tenth is held out.
  private static func data(in folder: TemporaryFolder) throws {
    for number in 10..<22 {
      var image = Image(width: 64, height: 64, channels: 1, pixels: [UInt8](repeating: 90, count: 4096))
      var labels = Image(width: 64, height: 64, channels: 1)
      let (x, y) = (10 + 2 * (number % 9), 12 + 3 * (number % 7))
      for place in 0..<4096 {
        let isBar = (x..<x + 20).contains(place % 64) && (y..<y + 8).contains(place / 64)
        if isBar { (image.pixels[place], labels.pixels[place]) = (220, 1) }
        if place % 64 < 4, place / 64 < 4 { labels.pixels[place] = 2 }
      }
      try write(ImageFile.png(image), "data/images/p\(number).png", folder)
      try write(ImageFile.png(labels), "data/labels/p\(number).png", folder)
    }
    _ = try folder.write("index,name\n0,ground\n1,bar\n2,Void\n", "data/classes.csv")
  }

  private static func write(_ bytes: [UInt8], _ name: String, _ folder: TemporaryFolder) throws {
    let file = folder.file(name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
  }

  private static let train = [
    "train", "segmenter", "--data", "data", "--ignore-classes", "Void", "--side", "64", "--batch", "4", "--epochs", "2", "-o",
    "bars",
  ]

  @Test func aSegmenterIsTrainedAndUsed() throws {
    let folder = try TemporaryFolder()
    try Self.data(in: folder)
    let run = try ProgramRun(Self.train, in: folder.url)
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.errors.contains("learning ground, bar from 11 pictures; every tenth, 1, is held out"), "\(run.errors)")
    #expect(run.errors.contains("epoch 2 of 2") && run.errors.contains("IoU"))
    #expect(try String(contentsOf: folder.file("bars.md"), encoding: .utf8).contains("sextant segment --model"))
    #expect(try ProgramRun(Self.train, in: folder.url).exitCode == 73)
    #expect(try ProgramRun(Self.train + ["--resume"], in: folder.url).exitCode == 0)

    try Self.write([0xFF, 0xD8, 1, 2], "cut.jpg", folder)
    let found = try ProgramRun(
      ["segment", "data/images/p10.png", "cut.jpg", "--model", "bars.onnx", "--labels", "found", "--overlay", "seen"],
      in: folder.url)
    #expect(found.exitCode == 65 && found.errors.contains("cut.jpg"), "\(found.errors)")
    let line = try #require(try JSONSerialization.jsonObject(with: Data(found.output.utf8)) as? [String: Any])
    let segments = try #require(line["segments"] as? [[String: Any]])
    let share = segments.reduce(0.0) { $0 + ($1["share"] as? Double ?? 0) }
    #expect(abs(share - 1) < 1e-5 && segments.allSatisfy { ($0["mask"] as? [String: Any])?["counts"] is String })
    let labels = try ImageFile.decode([UInt8](Data(contentsOf: folder.file("found/p10.png"))), named: "p10")
    #expect(labels.width == 64 && labels.height == 64 && labels.pixels.allSatisfy { $0 < 2 })
    #expect(FileManager.default.fileExists(atPath: folder.file("seen/p10.jpg").path))
    let refused = try ProgramRun(["detect", "data/images/p10.png", "--model", "bars.onnx"], in: folder.url)
    #expect(refused.exitCode == 65 && refused.errors.contains("bars.onnx: The network is a segmenter"), "\(refused.errors)")
    let pictures = try ProgramRun(
      ["network", "quantize", "bars.onnx", "--data", "data/images", "--to", "int8", "-o", "b.onnx"], in: folder.url)
    #expect(pictures.exitCode == 65 && pictures.errors.contains("bars.onnx: The network is a segmenter"), "\(pictures.errors)")
    #expect(pictures.errors.contains("give arrays (.npy) of the network's input"))

    // One that is too large is left out like one that cannot be read.
    try Self.write(ImageFile.png(Image(width: 4097, height: 2, channels: 1)), "wide.png", folder)
    let others = try ProgramRun(
      ["segment", "data/images/p10.png", "wide.png", "data/images/p11.png", "--model", "bars.onnx", "-o", "found.jsonl"],
      in: folder.url)
    #expect(others.exitCode == 65 && others.errors.contains("wide.png"), "\(others.errors)")
    #expect(try String(contentsOf: folder.file("found.jsonl"), encoding: .utf8).split(separator: "\n").count == 2)

    let told = try ProgramRun(["models", "info", "bars.onnx"], in: folder.url)
    #expect(
      told.exitCode == 0 && told.lines.contains("kind     segmenter") && told.lines.contains("classes  ground, bar"),
      "\(told.errors)")
  }

  /// A label with an empty name, and those between labels that have one, are no classes.
  @Test(arguments: ["0,ground\n1,bar\n2,\n", "0,ground\n1,bar\n9,Void\n"])
  func labelsWithoutANameAreIgnored(names: String) throws {
    let folder = try TemporaryFolder()
    try Self.data(in: folder)
    _ = try folder.write(names, "data/classes.csv")
    let ignored = names.contains("Void") ? ["--ignore-classes", "Void"] : []
    let train = ["train", "segmenter", "--data", "data", "--side", "64", "--batch", "4", "--epochs", "1", "-o", "m"]
    let run = try ProgramRun(train + ignored, in: folder.url)
    #expect(run.exitCode == 0 && run.errors.contains("learning ground, bar from 11 pictures"), "\(run.errors)")
  }

  @Test(arguments: [
    (["--data", "none"], 66, "none: there is no such folder"),
    (["--data", "data", "--format", "dota"], 64, "--format dota: give camvid"),
    (["--data", "data", "--ignore-classes", "kite"], 65, "has no class kite to ignore"),
    (["--data", "data", "--class-names", "nothere.csv"], 66, "nothere.csv"),
    (["--data", "data", "--batch", "400"], 65, "cannot be trained in batches of 400"),
    (["--data", "unlabelled"], 65, "none of its pictures can be learned from"),
    (["--data", ""], 64, "--data '' names no folder"),
    (["--data", "data", "--class-names", "empty.csv"], 65, "empty.csv: it is empty"),
    (["--data", "data", "--class-names", "data"], 66, "the class names data"),
    (["--data", "data", "--class-names", "twice.csv"], 65, "twice.csv: names the class bar twice"),
    (["--data", "data", "--ignore-classes", "bar,Void"], 65, "not ignored: 1, and a segmenter tells 2 to 255 apart"),
  ]) func refuses(_ arguments: [String], _ code: Int32, _ sentence: String) throws {
    let folder = try TemporaryFolder()
    try Self.data(in: folder)
    for number in 0..<12 {
      let image = Image(width: 64, height: 64, channels: 1, pixels: [UInt8](repeating: 90, count: 4096))
      try Self.write(ImageFile.png(image), "unlabelled/images/u\(number).png", folder)
    }
    _ = try folder.write("ground\nbar\n", "unlabelled/classes.csv")
    _ = try folder.write("0,ground\n1,bar\n2,bar\n", "twice.csv")
    _ = try folder.write("", "empty.csv")
    let run = try ProgramRun(
      ["train", "segmenter", "--side", "64", "--batch", "4", "--epochs", "1", "-o", "m"] + arguments, in: folder.url)
    #expect(run.exitCode == code && run.errors.contains(sentence), "\(arguments): \(run.exitCode) \(run.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.file("m.onnx").path))
  }

  /// A label image of another size, and one that is not there, are named and counted.
  @Test func labelsThatDoNotFitAreNamed() throws {
    let folder = try TemporaryFolder()
    try Self.data(in: folder)
    try Self.write(ImageFile.png(Image(width: 8, height: 8, channels: 1)), "data/labels/p12.png", folder)
    try FileManager.default.removeItem(at: folder.file("data/labels/p13.png"))
    let odd = Image(width: 64, height: 64, channels: 1, pixels: [UInt8](repeating: 7, count: 4096))
    try Self.write(ImageFile.png(odd), "data/labels/p14.png", folder)
    let trained = try ProgramRun(Self.train + ["--epochs", "1"], in: folder.url)
    #expect(trained.errors.contains("1 label images cannot be read, or are of another size"), "\(trained.errors)")
    #expect(trained.errors.contains("1 pictures have no label image of their name"), "\(trained.errors)")
    #expect(trained.errors.contains("1 labels of pixels have no name and are neither learned nor measured: 7"), "\(trained.errors)")
  }

  /// Where nothing is left to learn from or to measure on, the error says what was left out, and why.
  @Test(arguments: [10..<22, 16..<22]) func whatLeavesNothingIsNamed(unlike: Range<Int>) throws {
    let folder = try TemporaryFolder()
    try Self.data(in: folder)
    for number in unlike {
      try Self.write(ImageFile.png(Image(width: 8, height: 8, channels: 1)), "data/labels/p\(number).png", folder)
    }
    let run = try ProgramRun(Self.train, in: folder.url)
    #expect(run.exitCode == 65, "\(run.errors)")
    #expect(run.errors.contains("\(unlike.count) label images cannot be read, or are of another size"), "\(run.errors)")
    #expect(run.errors.contains("data/labels/p\(unlike.lowerBound).png"), "\(run.errors)")
  }
}
