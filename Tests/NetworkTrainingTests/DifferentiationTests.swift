import ModelFiles
import NetworkGraph
import NetworkKernels
import TestSupport
import Testing

@testable import NetworkTraining

/// Relative error that is left of central differences in 64-bit floats: (1e-5)² of curvature and 1e-16/1e-5 of rounding, with room.
private let tolerance = 1e-7

private func integers(_ list: [Int]) -> Attribute { .integers(list.map(Int64.init)) }

@Suite("Gradients of a graph agree with central differences")
struct DifferentiationTests {
  @Test(arguments: Kernels.slopes.keys.sorted())
  func everyFunctionOfOneNumber(_ name: String) throws {
    var check = GradientCheck(seed: 1)
    let ranges: [String: ClosedRange<Double>] = [
      "Log": 0.2...3, "Sqrt": 0.2...3, "Reciprocal": 0.3...3, "Acosh": 1.2...3, "Asin": -0.8...0.8, "Acos": -0.8...0.8,
      "Atanh": -0.8...0.8, "HardSwish": -4...4, "HardSigmoid": -4...4, "Tan": -1...1,
    ]
    let input = try check.tensor([3, 5], ranges[name] ?? -2...2)
    #expect(try check.error(of: [input]) { builder, x in builder.one(name, x, version: 20) } < tolerance)
  }

  @Test func geluByTheHyperbolicApproximation() throws {
    var check = GradientCheck(seed: 2)
    let input = try check.tensor([11], -3...3)
    let attributes = ["approximate": Attribute.string("tanh")]
    #expect(try check.error(of: [input]) { builder, x in builder.one("Gelu", x, attributes, version: 20) } < tolerance)
  }

  @Test(arguments: ["Add", "Sub", "Mul", "Div", "Max", "Min", "Sum", "Mean"])
  func arithmeticThatBroadcasts(_ name: String) throws {
    var check = GradientCheck(seed: 3)
    for shapes in [([2, 3, 4], [3, 1]), ([4], [2, 1, 4]), ([2, 3], [2, 3]), ([], [3, 2])] {
      let inputs = [try check.tensor(shapes.0, 0.2...2, kink: 0.4), try check.tensor(shapes.1, 0.4...2, kink: 0.37)]
      #expect(try check.error(of: inputs) { builder, x in builder.one(name, x) } < tolerance)
    }
  }

  @Test func powersOverBaseAndExponent() throws {
    var check = GradientCheck(seed: 4)
    let inputs = [try check.tensor([3, 4], 0.3...2), try check.tensor([4], -2...2)]
    #expect(try check.error(of: inputs) { builder, x in builder.one("Pow", x) } < tolerance)
  }

  @Test func choicesAndClamps() throws {
    var check = GradientCheck(seed: 5)
    let inputs = [try check.tensor([3, 4], -2...2), try check.tensor([4], 0.1...0.9)]
    #expect(try check.error(of: inputs) { builder, x in builder.one("PRelu", x) } < tolerance)
    #expect(
      try check.error(of: inputs) { builder, x in
        let (low, high) = (builder.constant(-0.7), builder.constant(0.9))
        return builder.one("Clip", [x[0], low, high])
      } < tolerance)
    #expect(
      try check.error(of: inputs) { builder, x in
        let isBelow = builder.one("Less", [x[0], builder.constant(0.25)])
        return builder.one("Where", [isBelow, x[1], x[0]])
      } < tolerance)
  }

  @Test func productsOfMatrices() throws {
    var check = GradientCheck(seed: 6)
    for shapes in [([3, 4], [4, 2]), ([2, 3, 4], [4, 5]), ([2, 1, 3, 4], [3, 4, 2])] {
      let inputs = [try check.tensor(shapes.0), try check.tensor(shapes.1)]
      #expect(try check.error(of: inputs) { builder, x in builder.product(x[0], x[1]) } < tolerance)
    }
    for turns in 0..<4 {
      let (left, right) = (turns & 1, turns >> 1)
      let inputs = [
        try check.tensor(left == 1 ? [4, 3] : [3, 4]), try check.tensor(right == 1 ? [2, 4] : [4, 2]), try check.tensor([2]),
      ]
      let attributes: [String: Attribute] = [
        "transA": .integer(Int64(left)), "transB": .integer(Int64(right)), "alpha": .float(0.5), "beta": .float(2),
      ]
      #expect(try check.error(of: inputs) { builder, x in builder.one("Gemm", x, attributes) } < tolerance)
    }
  }

  @Test(arguments: [
    "ReduceSum", "ReduceMean", "ReduceSumSquare", "ReduceL1", "ReduceL2", "ReduceLogSumExp", "ReduceMax", "ReduceMin",
  ])
  func reductions(_ name: String) throws {
    var check = GradientCheck(seed: 7)
    for (axes, keeps) in [([1], 1), ([0, -1], 0), ([], 0)] as [([Int], Int64)] {
      let input = try check.tensor([2, 3, 4])
      #expect(
        try check.error(of: [input]) { builder, x in
          let inputs = axes.isEmpty ? x : x + [builder.integers(axes)]
          return builder.one(name, inputs, ["keepdims": .integer(keeps)])
        } < tolerance)
    }
  }

  @Test func sumsThatRun() throws {
    var check = GradientCheck(seed: 8)
    let input = try check.tensor([3, 4])
    #expect(
      try check.error(of: [input]) { builder, x in
        let axis = builder.constant(Tensor(scalar: Int64(1)))
        return builder.one("CumSum", [x[0], axis], ["exclusive": .integer(1)])
      } < tolerance)
  }

  @Test func whatMovesNumbers() throws {
    var check = GradientCheck(seed: 9)
    let input = try check.tensor([2, 4, 3, 6])
    let cases: [(String, [Tensor], [String: Attribute])] = [
      ("Transpose", [], ["perm": integers([2, 0, 3, 1])]), ("Transpose", [], [:]),
      ("Reshape", [Tensor(list: [Int64(4), -1])], [:]), ("Flatten", [], ["axis": .integer(2)]),
      ("Unsqueeze", [Tensor(list: [Int64(1)])], [:]),
      (
        "Slice",
        [
          Tensor(list: [Int64(3), -1]), Tensor(list: [Int64(0), -7]), Tensor(list: [Int64(1), 3]), Tensor(list: [Int64(-2), -2]),
        ], [:]
      ),
      ("Gather", [try Tensor(shape: [2, 2], [Int64(0), 3, 3, -1])], ["axis": .integer(1)]),
      ("Tile", [Tensor(list: [Int64(1), 2, 1, 2])], [:]), ("Trilu", [], [:]),
      ("Expand", [Tensor(list: [Int64(3), 1, 1, 1, 1])], [:]),
      ("Pad", [Tensor(list: [Int64(0), 1, 2, 0, 0, 0, 1, 3]), Tensor(scalar: 0.5)], [:]),
      ("Pad", [Tensor(list: [Int64(0), 0, 2, 1, 0, 0, 1, 3])], ["mode": .string("reflect")]),
      ("Pad", [Tensor(list: [Int64(0), 0, 2, 1, 0, 0, 1, 3])], ["mode": .string("edge")]),
      ("DepthToSpace", [], ["blocksize": .integer(2)]), ("SpaceToDepth", [], ["blocksize": .integer(3)]),
    ]
    for (name, others, attributes) in cases {
      let error = try check.error(of: [input]) { builder, x in
        builder.one(name, x + others.map { builder.constant($0) }, attributes)
      }
      #expect(error < tolerance, "\(name)")
    }
    let rows = [try check.tensor([3, 4])]
    #expect(
      try check.error(of: rows) { builder, x in
        let places = builder.constant(try Tensor(shape: [2, 4], [Int64(0), 1, 2, 0, 0, 0, 1, 1]))
        return builder.one("GatherElements", [x[0], places])
      } < tolerance)
  }

  @Test func whatJoinsAndSplits() throws {
    var check = GradientCheck(seed: 10)
    let inputs = [try check.tensor([2, 3, 2]), try check.tensor([2, 1, 2])]
    #expect(try check.error(of: inputs) { builder, x in builder.concat(x, axis: 1) } < tolerance)
    #expect(
      try check.error(of: inputs) { builder, x in
        let lengths = builder.integers([1, 2])
        let parts = builder.add("Split", [x[0], lengths], ["axis": .integer(1)], count: 2)
        // The first part is not used: its gradient is zero.
        return builder.multiply(parts[1], parts[1])
      } < tolerance)
  }

  @Test func convolutionsOfEveryKind() throws {
    var check = GradientCheck(seed: 11)
    let kinds: [(input: [Int], weight: [Int], attributes: [String: Attribute])] = [
      ([2, 3, 5, 6], [4, 3, 3, 2], [:]),
      ([1, 2, 7, 6], [3, 2, 3, 3], ["strides": integers([2, 3]), "pads": integers([1, 0, 2, 1])]),
      ([1, 2, 8, 8], [2, 2, 3, 3], ["dilations": integers([2, 3]), "pads": integers([2, 2, 2, 2])]),
      ([2, 4, 4, 5], [6, 2, 3, 3], ["group": .integer(2), "pads": integers([1, 1, 1, 1])]),
      ([2, 3, 5, 5], [3, 1, 3, 3], ["group": .integer(3), "strides": integers([2, 2])]),
      ([2, 2, 9], [3, 2, 4], ["strides": integers([2]), "auto_pad": .string("SAME_UPPER")]),
    ]
    for kind in kinds {
      let inputs = [try check.tensor(kind.input), try check.tensor(kind.weight), try check.tensor([kind.weight[0]])]
      #expect(try check.error(of: inputs) { builder, x in builder.one("Conv", x, kind.attributes) } < tolerance)
    }
  }

  @Test func transposedConvolutions() throws {
    var check = GradientCheck(seed: 12)
    let kinds: [(input: [Int], weight: [Int], attributes: [String: Attribute])] = [
      ([2, 3, 4, 3], [3, 2, 3, 3], [:]),
      ([1, 4, 3, 3], [4, 1, 3, 3], ["group": .integer(2), "strides": integers([2, 2]), "pads": integers([1, 1, 1, 1])]),
      (
        [1, 2, 3, 3], [2, 3, 3, 2],
        ["strides": integers([3, 2]), "output_padding": integers([1, 1]), "dilations": integers([1, 2])]
      ),
    ]
    for kind in kinds {
      var group = 1
      if case .integer(let given)? = kind.attributes["group"] { group = Int(given) }
      let inputs = [
        try check.tensor(kind.input), try check.tensor(kind.weight), try check.tensor([kind.weight[1] * group]),
      ]
      #expect(try check.error(of: inputs) { builder, x in builder.one("ConvTranspose", x, kind.attributes) } < tolerance)
    }
  }

  @Test func poolingAndResizing() throws {
    var check = GradientCheck(seed: 13)
    let input = try check.tensor([2, 3, 5, 6])
    let windows: [String: Attribute] = [
      "kernel_shape": integers([3, 2]), "strides": integers([2, 2]), "pads": integers([1, 0, 1, 1]),
    ]
    for name in ["MaxPool", "AveragePool"] {
      #expect(try check.error(of: [input]) { builder, x in builder.one(name, x, windows) } < tolerance)
      let ceiling = windows.merging(["ceil_mode": .integer(1)]) { first, _ in first }
      #expect(try check.error(of: [input]) { builder, x in builder.one(name, x, ceiling) } < tolerance)
    }
    let counted = windows.merging(["count_include_pad": .integer(1)]) { first, _ in first }
    #expect(try check.error(of: [input]) { builder, x in builder.one("AveragePool", x, counted) } < tolerance)
    #expect(try check.error(of: [input]) { builder, x in builder.one("GlobalAveragePool", x) } < tolerance)
    for mode in ["nearest", "linear", "cubic"] {
      #expect(
        try check.error(of: [input]) { builder, x in
          let sizes = builder.integers([2, 3, 8, 4])
          return builder.one("Resize", [x[0], nil, nil, sizes], ["mode": .string(mode)])
        } < tolerance)
    }
  }

  @Test func normalizations() throws {
    var check = GradientCheck(seed: 14)
    let input = try check.tensor([3, 4, 2, 3], -2...2)
    let channels = [input, try check.tensor([4], 0.5...2), try check.tensor([4])]
    #expect(
      try check.error(of: channels) { builder, x in
        builder.add("BatchNormalization", x, domain: Kernels.ownDomain, count: 3)[0]
      } < tolerance)
    let statistics = channels + [try check.tensor([4]), try check.tensor([4], 0.5...2)]
    #expect(
      try check.error(of: channels) { builder, x in
        let fixed = statistics[3...].map { builder.constant($0) }
        return builder.one("BatchNormalization", x + fixed)
      } < tolerance)
    let rows = [input, try check.tensor([2, 3], 0.5...2), try check.tensor([2, 3])]
    #expect(try check.error(of: rows) { builder, x in builder.one("LayerNormalization", x, ["axis": .integer(2)]) } < tolerance)
    for axis in [1, -1] {
      for name in ["Softmax", "LogSoftmax"] {
        #expect(try check.error(of: [input]) { builder, x in builder.one(name, x, ["axis": .integer(Int64(axis))]) } < tolerance)
      }
    }
  }

  @Test func dropoutWithTheSameMaskBackwards() throws {
    var check = GradientCheck(seed: 15)
    let inputs = [try check.tensor([4, 6]), Tensor(scalar: Int64(7))]
    #expect(try check.error(of: inputs) { builder, x in builder.own("Dropout", x, ["ratio": .float(0.25)]) } < tolerance)
  }

  @Test func sharedValuesAddTheirGradients() throws {
    var check = GradientCheck(seed: 16)
    let input = try check.tensor([3, 3])
    #expect(
      try check.error(of: [input]) { builder, x in
        let square = builder.product(x[0], x[0])
        return builder.add(builder.multiply(square, x[0]), square)
      } < tolerance)
  }

  @Test func stoppedGradientsStop() throws {
    var builder = GraphBuilder(name: "stop", type: .float64)
    let x = builder.input("x", shape: [.fixed(2)])
    let loss = builder.sum(builder.multiply(builder.stopGradient(x), x))
    let gradient = try Differentiation.gradients(of: loss, over: [x], in: &builder)[0]
    builder.output(try #require(gradient), name: "g")
    // d(stop(x)·x)/dx = x, not 2x.
    #expect(try Interpreter(builder.graph).run(["x": Tensor(list: [3.0, -2])])["g"] == Tensor(list: [3.0, -2]))
  }

  @Test func anOperationWithoutARuleIsNamed() throws {
    var builder = GraphBuilder(name: "none", type: .float64)
    let x = builder.input("x", shape: [.fixed(2), .fixed(2)])
    let loss = builder.sum(builder.one("Det", [x]))
    do {
      _ = try Differentiation.gradients(of: loss, over: [x], in: &builder)
      Issue.record("a determinant was differentiated")
    } catch let error as NetworkError {
      #expect(error.description.contains("Det"))
    }
  }
}

@Suite("Dropout follows its definition")
struct DropoutTests {
  /// The factors that SplitMix64 gives for the state 7 and the ratio ¼, from its published constants.
  @Test func masksComeFromStateAndPlace() throws {
    let uniform = (0..<6).map { SplitMix64Check.uniform(7, $0) }
    let expected = [0.389830, 0.016788, 0.900761, 0.582930, 0.452442, 0.249432]
    for (a, b) in zip(uniform, expected) { #expect(abs(a - b) < 1e-6) }
    var builder = GraphBuilder(name: "dropout", type: .float64)
    let x = builder.input("x", shape: [.fixed(6)])
    let state = builder.input("state", shape: [], type: .int64)
    builder.output(builder.own("Dropout", [x, state], ["ratio": .float(0.25)]), name: "y")
    let result = try Interpreter(builder.graph).run([
      "x": Tensor(list: [Double](repeating: 1, count: 6)), "state": Tensor(scalar: Int64(7)),
    ])
    let kept = 1 / 0.75
    #expect(result["y"] == Tensor(list: [kept, 0, kept, kept, kept, 0] as [Double]))
  }
}

/// The generator written out once more.
private enum SplitMix64Check {
  static func uniform(_ state: UInt64, _ place: Int) -> Double {
    var z = state &+ UInt64(place + 1) &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Double((z ^ (z >> 31)) >> 11) * 0x1p-53
  }
}
