import Foundation
import Imaging
import Testing

/// `sextant train backbone`, and trainings that begin with what it wrote.
@Suite struct BackboneCommandTests {
  /// Pictures of a bright bar each, with label images: four to learn from, two to measure on.
  private static func data(in folder: TemporaryFolder) throws {
    for number in 0..<6 {
      var image = Image(width: 64, height: 64, channels: 1, pixels: [UInt8](repeating: 90, count: 4096))
      var labels = Image(width: 64, height: 64, channels: 1)
      for place in 0..<4096 {
        let isBar = (10 + 4 * number..<30 + 4 * number).contains(place % 64) && (20..<30).contains(place / 64)
        if isBar { (image.pixels[place], labels.pixels[place]) = (220, 1) }
      }
      let part = number < 4 ? "train" : "val"
      try write(ImageFile.png(image), "data/images/\(part)/p\(number).png", folder)
      try write(ImageFile.png(labels), "data/labels/\(part)/p\(number).png", folder)
    }
    _ = try folder.write("index,name\n0,ground\n1,bar\n", "data/classes.csv")
  }

  private static func write(_ bytes: [UInt8], _ name: String, _ folder: TemporaryFolder) throws {
    let file = folder.file(name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
  }

  private static let short = ["--data", "data", "--side", "64", "--batch", "2", "--epochs", "1"]

  @Test func aSegmenterBeginsWithABackbone() throws {
    let folder = try TemporaryFolder()
    try Self.data(in: folder)
    let looks = try ProgramRun(["train", "backbone", "-o", "looks"] + Self.short, in: folder.url)
    #expect(looks.exitCode == 0, "\(looks.errors)")
    #expect(looks.errors.contains("learning features from 4 pictures; 2 are held out"), "\(looks.errors)")
    #expect(try String(contentsOf: folder.file("looks.md"), encoding: .utf8).contains("sextant train detector --start"))
    let begun = ["train", "segmenter", "-o", "bars"] + Self.short
    let bars = try ProgramRun(begun + ["--start", "looks.checkpoint"], in: folder.url)
    #expect(bars.exitCode == 0, "\(bars.errors)")
    #expect(bars.errors.contains("tensors from looks.checkpoint"), "\(bars.errors)")
    #expect(try String(contentsOf: folder.file("bars.md"), encoding: .utf8).contains("begun with looks.checkpoint"))
    // Without it, it is another training, which the log tells.
    #expect(try ProgramRun(begun + ["--resume"], in: folder.url).exitCode == 65)
    #expect(try ProgramRun(begun + ["--resume", "--start", "looks.checkpoint"], in: folder.url).exitCode == 0)
    let missing = try ProgramRun(["train", "segmenter", "-o", "m", "--start", "no.checkpoint"] + Self.short, in: folder.url)
    #expect(missing.exitCode == 66 && missing.errors.contains("no.checkpoint"), "\(missing.errors)")
    let onto = try ProgramRun(
      ["train", "segmenter", "-o", "looks", "--overwrite", "--start", "looks.checkpoint"] + Self.short, in: folder.url)
    #expect(onto.exitCode == 73 && onto.errors.contains("would replace the start"), "\(onto.errors)")
    // A file that is none.
    let damaged = try ProgramRun(["train", "segmenter", "-o", "m", "--start", "looks.md"] + Self.short, in: folder.url)
    #expect(damaged.exitCode == 65 && damaged.errors.contains("looks.md"), "\(damaged.errors)")
  }
}
