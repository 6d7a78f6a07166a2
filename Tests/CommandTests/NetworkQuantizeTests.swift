import Foundation
import ModelFiles
import NetworkGraph
import NetworkTestSupport
import Testing

/// `sextant network quantize` and what looks into networks with samples.
@Suite(.enabled(if: SharedNetworks.isPresent, SharedNetworks.message))
struct NetworkQuantizeTests {
  private let folder: TemporaryFolder
  private let model = SharedNetworks.path("cnn_f32/cnn_f32.onnx")
  private let input = SharedNetworks.path("cnn_f32/input.npy")

  init() throws { folder = try TemporaryFolder() }

  /// The network's own stored input, at five strengths.
  private func writeSamples() throws {
    try FileManager.default.createDirectory(at: folder.file("samples"), withIntermediateDirectories: true)
    let stored = try NumPyFile.read(path: input)
    let numbers = stored.elements.floats
    for place in 0..<5 {
      let sample = numbers.enumerated().map { $1 * (1 - 0.1 * Float(place) * Float($0 % (place + 2) == 0 ? 1 : 0)) }
      try NumPyFile.write(Tensor(shape: stored.shape, sample), path: folder.file("samples/\(place).npy").path)
    }
  }

  private func run(_ arguments: String...) throws -> ProgramRun { try ProgramRun(["network"] + arguments, in: folder.url) }

  @Test(arguments: [("int8", "int8", 0.05), ("bf16", "f32", 0.01)]) func writesNetworksThatRunNear(
    form: String, type: String, limit: Double
  ) throws {
    try writeSamples()
    let made = try run("quantize", model, "--data", "samples", "--to", form, "-o", "small.onnx")
    #expect(made.exitCode == 0, "\(made.errors)")
    #expect(
      made.output.hasPrefix("layer\tnode\tkept\t") && made.output.contains("layers converted")
        && made.output.contains("error logits"))
    let ran = try run("run", "small.onnx", "--type", type, "--input", input, "-o", "out")
    #expect(ran.exitCode == 0, "\(ran.errors)")
    let result = try NumPyFile.read(path: folder.file("out/logits.npy").path)
    let distance = Distance.relative(result, try SharedNetworks.tensor("cnn_f32/logits.npy"))
    #expect(distance > 1e-5 && distance < limit, "\(distance)")
    // What is there is kept.
    #expect(try run("quantize", model, "--data", "samples", "--to", form, "-o", "small.onnx").exitCode == 73)
  }

  @Test func refusesWhatCannotBeQuantized() throws {
    try writeSamples()
    let plain = try run("run", model, "--type", "int8", "--input", input, "-o", "out")
    #expect(plain.exitCode == 65 && plain.errors.contains("quantize"), "\(plain.exitCode) \(plain.errors)")
    try FileManager.default.createDirectory(at: folder.file("empty"), withIntermediateDirectories: true)
    let empty = try run("quantize", model, "--data", "empty", "--to", "int8", "-o", "x.onnx")
    #expect(empty.exitCode == 66 && empty.errors.contains("empty"))
    #expect(try run("quantize", model, "--data", "absent", "--to", "int8", "-o", "x.onnx").exitCode == 66)
    #expect(try run("quantize", model, "--data", "samples", "--to", "int4", "-o", "x.onnx").exitCode == 64)
    #expect(try run("quantize", model, "--data", "samples", "--to", "int8", "--percentile", "nan", "-o", "x.onnx").exitCode == 64)
    try NumPyFile.write(Tensor(shape: [1, 2], [1, 2] as [Float]), path: folder.file("empty/wrong.npy").path)
    let wrong = try run("quantize", model, "--data", "empty", "--to", "int8", "-o", "x.onnx")
    #expect(wrong.exitCode == 64 && wrong.errors.contains("1x3x64x64"), "\(wrong.errors)")
    // No numbers have no range.
    let stored = try NumPyFile.read(path: input)
    try NumPyFile.write(
      Tensor(shape: stored.shape, [Float](repeating: .nan, count: stored.count)), path: folder.file("empty/wrong.npy").path)
    let none = try run("quantize", model, "--data", "empty", "--to", "int8", "-o", "x.onnx")
    #expect(none.exitCode == 65 && none.errors.contains("wrong.npy"), "\(none.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.file("x.onnx").path))
  }

  /// Samples that do not differ tell nothing of likeness, and one sample is one.
  @Test func refusesSamplesThatTellNothing() throws {
    try FileManager.default.createDirectory(at: folder.file("samples"), withIntermediateDirectories: true)
    let stored = try NumPyFile.read(path: input)
    for (place, sentence) in ["1 sample;", "2 samples;", "3 samples;", "all the same"].enumerated() {
      try NumPyFile.write(stored, path: folder.file("samples/\(place).npy").path)
      let found = try run("inspect", model, "--cka", model, "--data", "samples")
      #expect(found.exitCode == 64 && found.errors.contains(sentence), "\(found.exitCode) \(found.errors)")
    }
  }

  /// Weights go out as safetensors and come back into a network of other weights.
  @Test func takesWeightsFromSafetensors() throws {
    var graph = try GraphImporter.graph(path: model)
    let weights = try #require(graph.nodes.first { $0.operation == "Conv" }?.inputs[1])
    let own = try #require(graph.values[weights].constant)
    graph.values[weights].constant = try Tensor(shape: own.shape, [Float](repeating: 0.25, count: own.count))
    try Data(GraphExporter.bytes(graph, producer: "a test")).write(to: folder.file("other.onnx"))
    #expect(try run("export", model, "-o", "own.safetensors").exitCode == 0)
    let back = try run("export", "other.onnx", "--weights", "own.safetensors", "-o", "back.onnx")
    #expect(back.exitCode == 0, "\(back.errors)")
    for (network, isOwn) in [("back.onnx", true), ("other.onnx", false)] {
      #expect(try run("run", network, "--input", input, "-o", network + ".out").exitCode == 0)
      let result = try NumPyFile.read(path: folder.file("\(network).out/logits.npy").path)
      #expect((Distance.relative(result, try SharedNetworks.tensor("cnn_f32/logits.npy")) < 2e-5) == isOwn)
    }
    // Names and shapes are the network's.
    try SafeTensors(tensors: ["no such": own]).write(path: folder.file("name.safetensors").path)
    let name = try run("export", model, "--weights", "name.safetensors", "-o", "x.onnx")
    #expect(name.exitCode == 64 && name.errors.contains("no such"), "\(name.exitCode) \(name.errors)")
    let flat = try Tensor(shape: [own.count], own.elements.floats)
    try SafeTensors(tensors: [graph.values[weights].name: flat]).write(path: folder.file("shape.safetensors").path)
    let shape = try run("export", model, "--weights", "shape.safetensors", "-o", "x.onnx")
    #expect(shape.exitCode == 64 && shape.errors.contains(Tensor.text(own.shape)), "\(shape.exitCode) \(shape.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.file("x.onnx").path))
  }

  /// Weights that are no numbers would become some.
  @Test(arguments: ["int8", "bf16", "ternary"]) func refusesWeightsThatAreNoNumbers(form: String) throws {
    try writeSamples()
    var graph = try GraphImporter.graph(path: model)
    let weights = try #require(graph.nodes.first { $0.operation == "Conv" }?.inputs[1])
    var numbers = try #require(graph.values[weights].constant?.elements.floats)
    numbers[3] = .nan
    graph.values[weights].constant = try Tensor(shape: #require(graph.values[weights].constant?.shape), numbers)
    try Data(GraphExporter.bytes(graph, producer: "a test")).write(to: folder.file("broken.onnx"))
    let found = try run("quantize", "broken.onnx", "--data", "samples", "--to", form, "-o", "x.onnx")
    #expect(found.exitCode == 65 && found.errors.contains("not finite"), "\(found.exitCode) \(found.errors)")
    let plain = try run("run", "broken.onnx", "--input", input, "-o", "out")
    #expect(plain.exitCode == 65 && plain.errors.contains("not finite"), "\(plain.exitCode) \(plain.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.file("x.onnx").path))
  }

  /// Ranges are of bytes, and one rule has one number.
  @Test func refusesRangesThatWouldBePassedOver() throws {
    try writeSamples()
    for (form, options) in [
      ("bf16", ["--range", "entropy"]), ("ternary", ["--percentile", "99"]), ("int8", ["--range", "all", "--percentile", "99"]),
    ] {
      let found = try ProgramRun(
        ["network", "quantize", model, "--data", "samples", "--to", form, "-o", "x.onnx"] + options, in: folder.url)
      #expect(found.exitCode == 64 && found.errors.contains(options.count > 2 ? "--percentile" : options[0]), "\(found.errors)")
    }
    #expect(try run("inspect", model, "--shapes", "--shape", "input=1x3x64x64", "--shape", "input=1x3x64x64").exitCode == 64)
    #expect(!FileManager.default.fileExists(atPath: folder.file("x.onnx").path))
  }

  /// A model whose weights lie beside it in `name`, and a copy of its bytes; names of the length that the model's text has are put in
  /// its place.
  private func writeModel(weights name: String) throws -> Data {
    let own = "cnn_external.bin"
    try #require(name.utf8.count == own.utf8.count)
    let (model, weights) = (SharedNetworks.path("cnn_external/cnn_external.onnx"), SharedNetworks.path("cnn_external/\(own)"))
    var bytes = try Data(contentsOf: URL(fileURLWithPath: model))
    while let place = bytes.range(of: Data(own.utf8)) { bytes.replaceSubrange(place, with: Data(name.utf8)) }
    try bytes.write(to: folder.file("model.onnx"))
    let numbers = try Data(contentsOf: URL(fileURLWithPath: weights))
    try numbers.write(to: folder.file(name))
    return numbers
  }

  /// Neither the weights in a file beside the model nor the samples are replaced, whatever is asked for.
  @Test func neverWritesOntoWhatItReads() throws {
    try writeSamples()
    for (name, command) in [
      ("weights_hid.onnx", ["quantize", "model.onnx", "--data", "samples", "--to", "bf16", "-o", "weights_hid.onnx"]),
      ("hide.safetensors", ["export", "model.onnx", "-o", "hide.safetensors"]),
    ] {
      let numbers = try writeModel(weights: name)
      #expect(try run("run", "model.onnx", "--input", input, "-o", "out", "--overwrite").exitCode == 0)
      let found = try ProgramRun(["network"] + command + ["--overwrite"], in: folder.url)
      #expect(found.exitCode == 73 && found.errors.contains("weights"), "\(found.exitCode) \(found.errors)")
      #expect(try Data(contentsOf: folder.file(name)) == numbers)
    }
    let numbers = try writeModel(weights: "a_stream1.ndjson")
    let track = try ProgramRun(
      ["track", "film.mp4", "--detector", "model.onnx", "-o", "a_stream1.ndjson", "--overwrite"], in: folder.url)
    #expect(track.exitCode == 73 && track.errors.contains("weights"), "\(track.exitCode) \(track.errors)")
    #expect(try Data(contentsOf: folder.file("a_stream1.ndjson")) == numbers)
    let sample = try Data(contentsOf: folder.file("samples/0.npy"))
    let onto = try run("quantize", model, "--data", "samples", "--to", "bf16", "-o", "samples/0.npy", "--overwrite")
    #expect([64, 73].contains(onto.exitCode), "\(onto.exitCode) \(onto.errors)")
    #expect(try Data(contentsOf: folder.file("samples/0.npy")) == sample)
  }

  @Test func tellsShapesWithoutARun() throws {
    let path = SharedNetworks.path("dynamic_shapes/dynamic_shapes.onnx")
    let open = try run("inspect", path, "--shapes")
    #expect(open.exitCode == 64 && open.errors.contains("must be given"), "\(open.exitCode) \(open.errors)")
    let told = try run("inspect", model, "--shapes")
    #expect(told.exitCode == 0 && told.output.contains("\tfloat32 1x"), "\(told.output)")
  }

  @Test func comparesLayersOfTwoNetworks() throws {
    try writeSamples()
    let table = try run("inspect", model, "--cka", model, "--data", "samples")
    #expect(table.exitCode == 0, "\(table.errors)")
    let rows = table.output.split(separator: "\n").map { $0.split(separator: "\t", omittingEmptySubsequences: false) }
    #expect(rows.count == rows[0].count && rows.count > 2)
    // A layer is like itself.
    for place in rows.indices.dropFirst() { #expect(rows[place][place] == "1.000" || rows[place][place] == "-") }
    #expect(try run("inspect", model, "--cka", model).exitCode == 64)
    // Two forms at once: neither is left out silently.
    for other in ["--dot", "--shapes", "--plan"] {
      let both = try run("inspect", model, "--cka", model, "--data", "samples", other)
      #expect(both.exitCode == 64 && both.errors.contains(other) && both.errors.contains("--cka"), "\(both.errors)")
    }
    #expect(try run("inspect", model, "--data", "samples").exitCode == 64)
  }
}
