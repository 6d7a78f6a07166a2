import Foundation
import ModelFiles
import NetworkGraph
import NetworkKernels
import NetworkTestSupport
import TestSupport
import Testing

/// Mutated models: every one is read or refused, none brings the program down or asks for memory without bound.
@Suite(.enabled(if: SharedNetworks.isPresent, SharedNetworks.message))
struct HostileModelTests {
  @Test func survivesTenThousandMutatedModels() throws {
    let files = try SharedNetworks.cases.map { name in
      (name, try [UInt8](Data(contentsOf: URL(fileURLWithPath: SharedNetworks.path("ops/\(name).onnx")))))
    }.filter { $0.1.count < 10_000 }
    let inputs = try files.map { name, bytes in
      let graph = try GraphImporter.graph(ONNXReader.model(FileBytes(name: name, bytes: bytes)))
      return try SharedNetworks.tensors("ops/\(name).", graph, graph.inputs)
    }
    var random = TestRandom(seed: 20)
    var ran = 0
    // A small bound on sizes bounds time as well.
    ModelLimits.$elements.withValue(1 << 14) {
      for turn in 0..<10_000 {
        let place = turn % files.count
        let file = FileBytes(name: "mutated", bytes: Mutation.of(files[place].1, &random))
        guard let model = try? ONNXReader.model(file), let graph = try? GraphImporter.graph(model) else { continue }
        guard let interpreter = try? Interpreter(graph) else { continue }
        if (try? interpreter.run(inputs[place])) != nil { ran += 1 }
      }
    }
    // Many mutations change nothing that matters; if none ran, the test would not reach the kernels.
    #expect(ran > 300)
  }
}
