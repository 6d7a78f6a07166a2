import ModelFiles
import NetworkGraph
import NetworkKernels
import NetworkPrograms
import NetworkTestSupport
import TestSupport
import Testing

/// Programs against the interpreter, which computes node by node in 64-bit floats, on graphs of random weights made of what programs join,
/// place or only name anew.
@Suite(.serialized)
struct JoinedNodesTests {
  /// Runs a graph by both, twice, and by one thread and two.
  private func expectSame(
    _ maker: GraphMaker, _ shape: [Int], limit: Double = 5e-6, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    var maker = maker
    let graph = maker.graph
    let inputs = try Dictionary(uniqueKeysWithValues: graph.inputs.map { (graph.values[$0].name, try maker.numbers(shape)) })
    let expected = try Interpreter(graph).run(inputs)
    let programs = [try Program(graph, threads: 1), try Program(graph, threads: 2)]
    let results = try programs.flatMap { [try $0.run(inputs), try $0.run(inputs)] }
    for (name, tensor) in expected {
      for result in results {
        let found = try #require(result[name], sourceLocation: sourceLocation)
        #expect(found.shape == tensor.shape, sourceLocation: sourceLocation)
        #expect(Distance.relative(found, tensor) <= limit, "\(name)", sourceLocation: sourceLocation)
        #expect(found == results[0][name], "the same bytes again and with more threads: \(name)", sourceLocation: sourceLocation)
      }
    }
  }

  private static let seeds: [UInt64] = [1, 2, 3, 4]

  @Test(arguments: seeds) func convolutionsTakeActivationsAndAdditions(seed: UInt64) throws {
    for (channels, side, kernel) in [(16, 9, 3), (32, 20, 3), (24, 12, 3), (48, 7, 1), (5, 11, 5)] {
      var maker = GraphMaker(seed: seed)
      let first = maker.swish(try maker.convolution(maker.input(), 3, channels, stride: 2))
      let second = maker.swish(try maker.convolution(first, channels, channels, kernel: kernel))
      let sum = maker.one("Add", [first, second])
      let third = maker.one("Relu", [try maker.convolution(sum, channels, channels, kernel: kernel)])
      let fourth = maker.one("Relu", [maker.one("Add", [third, try maker.convolution(third, channels, channels)])])
      maker.output(try maker.convolution(fourth, channels, channels, groups: channels))
      try expectSame(maker, [1, 3, 2 * side, 2 * side + 3])
    }
  }

  /// A part of what is split goes into the joined tensor with what is made of the other part.
  @Test(arguments: seeds) func joinedPartsAreMadeInPlace(seed: UInt64) throws {
    for (channels, axisOrder) in [(32, false), (32, true), (24, false), (64, true)] {
      var maker = GraphMaker(seed: seed)
      let whole = maker.swish(try maker.convolution(maker.input(), 3, channels, kernel: 1))
      let halves = maker.add("Split", [whole], ["axis": .integer(1)], outputs: 2)
      let made = maker.swish(try maker.convolution(halves[1], channels / 2, channels / 2))
      let again = maker.one("Add", [halves[1], maker.swish(try maker.convolution(made, channels / 2, channels / 2))])
      let parts = axisOrder ? [halves[1], halves[0], made, again] : [halves[0], halves[1], made, again]
      let joined = maker.one("Concat", parts, ["axis": .integer(1)])
      // Parts are read again after they were joined, and joined a second time.
      let twice = maker.one("Concat", [joined, whole, again, again], ["axis": .integer(1)])
      maker.output(try maker.convolution(twice, 4 * channels, 16, kernel: 1))
      maker.output(maker.one("Add", [again, halves[0]]))
      try expectSame(maker, [1, 3, 10, 13])
      try expectSame(maker, [2, 3, 8, 9])
    }
  }

  @Test(arguments: seeds) func picturesOfTwoScalesAreJoined(seed: UInt64) throws {
    var maker = GraphMaker(seed: seed)
    let fine = maker.swish(try maker.convolution(maker.input(), 3, 32))
    let pooled = maker.one(
      "MaxPool", [fine],
      ["kernel_shape": .integers([5, 5]), "pads": .integers([2, 2, 2, 2]), "strides": .integers([1, 1])])
    let coarse = maker.swish(try maker.convolution(maker.one("Concat", [fine, pooled], ["axis": .integer(1)]), 64, 48, stride: 2))
    let scales = maker.constant(try Tensor(shape: [4], [1, 1, 2, 2] as [Float]))
    let none = maker.constant(try Tensor(shape: [0], [Float]()))
    let large = maker.one(
      "Resize", [coarse, none, scales],
      ["mode": .string("nearest"), "coordinate_transformation_mode": .string("asymmetric"), "nearest_mode": .string("floor")])
    maker.output(try maker.convolution(maker.one("Concat", [large, fine], ["axis": .integer(1)]), 80, 21, kernel: 1))
    try expectSame(maker, [1, 3, 16, 12])
  }

  /// The heads of detectors: cells of several scales in one list, expected distances, classes.
  @Test(arguments: seeds) func cellsOfTwoScalesBecomeOneList(seed: UInt64) throws {
    var maker = GraphMaker(seed: seed)
    let fine = maker.swish(try maker.convolution(maker.input(), 3, 64))
    let coarse = maker.swish(try maker.convolution(fine, 64, 64, stride: 2))
    var lists: [Int] = []
    for level in [fine, coarse] {
      let head = try maker.convolution(level, 64, 64, kernel: 1)
      lists.append(maker.one("Reshape", [head, maker.integers([1, 64, -1])]))
    }
    let list = maker.one("Concat", lists, ["axis": .integer(2)])
    let bins = maker.one(
      "Transpose", [maker.one("Reshape", [list, maker.integers([1, 4, 16, -1])])], ["perm": .integers([0, 2, 1, 3])])
    let shares = maker.one("Softmax", [bins], ["axis": .integer(1)])
    let counts = maker.constant(try Tensor(shape: [1, 16, 1, 1], (0..<16).map { Float($0) }))
    let distances = maker.one("Conv", [shares, counts], ["kernel_shape": .integers([1, 1])])
    let sides = maker.one("Reshape", [distances, maker.integers([1, 4, -1])])
    let classes = maker.one("Sigmoid", [list])
    maker.output(maker.one("Concat", [sides, classes], ["axis": .integer(1)]))
    maker.output(maker.one("Transpose", [list], ["perm": .integers([0, 2, 1])]))
    try expectSame(maker, [1, 3, 12, 8])
  }

  /// Slices with steps, shuffled channels and single rows are the same numbers by other strides.
  @Test(arguments: seeds) func stridesStandForMovedNumbers(seed: UInt64) throws {
    for channels in [16, 24] {
      var maker = GraphMaker(seed: seed)
      let input = maker.input()
      var corners: [Int] = []
      for (y, x) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
        corners.append(
          maker.one(
            "Slice",
            [
              input, maker.integers([Int64(y), Int64(x)]), maker.integers([1000, 1000]), maker.integers([2, 3]),
              maker.integers([2, 2]),
            ]))
      }
      let first = try maker.convolution(maker.one("Concat", corners, ["axis": .integer(1)]), 12, channels)
      let pairs = maker.one("Reshape", [first, maker.integers([Int64(channels / 2), 2, -1])])
      let turned = maker.one("Transpose", [pairs], ["perm": .integers([1, 0, 2])])
      let halves = maker.one("Reshape", [turned, maker.integers([2, -1, Int64(channels / 2), 6, 6])])
      let zero = maker.constant(try Tensor(shape: [], [0] as [Int64]))
      let one = maker.constant(try Tensor(shape: [], [1] as [Int64]))
      let even = maker.one("Gather", [halves, zero], ["axis": .integer(0)])
      let odd = maker.one("Gather", [halves, one], ["axis": .integer(0)])
      let branch = maker.one("Relu", [try maker.convolution(odd, channels / 2, channels / 2)])
      maker.output(maker.one("Concat", [even, branch], ["axis": .integer(1)]))
      maker.output(maker.one("Tanh", [turned]))
      maker.output(maker.one("Softmax", [turned], ["axis": .integer(0)]))
      try expectSame(maker, [1, 3, 12, 12])
    }
  }

  @Test(arguments: seeds) func attentionReadsTurnedFactors(seed: UInt64) throws {
    var maker = GraphMaker(seed: seed)
    let mixed = try maker.convolution(maker.input(), 3, 64, kernel: 1)
    let heads = maker.one("Reshape", [mixed, maker.integers([1, 2, 32, 35])])
    let parts = maker.add("Split", [heads, maker.integers([8, 8, 16])], ["axis": .integer(2)], outputs: 3)
    let scores = maker.one("MatMul", [maker.one("Transpose", [parts[0]], ["perm": .integers([0, 1, 3, 2])]), parts[1]])
    let shares = maker.one(
      "Transpose", [maker.one("Softmax", [scores], ["axis": .integer(-1)])], ["perm": .integers([0, 1, 3, 2])])
    let seen = maker.one("Reshape", [maker.one("MatMul", [parts[2], shares]), maker.integers([1, 32, 5, 7])])
    maker.output(maker.one("Add", [seen, try maker.convolution(seen, 32, 32, groups: 32)]))
    try expectSame(maker, [1, 3, 5, 7])
  }

  @Test(arguments: seeds) func normalizationBecomesPartOfTheConvolution(seed: UInt64) throws {
    var maker = GraphMaker(seed: seed)
    let raw = try maker.convolution(maker.input(), 3, 32)
    let variance = try Tensor(shape: [32], (0..<32).map { _ in Float(maker.random.uniform(0.2, 2)) })
    let statistics = [
      maker.constant(try maker.numbers([32])), maker.constant(try maker.numbers([32])), maker.constant(try maker.numbers([32])),
    ]
    let normal = maker.one("BatchNormalization", [raw] + statistics + [maker.constant(variance)], ["epsilon": .float(1e-3)])
    maker.output(try maker.convolution(maker.swish(normal), 32, 16))
    try expectSame(maker, [1, 3, 10, 10])
  }

  @Test(arguments: seeds) func paddingBecomesPartOfWhatFollows(seed: UInt64) throws {
    for operation in ["AveragePool", "MaxPool", "Conv"] {
      var maker = GraphMaker(seed: seed)
      let first = maker.one("Relu", [try maker.convolution(maker.input(), 3, 16)])
      let padded = maker.one("Pad", [first, maker.integers([0, 0, 1, 0, 0, 0, 1, 2])], ["mode": .string("constant")])
      switch operation {
      case "Conv": maker.output(try maker.convolution(padded, 16, 16))
      default: maker.output(maker.one(operation, [padded], ["kernel_shape": .integers([3, 3]), "strides": .integers([2, 2])]))
      }
      try expectSame(maker, [1, 3, 11, 8])
    }
  }

  /// Channels that fill blocks and that do not, with and without a bias, alone and with what follows them in networks.
  @Test(arguments: seeds) func enlargementBecomesAConvolutionOfOnePixel(seed: UInt64) throws {
    for (channels, size, hasBias) in [(32, 2, true), (16, 3, false), (24, 2, true), (5, 4, true)] {
      var maker = GraphMaker(seed: seed)
      let first = maker.one("Relu", [try maker.convolution(maker.input(), 3, 48)])
      let weights = maker.constant(try maker.numbers([48, channels, size, size], scale: 0.3))
      let steps = Attribute.integers([Int64(size), Int64(size)])
      let large = maker.one(
        "ConvTranspose", [first, weights] + (hasBias ? [maker.constant(try maker.numbers([channels]))] : []),
        ["strides": steps, "kernel_shape": steps])
      maker.output(large)
      let sum = maker.one("Add", [large, maker.one("Sigmoid", [large])])
      maker.output(try maker.convolution(sum, channels, 16))
      let graph = maker.graph
      let picture = [graph.values[graph.inputs[0]].name: try maker.numbers([1, 3, 5, 7])]
      let program = try Program(graph, threads: 1)
      _ = try program.run(picture)
      let plan = try #require(try program.report(for: picture))
      #expect(!plan.steps.contains { $0.name.hasPrefix("deconvolution") || $0.name.hasPrefix("plain") }, "\(plan.steps)")
      try expectSame(maker, [1, 3, 5, 7])
    }
  }

  @Test(arguments: seeds) func blocksOfChannelsBecomePixels(seed: UInt64) throws {
    for (channels, size) in [(64, 2), (144, 3), (20, 2), (48, 4)] {
      for mode in ["DCR", "CRD"] {
        var maker = GraphMaker(seed: seed)
        let first = try maker.convolution(maker.input(), 3, channels)
        let made = maker.one("DepthToSpace", [first], ["blocksize": .integer(Int64(size)), "mode": .string(mode)])
        maker.output(made)
        maker.output(try maker.convolution(made, channels / (size * size), 8))
        try expectSame(maker, [1, 3, 6, 5])
      }
    }
  }
}
