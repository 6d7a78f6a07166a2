import DigitPictures
import ModelFiles
import NetworkTraining

/// Networks that tell digits from pictures [batch, 1, 28, 28], by name.
enum DigitNetworks {
  typealias Make = @Sendable (inout NetworkBuilder, Int) throws -> Int

  /// A network with the rate that it is trained at.
  struct Entry: Sendable {
    let name: String
    let rate: Double
    let make: Make
  }

  static let all: [Entry] = [
    Entry(name: "linear", rate: 1e-3) { try $0.linear($0.graph.reshape($1, [0, -1]), "only", from: pixels, to: 10) },
    Entry(name: "mlp", rate: 2e-3) { try perceptron(&$0, $1) },
    Entry(name: "cnn", rate: 4e-3) { try convolutional(&$0, $1) },
    Entry(name: "vit", rate: 2e-3) { try transformer(&$0, $1) },
    Entry(name: "mixer", rate: 2e-3) { try mixer(&$0, $1) },
    Entry(name: "gru", rate: 4e-3) { try recurrent(&$0, $1) },
    Entry(name: "kan", rate: 2e-3) { try edges(&$0, $1) },
    Entry(name: "mix", rate: 3e-2) { try mixes(&$0, $1) },
    Entry(name: "ternary", rate: 2e-3) { try ternary(&$0, $1) },
  ]

  private static let side = DigitPictures.side
  private static let pixels = side * side

  private static func perceptron(_ builder: inout NetworkBuilder, _ x: Int) throws -> Int {
    var value = builder.graph.reshape(x, [0, -1])
    for (place, sizes) in [(pixels, 512), (512, 256)].enumerated() {
      let wide = try builder.linear(value, "hidden\(place)", from: sizes.0, to: sizes.1, gain: 2)
      value = builder.relu(try builder.batchNorm(wide, "norm\(place)", channels: sizes.1))
    }
    return try builder.linear(value, "classes", from: 256, to: 10)
  }

  private static func convolutional(_ builder: inout NetworkBuilder, _ x: Int) throws -> Int {
    var (value, channels) = (x, 1)
    for (place, width) in [16, 32, 64].enumerated() {
      let seen = try builder.convolution(value, "convolution\(place)", from: channels, to: width, hasBias: false)
      value = builder.relu(try builder.batchNorm(seen, "norm\(place)", channels: width))
      if place < 2 { value = builder.maximumPool(value) }
      channels = width
    }
    return try builder.linear(builder.globalMean(value), "classes", from: channels, to: 10)
  }

  private static let (patch, width) = (4, 64)
  private static var tokens: Int { side / patch * (side / patch) }

  private static func transformer(_ builder: inout NetworkBuilder, _ x: Int) throws -> Int {
    var value = try builder.patchEmbedding(x, "patches", channels: 1, side: side, patch: patch, width: width)
    for place in 0..<3 { value = try builder.transformerBlock(value, "block\(place)", tokens: tokens, width: width, heads: 4) }
    let norm = try builder.layerNorm(value, "norm", size: width)
    return try builder.linear(builder.graph.mean(norm, axes: [1], keepsAxes: false), "classes", from: width, to: 10)
  }

  private static func mixer(_ builder: inout NetworkBuilder, _ x: Int) throws -> Int {
    var value = try builder.patchEmbedding(x, "patches", channels: 1, side: side, patch: patch, width: width)
    for place in 0..<3 {
      value = try builder.mixerBlock(
        value, "block\(place)", tokens: tokens, width: width, tokenWidth: 64, channelWidth: 2 * width)
    }
    let norm = try builder.layerNorm(value, "norm", size: width)
    return try builder.linear(builder.graph.mean(norm, axes: [1], keepsAxes: false), "classes", from: width, to: 10)
  }

  /// The picture's rows as steps, in both directions.
  private static func recurrent(_ builder: inout NetworkBuilder, _ x: Int) throws -> Int {
    let rows = builder.graph.reshape(x, [0, side, side])
    let states = try builder.gru(rows, "rows", steps: side, from: side, width: 128)
    return try builder.linear(states[states.count - 1], "classes", from: 128, to: 10)
  }

  /// Mixing alone, between the input, which is kept in [0, 1], and the classes' scores.
  private static func mixes(_ builder: inout NetworkBuilder, _ x: Int) throws -> Int {
    let pixels = builder.clamp(builder.graph.reshape(x, [0, -1]))
    let first = try builder.mixLayer(pixels, "mix0", from: Self.pixels, to: 256)
    let second = try builder.mixLayer(first, "mix1", from: 256, to: 128)
    let scores = try builder.mixLayer(second, "mix2", from: 128, to: 10)
    // The loss looks at scores in [0, 1] through a softmax of this slope.
    return builder.graph.multiply(scores, number: 10)
  }

  /// As the perceptron, with ternary weights in every layer.
  private static func ternary(_ builder: inout NetworkBuilder, _ x: Int) throws -> Int {
    var value = builder.graph.reshape(x, [0, -1])
    for (place, sizes) in [(pixels, 512), (512, 256)].enumerated() {
      let wide = try builder.ternaryLinear(value, "hidden\(place)", from: sizes.0, to: sizes.1)
      value = builder.relu(try builder.batchNorm(wide, "norm\(place)", channels: sizes.1))
    }
    return try builder.ternaryLinear(value, "classes", from: 256, to: 10)
  }

  private static func edges(_ builder: inout NetworkBuilder, _ x: Int) throws -> Int {
    let row = builder.graph.reshape(x, [0, -1])
    let hidden = try builder.edges(row, "edges0", from: pixels, to: 128, basis: .chebyshev(degree: 3))
    let normal = try builder.batchNorm(hidden, "norm", channels: 128)
    return try builder.edges(normal, "edges1", from: 128, to: 10, basis: .chebyshev(degree: 3))
  }
}

/// Digits in the fonts to train with: new pictures in every pass.
struct DigitExamples: ExampleSource {
  let pictures = DigitPictures()
  let count = DigitPictures.trainingFonts.count * 10 * 8

  func batch(_ places: [Int], seed: UInt64) throws -> [String: Tensor] {
    let fonts = DigitPictures.trainingFonts.count
    return try DigitExamples.tensors(
      places.map { (digit: $0 / fonts % 10, font: $0 % fonts, seed: seed &+ UInt64($0) &* 0x9E37_79B9) }, pictures)
  }

  /// Pictures of the held-out fonts: each digit of each font `copies` times.
  func heldOut(copies: Int) throws -> (inputs: [String: Tensor], digits: [Int]) {
    let list = DigitPictures.heldOutFonts.flatMap { font in
      (0..<10).flatMap { digit in
        (0..<copies).map { (digit: digit, font: font, seed: UInt64(1_000_003 * $0 + 1009 * font + digit)) }
      }
    }
    return (try DigitExamples.tensors(list, pictures), list.map(\.digit))
  }

  private static func tensors(
    _ list: [(digit: Int, font: Int, seed: UInt64)], _ pictures: DigitPictures
  ) throws -> [String: Tensor] {
    let pixels = list.flatMap { pictures.picture(of: $0.digit, font: $0.font, seed: $0.seed) }
    let classes = list.flatMap { entry in (0..<10).map { Float($0 == entry.digit ? 1 : 0) } }
    return [
      "pictures": try Tensor(shape: [list.count, 1, DigitPictures.side, DigitPictures.side], pixels),
      "classes": try Tensor(shape: [list.count, 10], classes),
    ]
  }
}
