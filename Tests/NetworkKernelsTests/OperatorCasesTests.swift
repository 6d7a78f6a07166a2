import ModelFiles
import NetworkGraph
import NetworkKernels
import NetworkTestSupport
import Testing

/// The single-operator cases with outputs of ONNX Runtime.
@Suite(.enabled(if: SharedNetworks.isPresent, SharedNetworks.message))
struct OperatorCasesTests {
  @Test(arguments: SharedNetworks.cases)
  func reproducesTheStoredOutputs(of name: String) throws {
    let graph = try GraphImporter.graph(path: SharedNetworks.path("ops/\(name).onnx"))
    let inputs = try SharedNetworks.tensors("ops/\(name).", graph, graph.inputs)
    let results = try Interpreter(graph).run(inputs)
    for (output, stored) in try SharedNetworks.tensors("ops/\(name).", graph, graph.outputs) {
      let result = try #require(results[output])
      #expect(result.shape == stored.shape)
      #expect(result.type == stored.type)
      if stored.type.isFloat {
        #expect(Distance.relative(result, stored) <= 2e-5, "\(output)")
      } else {
        #expect(result == stored, "\(output)")
      }
    }
  }

  @Test func thereAreAllCases() { #expect(SharedNetworks.cases.count == 124) }
}
