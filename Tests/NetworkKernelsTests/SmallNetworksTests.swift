import ModelFiles
import NetworkGraph
import NetworkKernels
import NetworkTestSupport
import Testing

/// The small networks with outputs of ONNX Runtime, run by the plain kernels.
@Suite(.enabled(if: SharedNetworks.isPresent, SharedNetworks.message))
struct SmallNetworksTests {
  static let names = [
    "mobilenetv3_block", "convnext_block", "vit_tiny", "vit_tiny_raw", "unet_tiny", "gru_bidir2", "lstm_bidir", "dynamic_shapes",
    "siamese_xcorr", "cnn_f32", "cnn_f16", "cnn_external", "cnn_qdq",
  ]

  private func expectStored(_ name: String, prefix: String) throws {
    let graph = try GraphImporter.graph(path: SharedNetworks.path("\(name)/\(name).onnx"))
    let results = try Interpreter(graph).run(SharedNetworks.tensors(prefix, graph, graph.inputs))
    for (output, stored) in try SharedNetworks.tensors(prefix, graph, graph.outputs) {
      let result = try #require(results[output])
      #expect(result.shape == stored.shape)
      if name == "cnn_qdq" {
        // Two steps of its output's scale.
        #expect(zip(result.elements.doubles, stored.elements.doubles).allSatisfy { abs($0 - $1) <= 0.07 })
      } else if stored.type.isFloat {
        // One unit in the last place of a half float is 2⁻¹⁰.
        let limit = stored.type == .float16 ? 1e-3 : 2e-5
        #expect(Distance.relative(result, stored) <= limit, "\(output)")
      } else {
        #expect(result == stored, "\(output)")
      }
    }
  }

  @Test(arguments: names) func reproduces(name: String) throws { try expectStored(name, prefix: "\(name)/") }

  @Test(arguments: ["case1", "case2"]) func reproducesOtherSizes(name: String) throws {
    try expectStored("dynamic_shapes", prefix: "dynamic_shapes/\(name).")
  }
}
