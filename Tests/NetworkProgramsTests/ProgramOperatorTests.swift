import ModelFiles
import NetworkGraph
import NetworkKernels
import NetworkPrograms
import NetworkTestSupport
import Testing

/// Programs against stored outputs of ONNX Runtime, run twice: the first run makes the plan, the second one uses it.
@Suite(.serialized, .enabled(if: SharedNetworks.isPresent, SharedNetworks.message))
struct ProgramOperatorTests {
  private func expectStored(_ path: String, prefix: String, limit: Double? = nil, threads: Int = 1) throws {
    let graph = try GraphImporter.graph(path: SharedNetworks.path(path))
    let program = try Program(graph, threads: threads)
    let inputs = try SharedNetworks.tensors(prefix, graph, graph.inputs)
    let outputs = try SharedNetworks.tensors(prefix, graph, graph.outputs)
    let first = try program.run(inputs)
    let second = try program.run(inputs)
    for (name, stored) in outputs {
      let result = try #require(first[name])
      #expect(second[name] == result || result.elements.doubles.contains(where: \.isNaN), "\(name) again")
      #expect(result.shape == stored.shape)
      if stored.type.isFloat {
        let distance = Distance.relative(result, stored)
        #expect(distance <= limit ?? (stored.type == .float16 ? 1e-3 : 2e-5), "\(name)")
      } else {
        #expect(result == stored, "\(name)")
      }
    }
  }

  @Test(arguments: SharedNetworks.cases) func reproducesTheCase(name: String) throws {
    try expectStored("ops/\(name).onnx", prefix: "ops/\(name).")
  }

  @Test(arguments: [
    "mobilenetv3_block", "convnext_block", "vit_tiny", "vit_tiny_raw", "unet_tiny", "gru_bidir2", "lstm_bidir", "dynamic_shapes",
    "siamese_xcorr", "cnn_f32", "cnn_f16", "cnn_external",
  ]) func reproducesTheNetwork(name: String) throws {
    try expectStored("\(name)/\(name).onnx", prefix: "\(name)/", threads: 2)
  }

  /// Within two steps of its output's scale, a relative 0.02.
  @Test func reproducesTheQuantizedNetwork() throws {
    try expectStored("cnn_qdq/cnn_qdq.onnx", prefix: "cnn_qdq/", limit: 0.02)
  }

  @Test func keepsAPlanForEachSize() throws {
    for name in ["case1", "case2"] { try expectStored("dynamic_shapes/dynamic_shapes.onnx", prefix: "dynamic_shapes/\(name).") }
  }
}
