import Foundation
import ModelFiles
import NetworkGraph
import NetworkKernels
import NetworkPrograms
import NetworkTestSupport
import Testing

/// Programs of bytes against the interpreter, which takes quantised networks by the letter: dequantise, compute in 64-bit floats, quantise.
@Suite(
  .serialized, .enabled(if: (try? Library.note(on: .int8)) == .some(nil), "needs a processor that sums products of bytes"))
struct IntegerProgramTests {
  /// A value on a grid of bytes.
  private func rounded(_ value: Int, _ low: Float, _ high: Float, _ maker: inout GraphMaker) throws -> Int {
    let grid = try #require(ByteGrid(low: low, high: high))
    let parameters = [maker.constant(Tensor(scalar: grid.scale)), maker.constant(Tensor(scalar: UInt8(grid.zero)))]
    return maker.one("DequantizeLinear", [maker.one("QuantizeLinear", [value] + parameters)] + parameters)
  }

  /// A convolution whose weights are whole numbers with a scale for each channel out.
  private func convolution(
    _ source: Int, _ from: Int, _ to: Int, kernel: Int = 3, stride: Int = 1, groups: Int = 1, _ maker: inout GraphMaker
  ) throws -> Int {
    let terms = from / groups * kernel * kernel
    let numbers = (0..<to * terms).map { _ in Int8(maker.random.uniform(-127, 127)) }
    let scales = (0..<to).map { _ in Float(maker.random.uniform(0.5, 2) / 60 / Double(terms).squareRoot()) }
    let weights = maker.one(
      "DequantizeLinear",
      [
        maker.constant(try Tensor(shape: [to, from / groups, kernel, kernel], numbers)), maker.constant(Tensor(list: scales)),
        maker.constant(Tensor(list: [Int8](repeating: 0, count: to))),
      ], ["axis": .integer(0)])
    let pad = Int64(kernel / 2)
    return maker.one(
      "Conv", [source, weights, maker.constant(try maker.numbers([to]))],
      [
        "kernel_shape": .integers([Int64(kernel), Int64(kernel)]), "strides": .integers([Int64(stride), Int64(stride)]),
        "pads": .integers([pad, pad, pad, pad]), "group": .integer(Int64(groups)),
      ])
  }

  /// Runs a graph by both.
  ///
  /// - Parameters:
  ///   - step: The output grid's step: a sum that lies halfway between two of its numbers may fall to either.
  ///   - meaning: The graph that the interpreter takes by the letter, where it is another one.
  private func expectSame(
    _ maker: GraphMaker, _ shape: [Int], step: Double, differing: Double = 0.02, meaning: GraphMaker? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    var maker = maker
    let graph = maker.graph
    let meant = meaning?.graph ?? graph
    let inputs = try Dictionary(uniqueKeysWithValues: graph.inputs.map { (graph.values[$0].name, try maker.numbers(shape)) })
    let programs = [try Program(graph, threads: 1, type: .int8), try Program(graph, threads: 2, type: .int8)]
    let results = try programs.flatMap { [try $0.run(inputs), try $0.run(inputs)] }
    let stored = try Interpreter(meant).run(inputs)
    for (output, other) in zip(graph.outputs, meant.outputs) {
      let name = graph.values[output].name
      let expected = try #require(stored[meant.values[other].name], sourceLocation: sourceLocation)
      let found = try #require(results[0][name], sourceLocation: sourceLocation)
      #expect(
        results.allSatisfy { $0[name] == found }, "the same bytes again and with more threads", sourceLocation: sourceLocation)
      let errors = zip(found.elements.doubles, expected.elements.doubles).map { abs($0 - $1) }
      #expect(errors.allSatisfy { $0 <= 1.001 * step }, "\(name) \(errors.max() ?? 0)", sourceLocation: sourceLocation)
      let share = Double(errors.count { $0 > 0.01 * step }) / Double(errors.count)
      #expect(share <= differing, "\(name) \(share)", sourceLocation: sourceLocation)
    }
    let report = try #require(try programs[0].report(for: inputs))
    #expect(!report.lines.contains { $0.kernel.hasPrefix("plain") }, sourceLocation: sourceLocation)
    let isWhole = report.steps.contains { step in ["vnni", "int8", "amx"].contains { step.name.contains($0) } }
    #expect(isWhole, sourceLocation: sourceLocation)
  }

  struct Shape: Sendable {
    let from: Int, to: Int, kernel: Int, stride: Int, groups: Int

    init(_ from: Int, _ to: Int, kernel: Int, stride: Int = 1, groups: Int = 1) {
      (self.from, self.to, self.kernel, self.stride, self.groups) = (from, to, kernel, stride, groups)
    }
  }

  static let shapes = [
    Shape(32, 48, kernel: 3), Shape(32, 32, kernel: 3, stride: 2), Shape(24, 40, kernel: 1), Shape(32, 32, kernel: 3, groups: 32),
    Shape(32, 32, kernel: 5, groups: 32), Shape(3, 16, kernel: 3, stride: 2), Shape(8, 8, kernel: 3),
    Shape(32, 32, kernel: 3, groups: 2),
  ]

  /// Zero lies within the source's bytes, so that it matters around the picture.
  @Test(arguments: shapes) func convolutionsAreTheInterpreters(shape: Shape) throws {
    for (low, high) in [(-1, 1), (-0.2, 0.9), (0, 1)] as [(Float, Float)] {
      var maker = GraphMaker(seed: 7)
      let source = try rounded(maker.input(), low, high, &maker)
      let made = try convolution(
        source, shape.from, shape.to, kernel: shape.kernel, stride: shape.stride, groups: shape.groups, &maker)
      maker.output(maker.one("Identity", [try rounded(made, -2, 3, &maker)]))
      try expectSame(maker, [2, shape.from, 11, 14], step: 5.0 / 255)
    }
  }

  /// Bytes with a zero are read as floats by what has no kernel on bytes, in another layout: sizes at which oneDNN's own copy leaves the zero out, and others.
  @Test(arguments: [(64, 7, 5), (128, 13, 13), (64, 6, 6), (48, 7, 5)]) func bytesKeepTheirZeroInOtherLayouts(
    _ channels: Int, _ height: Int, _ width: Int
  ) throws {
    var maker = GraphMaker(seed: 9)
    let source = try rounded(maker.input(), -0.9, 1, &maker)
    let parts = maker.add("Split", [source], ["axis": .integer(1)], outputs: 2)
    let made = try convolution(parts[0], channels / 2, 16, kernel: 3, &maker)
    maker.output(maker.one("Identity", [try rounded(made, -2, 3, &maker)]))
    let gate = maker.constant(try maker.numbers([1, channels, 1, 1]))
    maker.output(maker.one("Mul", [source, gate]))
    try expectSame(maker, [1, channels, height, width], step: 5.0 / 255)
  }

  /// What x · sigmoid x is rounded to here.
  private static let results = ByteGrid(low: -0.28, high: 2.5)
  /// The x of the greatest of them, by bisection.
  private static let argument: Float = {
    let greatest = results.map { Double($0.scale) * Double(255 - $0.zero) } ?? .nan
    var (low, high) = (0.0, 10.0)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if middle / (1 + exp(-middle)) < greatest { low = middle } else { high = middle }
    }
    return Float(low)
  }()

  /// x · sigmoid x on bytes. It comes from a table of the rounded sums: those below zero in steps four times as wide, from −8 on.
  ///
  /// - Parameter isSpelt: Whether that rounding stands in the graph.
  private func swish(_ sums: Int, isSpelt: Bool, _ maker: inout GraphMaker) throws -> Int {
    var sums = sums
    if isSpelt {
      let bent = maker.one("LeakyRelu", [sums], ["alpha": .float(0.25)])
      sums = maker.one("LeakyRelu", [try rounded(bent, -2, Self.argument, &maker)], ["alpha": .float(4)])
    }
    return try rounded(maker.swish(sums), -0.28, 2.5, &maker)
  }

  /// Large enough for two threads to share the table.
  @Test func swishIsATableOfRoundedSums() throws {
    let makers = try [false, true].map { isSpelt in
      var maker = GraphMaker(seed: 8)
      let source = try rounded(maker.input(), -0.9, 1, &maker)
      let made = try swish(try convolution(source, 8, 32, kernel: 1, &maker), isSpelt: isSpelt, &maker)
      maker.output(maker.one("Identity", [made]))
      return maker
    }
    // A sum halfway between two bytes may fall to either; one byte below zero moves the result by half of four of those above at most.
    try expectSame(makers[0], [1, 8, 50, 50], step: 2 * 4.7 / 255, meaning: makers[1])
  }

  @Test func activationsAndAdditionsAreJoined() throws {
    let makers = try [false, true].map { isSpelt in
      var maker = GraphMaker(seed: 3)
      let source = try rounded(maker.input(), -0.9, 1, &maker)
      let first = try swish(try convolution(source, 16, 32, &maker), isSpelt: isSpelt, &maker)
      let second = maker.one("Add", [first, maker.swish(try convolution(first, 32, 32, &maker))])
      maker.output(maker.one("Identity", [try rounded(second, -0.6, 4, &maker)]))
      return maker
    }
    // One step of the first value's bytes moves many sums of the second.
    try expectSame(makers[0], [1, 16, 12, 10], step: 2 * 4.6 / 255, differing: 0.1, meaning: makers[1])
  }

  @Test func rectifiersAreTheEndOfTheBytes() throws {
    var maker = GraphMaker(seed: 4)
    let source = try rounded(maker.input(), -0.9, 1, &maker)
    maker.output(maker.one("Identity", [try rounded(maker.one("Relu", [try convolution(source, 16, 32, &maker)]), 0, 2, &maker)]))
    try expectSame(maker, [1, 16, 12, 10], step: 2.0 / 255)
  }

  @Test func bytesAreMovedAsTheyAre() throws {
    var maker = GraphMaker(seed: 5)
    let source = try rounded(maker.input(), -0.9, 1, &maker)
    let first = try rounded(try convolution(source, 16, 32, &maker), -2, 2, &maker)
    let pooled = try rounded(
      maker.one(
        "MaxPool", [first], ["kernel_shape": .integers([3, 3]), "pads": .integers([1, 1, 1, 1]), "strides": .integers([1, 1])]),
      -2, 2, &maker)
    let halves = maker.add("Split", [pooled], ["axis": .integer(1)], outputs: 2)
    let joined = try rounded(maker.one("Concat", [first, halves[1], halves[0]], ["axis": .integer(1)]), -2, 2, &maker)
    let table = try rounded(maker.one("Sigmoid", [joined]), 0, 1, &maker)
    maker.output(maker.one("Identity", [try rounded(try convolution(table, 64, 16, kernel: 1, &maker), -3, 3, &maker)]))
    try expectSame(maker, [1, 16, 12, 10], step: 6.0 / 255, differing: 0.05)
  }

  /// Two steps of the output's scale.
  @Test(.enabled(if: SharedNetworks.isPresent, SharedNetworks.message)) func reproducesTheQuantizedNetwork() throws {
    let graph = try GraphImporter.graph(path: SharedNetworks.path("cnn_qdq/cnn_qdq.onnx"))
    let inputs = try SharedNetworks.tensors("cnn_qdq/", graph, graph.inputs)
    let results = try Program(graph, type: .int8).run(inputs)
    for (output, stored) in try SharedNetworks.tensors("cnn_qdq/", graph, graph.outputs) {
      let result = try #require(results[output])
      #expect(zip(result.elements.doubles, stored.elements.doubles).allSatisfy { abs($0 - $1) <= 0.07 })
    }
  }

  /// A file of bytes is run in bytes without being asked, and any other one in floats.
  @Test func theFileDecidesTheType() throws {
    for isQuantized in [true, false] {
      var maker = GraphMaker(seed: 3)
      let input = maker.input()
      let read = isQuantized ? try rounded(input, -1, 1, &maker) : input
      maker.output(isQuantized ? try convolution(read, 8, 8, &maker) : try maker.convolution(read, 8, 8))
      #expect(try TypeChoice.auto.type(for: maker.graph) == (isQuantized ? .int8 : .f32))
      #expect(try TypeChoice.f32.type(for: maker.graph) == .f32)
    }
  }
}

/// What is said on any processor, whether it sums products of bytes or not.
@Suite struct IntegerRefusalTests {
  @Test func networksWithoutBytesAreRefused() throws {
    var maker = GraphMaker(seed: 6)
    maker.output(try maker.convolution(maker.input(), 3, 16))
    let graph = maker.graph
    #expect(throws: NetworkError.self) { try Program(graph, type: .int8) }
    #expect(throws: NetworkError.self) { try Program.check(graph, type: .int8) }
  }
}
