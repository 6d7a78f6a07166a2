import DigitPictures
import ModelFiles
import NetworkPrograms
import Testing

@testable import NetworkTraining

/// Digits in the fonts to train with; new pictures in every pass.
private struct Digits: ExampleSource {
  let pictures = DigitPictures()
  let count = DigitPictures.trainingFonts.count * 10

  func batch(_ places: [Int], seed: UInt64) throws -> [String: Tensor] {
    let fonts = DigitPictures.trainingFonts.count
    return try tensors(places.map { ($0 / fonts, $0 % fonts, seed &+ UInt64($0) &* 0x9E37_79B9) })
  }

  func tensors(_ list: [(digit: Int, font: Int, seed: UInt64)]) throws -> [String: Tensor] {
    let pixels = list.flatMap { pictures.picture(of: $0.digit, font: $0.font, seed: $0.seed) }
    return [
      "pictures": try Tensor(shape: [list.count, 1, DigitPictures.side, DigitPictures.side], pixels),
      "classes": try Tensor(shape: [list.count, 10], list.flatMap { entry in (0..<10).map { Float($0 == entry.digit ? 1 : 0) } }),
    ]
  }
}

@Suite("A network learns digits")
struct DigitsTests {
  private static func logits(_ builder: inout NetworkBuilder, _ pictures: Int) throws -> Int {
    var (value, channels) = (pictures, 1)
    for (place, width) in [16, 32, 32].enumerated() {
      let seen = try builder.convolution(value, "convolution\(place)", from: channels, to: width, hasBias: false)
      value = builder.relu(try builder.batchNorm(seen, "norm\(place)", channels: width))
      if place < 2 { value = builder.maximumPool(value) }
      channels = width
    }
    return try builder.linear(builder.globalMean(value), "classes", from: channels, to: 10)
  }

  /// The short form of the proof in Benchmarks/training: seconds instead of minutes, so the bar is lower than its 97 %. Guessing gives 10 %.
  @Test func inFontsThatItHasNotSeen() throws {
    let (digits, steps) = (Digits(), 300)
    let network = try TrainingNetwork(seed: 1) { builder in
      let pictures = builder.graph.input("pictures", shape: [.any, .fixed(1), .any, .any])
      let classes = builder.graph.input("classes", shape: [.any, .fixed(10)])
      return builder.graph.crossEntropy(try Self.logits(&builder, pictures), classes, classes: 10)
    }
    let settings = TrainingSettings(schedule: Schedule(rate: 0.01, warmUp: 20, total: steps), decay: 0.01, batch: 32, seed: 1)
    let trainer = try Trainer(network, settings, digits)
    try trainer.run(until: steps)
    var builder = NetworkBuilder(purpose: .inference(trainer.state.tensors))
    let pictures = builder.graph.input("pictures", shape: [.any, .fixed(1), .any, .any])
    builder.graph.output(try Self.logits(&builder, pictures), name: "logits")
    let list = DigitPictures.heldOutFonts.flatMap { font in
      (0..<100).map { (digit: $0 % 10, font: font, seed: UInt64($0 + 1000 * font)) }
    }
    let given = try #require(try digits.tensors(list)["pictures"])
    let results = try Program(builder.graph.graph).run(["pictures": given])
    let found = try #require(results["logits"]?.values(Float.self))
    let hits = list.indices.filter { place in
      let row = found[place * 10..<place * 10 + 10]
      return row.indices.max { row[$0] < row[$1] } == place * 10 + list[place].digit
    }
    #expect(Double(hits.count) / Double(list.count) > 0.8, "\(hits.count) of \(list.count)")
  }
}
