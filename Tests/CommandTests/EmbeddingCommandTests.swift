import Foundation
import Imaging
import Testing

/// `train detector --embedding` and `track --appearance detector`: what they write, and what they refuse.
@Suite struct EmbeddingCommandTests {
  /// Pictures of a red and a blue bar, with DOTA's labels.
  private static func data(in folder: TemporaryFolder) throws {
    for name in ["data/images", "data/labelTxt"] {
      try FileManager.default.createDirectory(at: folder.file(name), withIntermediateDirectories: true)
    }
    for number in 10..<22 {
      var image = Image(width: 64, height: 64, channels: 3, pixels: [UInt8](repeating: 90, count: 3 * 4096))
      var text = ""
      for (object, y) in [14, 38].enumerated() {
        let x = object == 0 ? 4 + number : 60 - number - 20
        for place in 0..<4096 where (x..<x + 20).contains(place % 64) && (y..<y + 10).contains(place / 64) {
          image.pixels[3 * place + 2 * object] = 240
        }
        text += "\(x) \(y) \(x + 20) \(y) \(x + 20) \(y + 10) \(x) \(y + 10) bar 0\n"
      }
      try Data(ImageFile.png(image)).write(to: folder.file("data/images/p\(number).png"))
      _ = try folder.write(text, "data/labelTxt/p\(number).txt")
    }
  }

  private static let train = [
    "train", "detector", "--data", "data", "--format", "dota", "--side", "64", "--batch", "4", "--epochs", "20", "--measure-every",
    "20", "--turn", "0", "-q",
  ]
  private static let track = ["track", "data/images/p%d.png", "-q", "-o", "-", "--appearance", "detector"]

  @Test func aDetectorThatTellsLooksIsTrainedAndUsed() throws {
    let folder = try TemporaryFolder()
    try Self.data(in: folder)
    let run = try ProgramRun(Self.train + ["--embedding", "-o", "bars"], in: folder.url)
    #expect(run.exitCode == 0, "\(run.errors)")
    let card = try String(contentsOf: folder.file("bars.md"), encoding: .utf8)
    #expect(card.contains("with an embedding of each object") && card.contains("embeddings of 64 numbers"))
    let library = folder.file("home/sextant/models")
    try FileManager.default.createDirectory(at: library, withIntermediateDirectories: true)
    try FileManager.default.copyItem(at: folder.file("bars.onnx"), to: library.appendingPathComponent("bars.onnx"))
    let told = try ProgramRun(
      ["models", "info", "bars"], in: folder.url, variables: ["XDG_DATA_HOME": folder.file("home").path])
    #expect(told.output.contains("tells    boxes, embeddings\n"), "\(told.output) \(told.errors)")
    let tracked = try ProgramRun(Self.track + ["--detector", "bars.onnx"], in: folder.url)
    #expect(tracked.exitCode == 0, "\(tracked.errors)")
    #expect(tracked.lines.first?.contains("\"appearance\":\"detector\"") == true, "\(tracked.lines.first ?? "")")
    #expect(try ProgramRun(Self.track + ["--detector", "bars.onnx", "--threads", "1"], in: folder.url).output == tracked.output)

    // On bytes it tells looks too.
    let quantized = try ProgramRun(
      ["network", "quantize", "bars.onnx", "--data", "data/images", "--to", "int8", "-o", "small.onnx"], in: folder.url)
    #expect(quantized.exitCode == 0 && quantized.output.contains("error embeddings"), "\(quantized.output) \(quantized.errors)")
    let small = try ProgramRun(Self.track + ["--detector", "small.onnx"], in: folder.url)
    #expect(small.exitCode == 0, "\(small.errors)")

    let examples = try ProgramRun(Self.track + ["--detector", "bars.onnx", "--examples", "data"], in: folder.url)
    #expect(examples.exitCode == 64 && examples.errors.contains("examples are crops"), "\(examples.errors)")
  }

  @Test func detectorsWithoutLooksAreRefused() throws {
    let folder = try TemporaryFolder()
    try Self.data(in: folder)
    let plain = try ProgramRun(Self.train.map { $0 == "20" ? "1" : $0 } + ["-o", "plain"], in: folder.url)
    #expect(plain.exitCode == 0, "\(plain.errors)")
    let network = try ProgramRun(Self.track + ["--detector", "plain.onnx"], in: folder.url)
    #expect(network.exitCode == 65 && network.errors.contains("train detector --embedding"), "\(network.errors)")
    let motion = try ProgramRun(Self.track, in: folder.url)
    #expect(motion.exitCode == 64 && motion.errors.contains("--appearance"), "\(motion.errors)")
    let evidence = try ProgramRun(Self.train + ["--embedding", "--evidence", "-o", "e"], in: folder.url)
    #expect(evidence.exitCode == 64 && evidence.errors.contains("--embedding tells objects"), "\(evidence.errors)")
  }
}
