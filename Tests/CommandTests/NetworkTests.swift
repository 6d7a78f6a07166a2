import Foundation
import ModelFiles
import NetworkGraph
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

  /// OpenMP itself tells how its threads wait.
  /// Beside a decoder threads sleep; alone they may turn for a while, where the machine has nothing else to do.
  @Test func theKernelsThreadsSleepWhileTheyWait() throws {
    func spins(_ arguments: [String], _ variables: [String: String] = [:]) throws -> String? {
      let run = try ProgramRun(arguments, in: folder.url, variables: variables.merging(["OMP_DISPLAY_ENV": "verbose"]) { $1 })
      return run.errors.split(separator: "\n").last { $0.contains("GOMP_SPINCOUNT") }.map { $0.filter(\.isNumber) }
    }
    let network = ["network", "run", model, "--input", input, "-o", "out", "--overwrite"]
    #expect(try spins(["track", "absent.mp4", "--detector", model, "-o", "out.ndjson"]) == "0")
    #expect(try ["0", "10000"].contains(spins(network)))
    // More threads than any machine has processors.
    #expect(try spins(network + ["--threads", "256"]) == "0")
    #expect(try spins(network + ["--threads=256"]) == "0")
    #expect(try spins(network, ["GOMP_SPINCOUNT": "77"]) == "77")
  }

  /// It starts itself once more for how its threads wait, and is still called what it is in lists of processes.
  @Test func itKeepsItsNameWhileANetworkRuns() throws {
    let process = Process()
    process.executableURL = ProgramRun.program
    process.arguments = ["track", "-", "--detector", model, "-o", "out.ndjson"]
    process.currentDirectoryURL = folder.url
    let input = Pipe()
    process.standardInput = input
    (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
    try process.run()
    func told(_ name: String) -> String {
      (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/\(name)", encoding: .utf8)) ?? ""
    }
    // It waits for its input, so that this comes to an end however slow the machine is.
    while process.isRunning, !told("environ").contains("OMP_WAIT_POLICY=passive") { usleep(1_000) }
    #expect(told("comm") == "sextant\n")
    try input.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  /// A network that cannot run in the type asked for costs no result that is there.
  @Test func aTypeThatDoesNotFitLeavesTheResult() throws {
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    try Data("kept\n".utf8).write(to: folder.file("kept.ndjson"))
    let run = try ProgramRun(
      [
        "track", package.appendingPathComponent("samples/crossing.mp4").path, "--detector",
        SharedNetworks.path("fastestdet/FastestDet.onnx"), "--detector-type", "int8", "--max-frames", "2", "-o", "kept.ndjson",
        "--overwrite",
      ], in: folder.url)
    // A processor without products of bytes runs it in floats, which it says.
    guard run.exitCode != 0 else {
      #expect(run.errors.contains("f32"), "\(run.errors)")
      return
    }
    #expect(run.exitCode == 65 && run.errors.contains("quantize"), "\(run.exitCode) \(run.errors)")
    #expect(try String(contentsOf: folder.file("kept.ndjson"), encoding: .utf8) == "kept\n")
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

  /// Names that files cannot have stand for themselves all the same.
  @Test func everyOutputHasAFileOfItsOwn() throws {
    let long = String(repeating: "n", count: 300)
    var graph = Graph(name: "made", operatorSets: ["": 13])
    graph.values = [Value(name: "x", type: .float32, shape: [.fixed(2)])]
    graph.inputs = [0]
    for (place, name) in ["a/b", "a_b", "A_b", long, "\(long)m"].enumerated() {
      graph.values.append(Value(name: name, type: .float32))
      graph.outputs.append(place + 1)
      graph.nodes.append(Node(name: "", operation: "Neg", version: 13, inputs: [0], outputs: [place + 1]))
    }
    let path = try folder.write(Data(try GraphExporter.bytes(graph, producer: "test")), "names.onnx")
    try NumPyFile.write(Tensor(shape: [2], [1, 2] as [Float]), path: folder.file("x.npy").path)
    let run = try ProgramRun(["network", "run", path, "--input", "x.npy", "-o", "named"], in: folder.url)
    #expect(run.exitCode == 0, "\(run.errors)")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.file("named").path)
    #expect(files.count == 5 && Set(["A_b.npy", "a_b.npy", "a_b_2.npy"]).isSubset(of: files), "\(files)")
  }

  /// A line break in a node's name is no line of its own.
  @Test func errorsStayOnTheirLine() throws {
    var graph = Graph(name: "made", operatorSets: ["": 13])
    graph.values = [Value(name: "x", type: .float32, shape: [.fixed(2)]), Value(name: "y", type: .float32)]
    (graph.inputs, graph.outputs) = ([0], [1])
    graph.nodes = [Node(name: "one\nsextant: all fine", operation: "Foo", version: 13, inputs: [0], outputs: [1])]
    let path = try folder.write(Data(try GraphExporter.bytes(graph, producer: "test")), "lines.onnx")
    let run = try ProgramRun(["network", "inspect", path], in: folder.url)
    #expect(run.exitCode == 65 && run.errors.split(separator: "\n").count == 1, "\(run.errors)")
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

  @Test func exportsWhatRunsTheSame() throws {
    for (options, name) in [([], "whole.onnx"), (["--joined"], "joined.onnx")] as [([String], String)] {
      let export = try ProgramRun(["network", "export", model] + options + ["-o", name], in: folder.url)
      #expect(export.exitCode == 0, "\(export.errors)")
      let run = try ProgramRun(["network", "run", name, "--input", input, "-o", "out-\(name)"], in: folder.url)
      #expect(run.exitCode == 0, "\(run.errors)")
      let result = try NumPyFile.read(path: folder.file("out-\(name)/logits.npy").path)
      #expect(Distance.relative(result, try SharedNetworks.tensor("cnn_f32/logits.npy")) <= 2e-5)
    }
    #expect(try ProgramRun(["network", "export", model, "-o", "whole.onnx"], in: folder.url).exitCode == 73)
    #expect(try ProgramRun(["network", "export", model, "-o", "whole.txt"], in: folder.url).exitCode == 64)
  }

  @Test func exportsWeights() throws {
    let export = try ProgramRun(["network", "export", model, "-o", "weights.safetensors"], in: folder.url)
    #expect(export.exitCode == 0, "\(export.errors)")
    let weights = try SafeTensors(path: folder.file("weights.safetensors").path).tensors
    let graph = try GraphImporter.graph(path: model)
    let named = graph.values.filter { $0.constant != nil }
    #expect(weights.count == named.count && named.allSatisfy { weights[$0.name] == $0.constant })
  }

  /// A detector whose output is none that is known, and a size that no detector takes.
  @Test func trackRefusesNetworksThatAreNoDetectors() throws {
    let clip = try folder.write("P5 64 64 255 " + String(repeating: "x", count: 64 * 64), "0001.pgm")
    let run = try ProgramRun(["track", clip, "--detector", model, "-q"], in: folder.url)
    #expect(run.exitCode == 65 && run.errors.contains("no detector's that is known"), "\(run.errors)")
    let size = try ProgramRun(["track", clip, "--detector", model, "--detector-size", "30x30", "-q"], in: folder.url)
    #expect(size.exitCode == 64 && size.errors.contains("multiples of 32"), "\(size.errors)")
    #expect(try ProgramRun(["track", clip, "--detector", "absent.onnx", "-q"], in: folder.url).exitCode == 66)
    #expect(try ProgramRun(["track", clip, "--detector-size", "480", "-q"], in: folder.url).exitCode == 64)
  }

  @Test(.enabled(if: SharedData.isPresent, "needs the data in ../shared/data beside the repository"))
  func trackFindsClassesByANetwork() throws {
    let film = SharedData.path("mot/MOT17-04-FRCNN/img1")
    let network = SharedNetworks.path("yolox-nano/yolox_nano.onnx")
    let runs = try ["1", "2"].map {
      try ProgramRun(
        ["track", film, "--detector", network, "--detector-size", "480x832", "--classes", "person", "--threads", $0, "-q"],
        in: folder.url)
    }
    #expect(runs[0].exitCode == 0, "\(runs[0].errors)")
    #expect(runs[0].output.contains(#""detector_layout":"yolox-raw, 480x832""#))
    #expect(runs[0].output.contains(#""class":"person""#))
    #expect(runs[0].lines.dropFirst() == runs[1].lines.dropFirst(), "the same records with one thread and two")
  }
}
