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

  /// Kernels wider than the picture, which oneDNN computes as products of matrices.
  @Test(arguments: [(9, 5, 64, 48), (7, 3, 256, 16), (11, 4, 32, 512)]) func wideKernelsHaveTheSameBytes(
    kernel: Int, side: Int, from: Int, to: Int
  ) throws {
    for type in [ProgramType.f32, .bf16] {
      var maker = GraphMaker(seed: 7)
      maker.output(try maker.convolution(maker.input(), from, to, kernel: kernel))
      let graph = maker.graph
      let input = try maker.numbers([1, from, side, side])
      let inputs = Dictionary(uniqueKeysWithValues: graph.inputs.map { (graph.values[$0].name, input) })
      let one = try Program(graph, threads: 1, type: type).run(inputs)
      for threads in [2, 3, 4, 7] {
        #expect(try Program(graph, threads: threads, type: type).run(inputs) == one, "\(threads) threads, \(type)")
      }
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
