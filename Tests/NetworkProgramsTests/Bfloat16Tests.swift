import ModelFiles
import NetworkGraph
import NetworkKernels
import NetworkPrograms
import NetworkTestSupport
import Testing

/// Programs in bfloat16 against stored outputs. The limit of each group is twice the error of OpenVINO 2026.4.1 in bfloat16 on the same
/// file (`Benchmarks/networks/accuracy.py`).
@Suite(
  .serialized, .enabled(if: (try? Library.note(on: .bf16)) == .some(nil), "needs a processor that multiplies bfloat16 numbers"))
struct Bfloat16Tests {
  /// A group of channels and OpenVINO's relative error there.
  struct Group: Sendable {
    let channels: Range<Int>
    let peer: Double

    init(_ channels: Range<Int>, _ peer: Double) { (self.channels, self.peer) = (channels, peer) }
  }

  struct Detector: Sendable {
    let file: String, input: String, picture: String, divisor: Float, output: String, stored: String
    let groups: [Group]
  }

  static let detectors = [
    Detector(
      file: "fastestdet/FastestDet.onnx", input: "input.1", picture: "fastestdet/coffee_352.bgr.u8.npy.gz", divisor: 255,
      output: "758", stored: "fastestdet/coffee.758.f32.npy.gz",
      groups: [Group(0..<1, 0.0272), Group(1..<5, 0.0800), Group(5..<85, 0.0531)]),
    Detector(
      file: "yolo/yolov8n.onnx.gz", input: "images", picture: "yolo/coffee_640.rgb.u8.npy.gz", divisor: 255, output: "output0",
      stored: "yolo/yolov8n.output0.f32.npy.gz", groups: [Group(0..<2, 0.00283), Group(2..<4, 0.0344), Group(4..<84, 0.1008)]),
    Detector(
      file: "yolo/yolo11n-obb.onnx.gz", input: "images", picture: "yolo/coffee_640.rgb.u8.npy.gz", divisor: 255, output: "output0",
      stored: "yolo/yolo11n-obb.output0.f32.npy.gz",
      groups: [Group(0..<2, 0.00186), Group(2..<4, 0.0194), Group(4..<19, 0.0853), Group(19..<20, 0.0341)]),
  ]

  @Test(arguments: detectors) func staysNearTheStoredOutputsOfDetectors(detector: Detector) throws {
    let graph = try GraphImporter.graph(path: SharedNetworks.path(detector.file))
    let picture = try SharedNetworks.planes(SharedNetworks.tensor(detector.picture), dividedBy: detector.divisor)
    let program = try Program(graph, threads: 2, type: .bf16)
    #expect(program.type == .bf16 && program.note == nil)
    let result = try #require(try program.run([detector.input: picture])[detector.output])
    let stored = try SharedNetworks.tensor(detector.stored)
    for group in detector.groups {
      let error = try Distance.relative(result, stored, channels: group.channels)
      #expect(error <= 2 * group.peer, "channels \(group.channels)")
      // Rounding that leaves no trace would mean that nothing was computed in bfloat16.
      #expect(error > 1e-4, "channels \(group.channels)")
    }
    #expect(try program.run([detector.input: picture])[detector.output] == result)
  }

  static let networks: [(String, [String: Double])] = [
    ("mobilenetv3_block", ["prob": 0.0027]), ("convnext_block", ["embedding": 0.0036, "feature": 0.0066]),
    ("vit_tiny", ["embedding": 0.0070, "tokens": 0.0073]), ("vit_tiny_raw", ["embedding": 0.0060, "tokens": 0.0071]),
    ("unet_tiny", ["mask": 0.0062]), ("dynamic_shapes", ["out": 0.0205]), ("siamese_xcorr", ["score": 0.0069, "ltrb": 0.0149]),
    ("cnn_f32", ["logits": 0.0071]),
  ]

  @Test(arguments: networks) func staysNearTheStoredOutputsOfNetworks(name: String, peers: [String: Double]) throws {
    let graph = try GraphImporter.graph(path: SharedNetworks.path("\(name)/\(name).onnx"))
    let inputs = try SharedNetworks.tensors("\(name)/", graph, graph.inputs)
    let results = try Program(graph, type: .bf16).run(inputs)
    for (output, peer) in peers {
      let result = try #require(results[output])
      #expect(Distance.relative(result, try SharedNetworks.tensor("\(name)/\(output).npy")) <= 2 * peer, "\(output)")
    }
  }
}

/// Made graphs in bfloat16 against the interpreter, which computes in 64-bit floats; on every processor, for one without the type runs f32.
@Suite(.serialized)
struct MadeBfloat16Tests {
  /// 3·10⁻²: some ten roundings to eight significant bits one after the other.
  private static let limit = 0.03

  @Test(arguments: [1, 2, 3] as [UInt64]) func edgesBetweenTypesAreConverted(seed: UInt64) throws {
    var maker = GraphMaker(seed: seed)
    let first = maker.swish(try maker.convolution(maker.input(), 3, 32, stride: 2))
    // Kernels without bfloat16 between two convolutions: their values are 32-bit floats.
    let plain = maker.one("Erf", [first])
    let sum = maker.one("Add", [plain, first])
    let second = maker.one("Relu", [try maker.convolution(sum, 32, 32)])
    let joined = maker.one("Concat", [second, plain], ["axis": .integer(1)])
    let turned = maker.one("Transpose", [try maker.convolution(joined, 64, 48, kernel: 1)], ["perm": .integers([0, 2, 3, 1])])
    maker.output(maker.one("Sigmoid", [turned]))
    maker.output(second)
    let graph = maker.graph
    let inputs = try Dictionary(
      uniqueKeysWithValues: graph.inputs.map { (graph.values[$0].name, try maker.numbers([1, 3, 18, 22])) })
    let expected = try Interpreter(graph).run(inputs)
    let programs = [try Program(graph, threads: 1, type: .bf16), try Program(graph, threads: 2, type: .bf16)]
    let results = try programs.flatMap { [try $0.run(inputs), try $0.run(inputs)] }
    for (name, tensor) in expected {
      for result in results {
        let found = try #require(result[name])
        #expect(found.type == .float32 && found.shape == tensor.shape)
        #expect(Distance.relative(found, tensor) <= MadeBfloat16Tests.limit, "\(name)")
        #expect(found == results[0][name], "the same bytes again and with more threads: \(name)")
      }
    }
  }

  /// Transposed convolutions whose products overlap compute in 32-bit floats whatever the program's type is.
  @Test func transposedConvolutionsAreNotRounded() throws {
    let kernel = 4
    var maker = GraphMaker(seed: 4)
    let weights = maker.constant(try maker.numbers([32, 16, kernel, kernel]))
    let strides = Attribute.integers([2, 2])
    maker.output(maker.one("ConvTranspose", [maker.input(), weights], ["strides": strides]))
    let graph = maker.graph
    let inputs = [graph.values[graph.inputs[0]].name: try maker.numbers([1, 32, 9, 11])]
    let (name, expected) = try #require(try Interpreter(graph).run(inputs).first)
    let found = try #require(try Program(graph, threads: 1, type: .bf16).run(inputs)[name])
    // What 128 sums in 32-bit floats lose; one rounding of the factors to bfloat16 would lose 2·10⁻³.
    #expect(Distance.relative(found, expected) < 1e-6)
  }
}
