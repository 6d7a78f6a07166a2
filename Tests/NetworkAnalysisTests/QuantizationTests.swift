import ModelFiles
import NetworkAnalysis
import NetworkGraph
import NetworkKernels
import NetworkPrograms
import NetworkTestSupport
import TestSupport
import Testing

/// Networks on bytes: what is written, how far it is from the exact network, and which layers are kept.
@Suite(.serialized)
struct QuantizationTests {
  /// A small network with a residual, a joined tensor and a pool; inputs of 0 … 1.
  private func network() throws -> (graph: Graph, samples: [[String: Tensor]]) {
    var random = TestRandom(seed: 11)
    var graph = Graph(name: "made", operatorSets: ["": 13])
    func value(_ name: String, _ tensor: Tensor? = nil) -> Int {
      graph.values.append(Value(name: name, type: .float32, shape: tensor?.shape.map { .fixed($0) }, constant: tensor))
      return graph.values.count - 1
    }
    func node(_ operation: String, _ inputs: [Int], _ attributes: [String: Attribute] = [:]) -> Int {
      let made = value("\(operation)\(graph.nodes.count)")
      graph.nodes.append(
        Node(
          name: "node\(graph.nodes.count)", operation: operation, version: 13, inputs: inputs, outputs: [made],
          attributes: attributes))
      return made
    }
    func convolution(_ source: Int, _ from: Int, _ to: Int, _ kernel: Int) throws -> Int {
      let terms = from * kernel * kernel
      let scale = 2 / Double(terms).squareRoot()
      let weights = value(
        "w\(graph.values.count)",
        try Tensor(shape: [to, from, kernel, kernel], (0..<to * terms).map { _ in Float(random.uniform(-scale, scale)) }))
      let bias = value("b\(graph.values.count)", Tensor(list: (0..<to).map { _ in Float(random.uniform(-0.5, 0.5)) }))
      let (side, pad) = (Int64(kernel), Int64(kernel / 2))
      return node(
        "Conv", [source, weights, bias], ["kernel_shape": .integers([side, side]), "pads": .integers([pad, pad, pad, pad])])
    }
    func swish(_ source: Int) -> Int { node("Mul", [source, node("Sigmoid", [source])]) }
    let input = value("x")
    graph.values[input].shape = [.fixed(1), .fixed(3), .fixed(12), .fixed(12)]
    graph.inputs = [input]
    let first = swish(try convolution(input, 3, 16, 3))
    let sum = node("Add", [first, swish(try convolution(first, 16, 16, 3))])
    let pooled = node(
      "MaxPool", [sum], ["kernel_shape": .integers([3, 3]), "pads": .integers([1, 1, 1, 1]), "strides": .integers([1, 1])])
    let joined = node("Concat", [first, pooled], ["axis": .integer(1)])
    graph.outputs = [try convolution(joined, 32, 8, 1)]
    let samples = try (0..<3).map { _ in
      ["x": try Tensor(shape: [1, 3, 12, 12], (0..<432).map { _ in Float(random.uniform(0, 1)) })]
    }
    return (graph, samples)
  }

  private func expected(_ graph: Graph, _ samples: [[String: Tensor]]) throws -> [[String: Tensor]] {
    try samples.map { try Interpreter(graph).run($0) }
  }

  private func group(_ graph: Graph) -> [ChannelGroup] {
    [ChannelGroup(name: "all", output: graph.values[graph.outputs[0]].name)]
  }

  /// Eight bits of every value and weight: a relative error of about a hundredth.
  @Test(arguments: [RangeRule.all, .percentile(99.99), .entropy]) func bytesStayNear(rule: RangeRule) throws {
    let (graph, samples) = try network()
    let conversion = try Conversion.bytes(graph, samples: samples, rule: rule, threads: 1)
    #expect(conversion.layers.count == 3)
    let exact = try expected(graph, samples)
    for type in [ProgramType.f32, .int8] {
      let errors = try conversion.errors(
        Set(conversion.layers), groups: group(graph), samples: samples, expected: exact, threads: 1, type: type)
      // The entropy rule cuts off more than rounding costs on so few numbers.
      #expect(errors[0] > 1e-4 && errors[0] < (rule == .entropy ? 0.3 : 0.03), "\(type) \(errors[0])")
    }
  }

  /// The integer kernels compute what the file says, but for the sums in front of x · sigmoid x, which are rounded to bytes once more: that costs
  /// no more than all roundings of the file may, the bound above.
  @Test func integerKernelsAgreeWithTheFile() throws {
    let (graph, samples) = try network()
    let conversion = try Conversion.bytes(graph, samples: samples, rule: .all, threads: 1)
    let rounded = try conversion.graph(Set(conversion.layers))
    let output = graph.values[graph.outputs[0]].name
    for sample in samples {
      let letter = try #require(try Interpreter(rounded).run(sample)[output])
      let program = try Program(rounded, type: .int8)
      #expect(Distance.relative(try #require(try program.run(sample)[output]), letter) < 0.03)
    }
  }

  @Test func filesComeBackTheSame() throws {
    let (graph, samples) = try network()
    let conversion = try Conversion.bytes(graph, samples: samples, rule: .all, threads: 1)
    let rounded = try conversion.graph(Set(conversion.layers))
    let bytes = try GraphExporter.bytes(rounded, producer: "test")
    let read = try GraphImporter.graph(ONNXReader.model(FileBytes(name: "made", bytes: bytes)))
    #expect(try Interpreter(read).run(samples[0]) == Interpreter(rounded).run(samples[0]))
    #expect(read.nodes.count { $0.operation == "QuantizeLinear" } == 5)
    #expect(!read.values.contains { $0.constant?.type == .float32 && $0.constant?.rank == 4 })
  }

  /// Values that are only moved between two nodes share one grid.
  @Test func movedValuesShareTheirGrid() throws {
    let (graph, _) = try network()
    let plan = QuantizationPlan(graph)
    let groups = plan.groups(for: Set(plan.layers))
    let names = groups.map { $0.map { graph.values[$0].name } }
    #expect(names.count == 2)
    #expect(names.contains(["x"]))
    #expect(names.contains { $0.count == 4 && $0.contains { $0.hasPrefix("Concat") } && $0.contains { $0.hasPrefix("MaxPool") } })
  }

  /// One channel that is far larger than the rest spoils the layer that reads it, and is found.
  @Test func theLayerThatSpoilsIsFound() throws {
    var (graph, samples) = try network()
    let spoiled = try #require(graph.nodes.firstIndex { $0.operation == "Conv" && $0.name != "node0" })
    let weight = try #require(graph.nodes[spoiled].inputs[1])
    guard case .float32(var numbers)? = graph.values[weight].constant?.elements else { return }
    // Each channel out has one weight that takes the whole range.
    for channel in 0..<16 { numbers[channel * 144] = 60 }
    graph.values[weight].constant = try Tensor(shape: [16, 16, 3, 3], numbers)
    let conversion = try Conversion.bytes(graph, samples: samples, rule: .all, threads: 1)
    let lines = try LayerSensitivity(
      conversion, groups: group(graph), samples: samples, expected: try expected(graph, samples), threads: 1)
    #expect(lines.lines.map(\.layer) == conversion.layers)
    #expect(lines.sensitive(share: 0.5) == [spoiled])
    #expect(lines.sensitive(share: 0).count == 3)
  }

  @Test func halfWeightsAreRoundedOnes() throws {
    let (graph, samples) = try network()
    let conversion = Conversion.halfWeights(graph)
    let rounded = try conversion.graph(Set(conversion.layers))
    let read = try GraphImporter.graph(
      ONNXReader.model(FileBytes(name: "made", bytes: GraphExporter.bytes(rounded, producer: "test"))))
    #expect(read.values.count { $0.constant?.type == .bfloat16 } == 3)
    let errors = try conversion.errors(
      Set(conversion.layers), groups: group(graph), samples: samples, expected: try expected(graph, samples), threads: 1, type: .f32
    )
    // Weights of eight significant bits: 2⁻⁹ at most each, less in sums.
    #expect(errors[0] > 1e-5 && errors[0] < 1.0 / 512)
  }

  @Test func ternaryLevelsAreTheDefinitions() {
    let (levels, scale) = TernaryWeights.rounded([0.4, -1.2, 0.05, 0.9, -0.3, 0])
    #expect(levels == [1, -1, 0, 1, -1, 0])
    #expect(abs(scale - 0.475) < 1e-7)
  }

  @Test func ternaryWeightsAreOfProductsAlone() throws {
    let (graph, _) = try network()
    let conversion = Conversion.ternaryWeights(graph)
    #expect(conversion.layers == [graph.nodes.count - 1])
    let rounded = try conversion.graph(Set(conversion.layers))
    guard case .int8(let levels)? = rounded.values.first(where: { $0.constant?.type == .int8 })?.constant?.elements else {
      Issue.record("no levels")
      return
    }
    #expect(Set(levels).isSubset(of: [-1, 0, 1]))
  }

  /// Operator set 11 has a Squeeze with fixed axes and no scale for each channel.
  @Test func olderOperatorSetsAreRaised() throws {
    var (graph, samples) = try network()
    graph.operatorSets[""] = 11
    for index in graph.nodes.indices { graph.nodes[index].version = 11 }
    graph.values.append(Value(name: "flat"))
    graph.nodes.append(
      Node(
        name: "", operation: "Unsqueeze", version: 11, inputs: [graph.outputs[0]], outputs: [graph.values.count - 1],
        attributes: ["axes": .integers([0])]))
    graph.outputs = [graph.values.count - 1]
    let conversion = try Conversion.bytes(graph, samples: samples, rule: .all, threads: 1)
    let rounded = try conversion.graph(Set(conversion.layers))
    #expect(rounded.operatorSets[""] == 13)
    #expect(try Interpreter(rounded).run(samples[0])["flat"]?.shape == [1, 1, 8, 12, 12])
  }
}
