import Foundation
import ModelFiles
import NetworkTestSupport
import Testing

/// `sextant network` on small networks and on what it cannot use.
@Suite(.enabled(if: SharedNetworks.isPresent, SharedNetworks.message))
struct NetworkTests {
  private let folder: TemporaryFolder
  private let model = SharedNetworks.path("cnn_f32/cnn_f32.onnx")
  private let input = SharedNetworks.path("cnn_f32/input.npy")

  init() throws { folder = try TemporaryFolder() }

  /// The instructions of processors of 2013: no AVX-512, no bfloat16.
  private static let limited = ["DNNL_MAX_CPU_ISA": "AVX2"]

  @Test(arguments: ["f32", "bf16"]) func isRightWithTheInstructionsOfOldProcessors(type: String) throws {
    for (network, input, output) in [("cnn_f32", "input", "logits"), ("mobilenetv3_block", "input", "prob")] {
      let run = try ProgramRun(
        [
          "network", "run", SharedNetworks.path("\(network)/\(network).onnx"), "--type", type,
          "--input", SharedNetworks.path("\(network)/\(input).npy"), "-o", network,
        ], in: folder.url, variables: NetworkTests.limited)
      #expect(run.exitCode == 0, "\(run.errors)")
      #expect(run.errors.contains("avx2") == (type == "bf16"), "the note names the instructions, once there is one")
      let result = try NumPyFile.read(path: folder.file("\(network)/\(output).npy").path)
      #expect(Distance.relative(result, try SharedNetworks.tensor("\(network)/\(output).npy")) <= 2e-5)
    }
  }

  @Test func refusesUnknownTypesAndInputs() throws {
    let type = try ProgramRun(["network", "run", model, "--type", "f64", "--input", input, "-o", "out"], in: folder.url)
    #expect(type.exitCode == 64 && type.errors.contains("f64"))
    let name = try ProgramRun(["network", "run", model, "--input", "other=\(input)", "-o", "out"], in: folder.url)
    #expect(name.exitCode == 64 && name.errors.contains("other"))
    let shape = try ProgramRun(
      ["network", "run", model, "--input", SharedNetworks.path("vit_tiny/embedding.npy"), "-o", "out"], in: folder.url)
    #expect(shape.exitCode == 64 && shape.errors.contains("1x3x64x64"))
    #expect(!FileManager.default.fileExists(atPath: folder.file("out").path))
  }

  @Test func refusesModelsThatAreNone() throws {
    let whole = try Data(contentsOf: URL(fileURLWithPath: model))
    for (name, bytes) in [("empty.onnx", Data()), ("half.onnx", whole.prefix(whole.count / 2)), ("text.onnx", Data("model".utf8))] {
      let path = try folder.write(Data(bytes), name)
      let run = try ProgramRun(["network", "inspect", path], in: folder.url)
      #expect(run.exitCode == 65 && run.errors.contains(name), "\(name): \(run.exitCode) \(run.errors)")
      #expect(run.errors.split(separator: "\n").count == 1)
    }
    #expect(try ProgramRun(["network", "inspect", "absent.onnx"], in: folder.url).exitCode == 66)
  }
}
