import ModelFiles
import NetworkGraph
import NetworkPrograms
import Testing

/// Nodes that say one thing and hold another are refused, by the fast kernels as by the plain ones.
@Suite(.serialized)
struct ContradictionTests {
  private func sentence(_ make: (inout GraphMaker) throws -> Int, _ input: Tensor) throws -> String? {
    var maker = GraphMaker(seed: 1)
    let made = try make(&maker)
    maker.output(made)
    var graph = maker.graph
    for input in graph.inputs { graph.values[input].type = nil }
    do {
      _ = try Program(graph).run(Dictionary(uniqueKeysWithValues: graph.inputs.map { (graph.values[$0].name, input) }))
      return nil
    } catch { return "\(error)" }
  }

  @Test(arguments: [("Conv", [1, 1, 3, 3]), ("ConvTranspose", [1, 1, 3, 3])]) func declaredKernels(
    operation: String, weights: [Int]
  )
    throws
  {
    for (declared, isRight) in [([3, 3], true), ([5, 5], false), ([3], false), ([], false)] as [([Int64], Bool)] {
      let input = try Tensor(shape: [1, 1, 8, 8], [Float](repeating: 1, count: 64))
      let found = try sentence(
        { maker in
          let kernel = maker.constant(try maker.numbers(weights))
          return maker.one(operation, [maker.input(), kernel], ["kernel_shape": .integers(declared)])
        }, input)
      #expect((found == nil) == isRight, "\(declared): \(found ?? "it ran")")
      #expect(isRight || found?.contains("declares a kernel") == true, "\(found ?? "it ran")")
    }
  }

  /// ONNX declares these for floats alone.
  @Test(arguments: ["Conv", "ConvTranspose", "Softmax", "LogSoftmax", "GlobalAveragePool", "LpNormalization"])
  func integersWhereFloatsAreMeant(operation: String) throws {
    let input = try Tensor(shape: [1, 2, 4, 4], (0..<32).map { Int64($0) })
    let found = try sentence(
      { maker in
        let isConvolution = operation.hasPrefix("Conv")
        let weights = isConvolution ? [maker.constant(try maker.numbers([2, 2, 3, 3]))] : []
        return maker.one(operation, [maker.input()] + weights)
      }, input)
    #expect(found?.contains("needs floats") == true, "\(found ?? "it ran")")
  }
}
