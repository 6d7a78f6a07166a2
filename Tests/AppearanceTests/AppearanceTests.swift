import Geometry
import Imaging
import ModelFiles
import NetworkGraph
import Testing

@testable import Appearance

/// A picture painted by a function of a pixel's middle.
private func painted(_ width: Int, _ height: Int, _ color: (Point) -> (blue: UInt8, green: UInt8, red: UInt8)) -> Image {
  var image = Image(width: width, height: height, channels: 3)
  for y in 0..<height {
    for x in 0..<width {
      let (blue, green, red) = color(Point(Double(x) + 0.5, Double(y) + 0.5))
      (image[x, y, 0], image[x, y, 1], image[x, y, 2]) = (blue, green, red)
    }
  }
  return image
}

private func cosine(_ a: [Float], _ b: [Float]) -> Double { Double(zip(a, b).reduce(Float(0)) { $0 + $1.0 * $1.1 }) }

/// A box of three bands of colour along its longer side, on grey, anywhere and at any angle.
private struct Banded {
  var box: OrientedBox
  var colors: [(blue: UInt8, green: UInt8, red: UInt8)] = [(20, 30, 220), (210, 60, 20), (30, 200, 60)]

  func picture() -> Image {
    painted(200, 160) { point in
      let offset = point - box.center
      let along = Point(angle: box.angle)
      let (u, v) = (offset.x * along.x + offset.y * along.y, offset.y * along.x - offset.x * along.y)
      guard abs(u) < box.width / 2, abs(v) < box.height / 2 else { return (110, 110, 110) }
      return colors[min(2, Int((u / box.width + 0.5) * 3))]
    }
  }

  func embedding() throws -> [Float] {
    try #require(try AppearanceEmbedder(.stripes).embeddings(of: [GaussianBox(box)], in: picture())[0])
  }
}

@Suite struct StripeTests {
  private static let upright = OrientedBox(center: Point(100, 80), width: 90, height: 36, angle: 0)

  @Test func embeddingsAreUnitVectorsOfTheDeclaredLength() throws {
    let found = try Banded(box: Self.upright).embedding()
    #expect(found.count == AppearanceKind.stripes.dimension && abs(cosine(found, found) - 1) < 1e-5)
  }

  /// One red pixel colour everywhere: by hand all chroma is in the first hue but for the grey rest, all value at 200/255.
  @Test func aPlainCropHasTheHistogramWorkedOutByHand() {
    let plain = painted(StripeHistogram.width, StripeHistogram.height) { _ in (0, 0, 200) }
    let found = StripeHistogram.embedding(plain)
    let chroma = 200.0 / 255
    // Eight bins of value: 200/255 lies at 5.77 bins from the middle of the first.
    let share = chroma * 8 - 0.5 - 5
    for stripe in 0..<3 {
      let part = found[stripe * 17..<stripe * 17 + 17].map { Double($0) * Double($0) * 6 }
      #expect(abs(part[0] - chroma) < 1e-5 && abs(part[8] - (1 - chroma)) < 1e-5)
      #expect(abs(part[9 + 5] - (1 - share)) < 1e-4 && abs(part[9 + 6] - share) < 1e-4)
      #expect(abs(part.reduce(0, +) - 2) < 1e-4)
    }
  }

  @Test(arguments: [-1.5, -0.6, 0.3, 0.7, 1.2]) func theSameObjectLooksTheSameHoweverItIsTurned(angle: Double) throws {
    // Bands run from the upper or left end, as the crop's own frame does.
    let axis = Point(angle: angle)
    let isBackward = abs(axis.y) >= abs(axis.x) ? axis.y < 0 : axis.x < 0
    var turned = Banded(box: Self.upright)
    turned.box.angle = angle
    if isBackward { turned.colors.reverse() }
    var level = Banded(box: Self.upright)
    level.box.angle = 0.001
    let other = Banded(box: level.box, colors: [(200, 200, 30), (30, 30, 30), (240, 240, 240)])
    #expect(cosine(try turned.embedding(), try level.embedding()) > 0.97)
    #expect(cosine(try turned.embedding(), try other.embedding()) < 0.7)
  }

  @Test func stripesOfUprightBoxesAreRowsOfThePicture() throws {
    let standing = painted(120, 120) { $0.y < 60 ? (20, 20, 220) : (220, 20, 20) }
    let box = GaussianBox(OrientedBox(AxisBox(left: 30, top: 20, width: 60, height: 80)))
    let wide = GaussianBox(OrientedBox(AxisBox(left: 20, top: 30, width: 80, height: 60)))
    let found = try AppearanceEmbedder(.stripes).embeddings(of: [box, wide], in: standing).compactMap { $0 }
    for embedding in found {
      // Red above, blue below: the first stripe has no blue (hue 2/3: bin 5.33), the last no red (bin 0).
      #expect(embedding[5] < 0.05 && embedding[34] < 0.05 && embedding[0] > 0.3 && embedding[34 + 5] > 0.2)
    }
  }

  @Test func greyPicturesAreToldByValueAlone() throws {
    let grey = painted(80, 60) {
      let v = UInt8($0.x * 3); return (v, v, v)
    }
    let boxes = [AxisBox(left: 0, top: 10, width: 20, height: 40), AxisBox(left: 55, top: 10, width: 20, height: 40)]
    let found = try AppearanceEmbedder(.stripes).embeddings(of: boxes.map { GaussianBox(OrientedBox($0)) }, in: grey).compactMap {
      $0
    }
    for stripe in 0..<3 { for bin in 0..<9 { #expect(found[0][stripe * 17 + bin] == found[1][stripe * 17 + bin]) } }
    #expect(cosine(found[0], found[1]) < 0.7)
  }

  @Test func boxesThatShowNothingHaveNoEmbedding() throws {
    let picture = painted(40, 40) { _ in (1, 2, 3) }
    let boxes = [
      OrientedBox(center: Point(500, 20), width: 20, height: 10, angle: 0),
      OrientedBox(center: Point(.nan, 20), width: 20, height: 10, angle: 0),
      OrientedBox(center: Point(20, 20), width: 20, height: 0, angle: 0),
      OrientedBox(center: Point(1e9, 20), width: 2e9, height: 10, angle: 0),
      OrientedBox(center: Point(38, 38), width: 20, height: 10, angle: 0.4),
    ]
    let found = try AppearanceEmbedder(.stripes).embeddings(of: boxes.map { GaussianBox($0) }, in: picture)
    #expect(found.map { $0 == nil } == [true, true, true, true, false])
  }
}

/// A network whose embedding is the mean of each channel of its input.
func meanNetwork(_ shape: [ONNXValueInfo.Size], output: String = "y") throws -> Graph {
  func node(_ operation: String, _ input: String, _ result: String) -> ONNXNode {
    var node = ONNXNode()
    (node.operation, node.inputs, node.outputs, node.name) = (operation, [input], [result], "the \(operation)")
    return node
  }
  var model = ONNXModel()
  model.operatorSets[""] = 17
  model.graph.nodes = [node("GlobalAveragePool", "x", "h"), node("Flatten", "h", "y")]
  model.graph.inputs = [ONNXValueInfo(name: "x", type: .float32, shape: shape)]
  model.graph.outputs = [ONNXValueInfo(name: output)]
  return try GraphImporter.graph(model)
}

@Suite struct EmbedderNetworkTests {
  @Test func cropsAreRedGreenAndBlueInImageNetsMeasure() throws {
    let network = try EmbedderNetwork(meanNetwork([.symbol("n"), .fixed(3), .fixed(32), .fixed(16)]))
    #expect(network.dimension == 3 && network.takesBatches && network.width == 16 && network.height == 32)
    let picture = painted(60, 60) { _ in (blue: 30, green: 90, red: 210) }
    let found = try AppearanceEmbedder(.network(network)).embeddings(
      of: [GaussianBox(OrientedBox(center: Point(30, 30), width: 20, height: 10, angle: 0.3))], in: picture)
    // By hand: ((value/255) − mean)/deviation of red, green and blue, at length 1.
    let raw = [(210.0 / 255 - 0.485) / 0.229, (90.0 / 255 - 0.456) / 0.224, (30.0 / 255 - 0.406) / 0.225]
    let length = raw.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let embedding = try #require(found[0])
    for (number, expected) in zip(embedding, raw) { #expect(abs(Double(number) - expected / length) < 1e-4) }
  }

  @Test(arguments: [ONNXValueInfo.Size.fixed(1), .symbol("n")]) func aCropHasOneEmbeddingInWhateverCompany(
    batch: ONNXValueInfo.Size
  ) throws {
    let network = try EmbedderNetwork(meanNetwork([batch, .fixed(3), .fixed(16), .fixed(16)]))
    let embedder = try AppearanceEmbedder(.network(network))
    let picture = painted(200, 40) { (UInt8($0.x), UInt8(200 - $0.x), UInt8($0.y * 4)) }
    let boxes = (0..<21).map { GaussianBox(OrientedBox(center: Point(8 + 9 * Double($0), 20), width: 14, height: 8, angle: 0.2)) }
    let together = try embedder.embeddings(of: boxes, in: picture)
    for (box, embedding) in zip(boxes, together) {
      let alone = try #require(try embedder.embeddings(of: [box], in: picture)[0])
      for (a, b) in zip(try #require(embedding), alone) { #expect(abs(a - b) < 1e-5) }
    }
  }

  @Test func sizesThatAreLeftOpenAreThoseOfPeople() throws {
    let network = try EmbedderNetwork(meanNetwork([.symbol(""), .symbol(""), .symbol(""), .symbol("")]))
    #expect(network.width == 128 && network.height == 256 && network.takesBatches)
  }

  @Test func networksOfOtherFormsAreRefusedBySayingWhatDiffers() throws {
    let refused: [([ONNXValueInfo.Size], String, String)] = [
      ([.symbol(""), .fixed(1), .fixed(32), .fixed(32)], "y", "instead of Nx3xHEIGHTxWIDTH"),
      ([.symbol(""), .fixed(3), .fixed(32)], "y", "instead of Nx3xHEIGHTxWIDTH"),
      ([.fixed(8), .fixed(3), .fixed(32), .fixed(32)], "y", "a batch must be of 1"),
      ([.symbol(""), .fixed(3), .fixed(4), .fixed(32)], "y", "sides must be from 8"),
      ([.symbol(""), .fixed(3), .fixed(4000), .fixed(32)], "y", "sides must be from 8"),
    ]
    for (shape, output, problem) in refused {
      let error = #expect(throws: NetworkError.self) { try EmbedderNetwork(meanNetwork(shape, output: output)) }
      #expect(error?.description.contains(problem) == true, "\(error?.description ?? "")")
    }
    // Without the flattening the output is still one vector a crop; one that keeps places is none.
    #expect(try EmbedderNetwork(meanNetwork([.symbol(""), .fixed(3), .fixed(32), .fixed(32)], output: "h")).dimension == 3)
    var model = ONNXModel()
    model.operatorSets[""] = 17
    var node = ONNXNode()
    (node.operation, node.inputs, node.outputs) = ("Relu", ["x"], ["y"])
    model.graph.nodes = [node]
    model.graph.inputs = [ONNXValueInfo(name: "x", type: .float32, shape: [.symbol(""), .fixed(3), .fixed(16), .fixed(16)])]
    model.graph.outputs = [ONNXValueInfo(name: "y")]
    let error = #expect(throws: NetworkError.self) { try EmbedderNetwork(GraphImporter.graph(model)) }
    #expect(error?.description.contains("instead of 1xNUMBERS") == true, "\(error?.description ?? "")")
  }
}
