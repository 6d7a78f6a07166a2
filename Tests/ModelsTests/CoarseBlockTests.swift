import Foundation
import ModelFiles
import NetworkAnalysis
import NetworkGraph
import NetworkKernels
import NetworkPrograms
import NetworkTraining
import TestSupport
import Testing

@testable import Models

/// Transformer blocks at the coarse end: what they compute against loops over numbers, their slopes, and the networks that have them.
@Suite("Blocks at the coarse end")
struct CoarseBlockTests {
  private static let width = 64
  private static let kinds: [CoarseBlocks] = [.vit, .kan, .mix]

  /// Parameters of a block with numbers at random, of the size of trained ones.
  private static func parameters(_ kind: CoarseBlocks, seed: UInt64) throws -> [(name: String, shape: [Int], values: [Double])] {
    var builder = NetworkBuilder(type: .float64)
    let x = builder.graph.input("x", shape: [.any, .fixed(width), .any, .any])
    _ = try builder.coarseBlock(x, "block", width: width, kind)
    var random = TestRandom(seed: seed)
    return builder.parameters.map { parameter in
      let isScale = parameter.name.hasSuffix("scale")
      let size = parameter.start.shape.count == 1 ? 0.3 : 0.15
      return (
        parameter.name, parameter.start.shape, (0..<parameter.start.count).map { _ in (isScale ? 1 : 0) + size * random.normal() }
      )
    }
  }

  private static func map(batch: Int, rows: Int, columns: Int, seed: UInt64) throws -> Tensor {
    var random = TestRandom(seed: seed)
    return try Tensor(
      shape: [batch, width, rows, columns], (0..<batch * width * rows * columns).map { _ in random.normal() })
  }

  /// Maps of any size, the block's numbers and those of the loops.
  @Test(arguments: kinds) func blocksComputeWhatTheirPapersSay(_ kind: CoarseBlocks) throws {
    let parameters = try Self.parameters(kind, seed: 3)
    let tensors = Dictionary(
      uniqueKeysWithValues: try parameters.map { ($0.name, try Tensor(shape: $0.shape, $0.values)) })
    var builder = NetworkBuilder(purpose: .inference(tensors), type: .float64)
    let x = builder.graph.input("x", shape: [.any, .fixed(Self.width), .any, .any])
    builder.graph.output(try builder.coarseBlock(x, "block", width: Self.width, kind), name: "y")
    let network = try Interpreter(builder.graph.graph)
    let twin = BlockTwin(Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, $0.values) }), width: Self.width)
    for (rows, columns) in [(1, 1), (2, 3), (4, 2)] {
      let given = try Self.map(batch: 1, rows: rows, columns: columns, seed: 9)
      let found = try #require(try network.run(["x": given])["y"])
      #expect(found.shape == given.shape)
      let wanted = twin.block(given.elements.doubles, rows, columns, kind)
      for (a, b) in zip(found.elements.doubles, wanted) { #expect(abs(a - b) < 1e-9 * max(1, abs(b))) }
    }
  }

  /// Slopes over every parameter against central differences, a few numbers of each.
  @Test(arguments: kinds) func everyParameterLearns(_ kind: CoarseBlocks) throws {
    let parameters = try Self.parameters(kind, seed: 4)
    var builder = NetworkBuilder(type: .float64)
    let x = builder.graph.input("x", shape: [.any, .fixed(Self.width), .any, .any])
    let result = try builder.coarseBlock(x, "block", width: Self.width, kind)
    let (given, weights) = (
      try Self.map(batch: 2, rows: 2, columns: 2, seed: 5), try Self.map(batch: 2, rows: 2, columns: 2, seed: 6)
    )
    let loss = builder.graph.sum(builder.graph.multiply(result, builder.graph.constant(weights)))
    builder.graph.output(loss, name: "loss")
    let plain = try Interpreter(builder.graph.graph)
    let gradients = try Differentiation.gradients(of: loss, over: builder.parameters.map(\.value), in: &builder.graph)
    for (place, gradient) in gradients.enumerated() { builder.graph.output(try #require(gradient), name: "g\(place)") }
    var inputs = Dictionary(
      uniqueKeysWithValues: try parameters.map { ($0.name, try Tensor(shape: $0.shape, $0.values)) })
    inputs["x"] = given
    let slopes = try Interpreter(builder.graph.graph).run(inputs)
    let step = 1e-5
    for (place, parameter) in parameters.enumerated() {
      let gradient = try #require(slopes["g\(place)"]).elements.doubles
      let scale = try #require(gradient.map(abs).max())
      // A shift of all scores of a query changes nothing: the keys' bias, a third of the first layer's, has no slope.
      #expect(scale > 1e-6, "\(parameter.name)")
      for index in stride(from: 0, to: gradient.count, by: max(1, gradient.count / 5)) {
        var values = parameter.values
        func loss(_ change: Double) throws -> Double {
          values[index] = parameter.values[index] + change
          var moved = inputs
          moved[parameter.name] = try Tensor(shape: parameter.shape, values)
          return try #require(try plain.run(moved)["loss"]).elements.doubles[0]
        }
        let difference = (try loss(step) - loss(-step)) / (2 * step)
        #expect(abs(gradient[index] - difference) < 1e-5 * scale, "\(parameter.name) \(index)")
      }
    }
  }

  @Test(arguments: CoarseBlocks.allCases) func sizesStayWithinTheirPromise(_ kind: CoarseBlocks) throws {
    for (scale, most) in [(DetectorModel.Scale.nano, 1_000_000), (.small, 3_000_000)] {
      let detector = try DetectorLoss().network(DetectorModel(scale, classCount: 15, blocks: kind), seed: 1)
      let segmenter = try SegmenterLoss(weights: [Double](repeating: 1, count: 15)).network(
        SegmenterModel(scale, classCount: 15, blocks: kind), seed: 1)
      for count in [detector.parameterCount, segmenter.parameterCount] {
        #expect(count <= most && count > most / 2, "\(scale) \(kind): \(count)")
      }
    }
  }

  /// The trained network as a file has ONNX's own operations alone, is the same network in every type that programs run, and reads inputs of
  /// another size.
  @Test(arguments: kinds) func theTrainedNetworkRunsInEveryType(_ kind: CoarseBlocks) throws {
    let model = DetectorModel(.nano, classCount: 3, blocks: kind)
    let network = try DetectorLoss().network(model, seed: 4)
    let state = network.start(TrainingSettings(schedule: Schedule(rate: 1, total: 1), batch: 1))
    let graph = try model.graph(state.tensors, width: 96, height: 64)
    #expect(graph.nodes.allSatisfy { $0.domain.isEmpty })
    let read = try GraphImporter.graph(
      ONNXReader.model(FileBytes(name: "made", bytes: GraphExporter.bytes(graph, producer: "test"))))
    var random = TestRandom(seed: 8)
    func picture(_ width: Int, _ height: Int) throws -> [String: Tensor] {
      ["images": try Tensor(shape: [1, 3, height, width], (0..<3 * width * height).map { _ in Float(random.unit()) })]
    }
    func numbers(_ results: [String: Tensor]) throws -> [Double] { try #require(results["boxes"]).elements.doubles }
    let samples = try (0..<3).map { _ in try picture(96, 64) }
    let exact = try numbers(try Interpreter(read).run(samples[0]))
    #expect(exact.allSatisfy { $0.isFinite })
    let program = try Program(read)
    let plain = try numbers(try program.run(samples[0]))
    for (a, b) in zip(plain, exact) { #expect(abs(a - b) < 1e-3 * max(1, abs(b))) }
    let half = try numbers(try Program(read, type: .bf16).run(samples[0]))
    let conversion = try Conversion.bytes(program.graph, samples: samples, rule: .all, threads: 1)
    let bytes = try numbers(try Program(conversion.graph(Set(conversion.layers)), type: .int8).run(samples[0]))
    // The coarse blocks' linear layers are among the layers on bytes: attention has two, the second half two, one or none.
    #expect(conversion.layers.count >= 20)
    for results in [half, bytes] {
      #expect(relativeError(results, exact) < 0.1, "\(kind)")
    }
    let larger = try model.graph(state.tensors, width: 160, height: 96)
    let result = try #require(try Program(larger).run(try picture(160, 96))["boxes"])
    #expect(result.shape == [1, 13, 24, 40])
  }

  private func relativeError(_ found: [Double], _ exact: [Double]) -> Double {
    let error = zip(found, exact).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    return (error / exact.reduce(0) { $0 + $1 * $1 }).squareRoot()
  }

  /// The usual network is the one from before there were others, by the names and shapes of what it learns.
  @Test func theUsualNetworkHasResidualBlocksAtTheCoarseEnd() throws {
    let names = try DetectorLoss().network(DetectorModel(.nano, classCount: 3), seed: 1).parameters.map(\.name)
    #expect(names.contains("pyramid.level3block1.wide.weight") && !names.contains { $0.contains("attention") })
    let others = try DetectorLoss().network(DetectorModel(.nano, classCount: 3, blocks: .vit), seed: 1).parameters.map(\.name)
    #expect(others.contains("pyramid.level3block1.attention.in.weight"))
    #expect(others.contains("pyramid.level2block1.wide.weight") && !others.contains("pyramid.level3block1.wide.convolution"))
  }
}
