import ModelFiles
import NetworkGraph
import NetworkPrograms
import NetworkTestSupport
import Testing

/// The number of threads is no setting of the result: more than this machine has are asked for, too.
@Suite(.serialized)
struct ThreadCountTests {
  /// Sums of many terms with few results, which is where threads would share the terms, and products as in attention.
  @Test(arguments: [([1, 7, 2_000], 5), ([2, 400, 32], 400), ([1, 64, 600], 33)])
  func productsHaveTheSameBytes(shape: [Int], columns: Int) throws {
    for type in [ProgramType.f32, .bf16] {
      var maker = GraphMaker(seed: 3)
      let weight = maker.constant(try maker.numbers([1, shape[2], columns]))
      let product = maker.one("MatMul", [maker.input(), weight])
      maker.output(maker.one("Softmax", [product], ["axis": .integer(-1)]))
      let graph = maker.graph
      let inputs = try Dictionary(uniqueKeysWithValues: graph.inputs.map { (graph.values[$0].name, try maker.numbers(shape)) })
      let one = try Program(graph, threads: 1, type: type).run(inputs)
      for threads in [2, 3, 5, 8] {
        #expect(try Program(graph, threads: threads, type: type).run(inputs) == one, "\(threads) threads, \(type)")
      }
    }
  }

  /// Convolutions whose sums oneDNN would group by the number of threads: kernels that reach over the picture. The shapes were found by a
  /// random search; without care they differ with the threads beside them.
  @Test(arguments: [
    WideCase(kernel: [4, 6], source: [512, 3, 1], outputs: 100),  // 3, 5, 8
    WideCase(kernel: [3, 10], source: [64, 2, 7], outputs: 32, stride: 2),  // 3, 5, 8
    WideCase(kernel: [1, 4], source: [32, 1, 3], outputs: 5, dilation: 2),  // 2
    WideCase(kernel: [31, 31], source: [1, 3, 3], outputs: 1),  // 5
  ]) func wideKernelsHaveTheSameBytes(wide: WideCase) throws {
    for type in [ProgramType.f32, .bf16] {
      var maker = GraphMaker(seed: 7)
      maker.output(try wide.convolution(&maker))
      let graph = maker.graph
      let input = try maker.numbers([1] + wide.source)
      let inputs = Dictionary(uniqueKeysWithValues: graph.inputs.map { (graph.values[$0].name, input) })
      let one = try Program(graph, threads: 1, type: type).run(inputs)
      for threads in [2, 3, 5, 8] {
        #expect(try Program(graph, threads: threads, type: type).run(inputs) == one, "\(threads) threads, \(type)")
      }
    }
  }

  /// A convolution by its numbers; pads keep the size at stride 1.
  struct WideCase: CustomTestStringConvertible {
    let kernel: [Int]
    /// Channels, height, width.
    let source: [Int]
    let outputs: Int
    var stride = 1
    var dilation = 1

    var testDescription: String { "\(kernel) on \(source)" }

    func convolution(_ maker: inout GraphMaker) throws -> Int {
      let weights = maker.constant(try maker.numbers([outputs, source[0]] + kernel))
      let whole = kernel.map { ($0 - 1) * dilation }
      let begin = whole.map { $0 / 2 }
      let pads = (begin + zip(whole, begin).map { $0 - $1 }).map { Int64($0) }
      let steps = Attribute.integers([Int64(stride), Int64(stride)])
      return maker.one(
        "Conv", [maker.input(), weights],
        ["pads": .integers(pads), "strides": steps, "dilations": .integers([Int64(dilation), Int64(dilation)])])
    }
  }

  /// Winograd's kernel, where oneDNN would go about it in another way with another number of threads: few pictures of many channels.
  @Test(arguments: [(128, 16, 40), (256, 32, 28), (16, 16, 24)]) func convolutionsHaveTheSameBytes(from: Int, to: Int, side: Int)
    throws
  {
    var maker = GraphMaker(seed: 5)
    maker.output(maker.swish(try maker.convolution(maker.input(), from, to)))
    let graph = maker.graph
    let input = try maker.numbers([1, from, side, side])
    let inputs = Dictionary(uniqueKeysWithValues: graph.inputs.map { (graph.values[$0].name, input) })
    let program = try Program(graph, threads: 1)
    let one = try program.run(inputs)
    for threads in [2, 3, 4, 7] {
      #expect(try Program(graph, threads: threads).run(inputs) == one, "\(threads) threads")
    }
  }
}
