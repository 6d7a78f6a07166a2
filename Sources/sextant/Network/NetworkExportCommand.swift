import ArgumentParser
import ModelFiles
import NetworkGraph
import NetworkPrograms
import Pipeline

/// `sextant network export`: a network, or its weights, as one file.
struct NetworkExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a network as one ONNX file, or its weights as safetensors.",
    discussion: """
      Weights of files beside the model come into the one file, constant nodes become weights, and a packed model is unpacked.

      examples:
        sextant network export yolov8n.onnx.gz -o yolov8n.onnx
        sextant network export model.onnx --joined -o small.onnx
        sextant network export model.onnx -o weights.safetensors
        sextant network export model.onnx --weights weights.safetensors -o other.onnx
      """)

  @Argument(help: ArgumentHelp("The network.", valueName: "model.onnx"), completion: .file())
  var model: String

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The file to write; its name's end tells the form.", valueName: "file.onnx|file.safetensors"))
  var output: String

  @Option(
    help: ArgumentHelp("Weights to put in the place of the network's own of the same names.", valueName: "file.safetensors"),
    completion: .file(extensions: ["safetensors"]))
  var weights: String?

  @Flag(help: "Make batch normalizations part of the convolutions before them, and zeros put around pictures part of what follows.")
  var joined = false

  @Flag(help: "Replace the output if it exists.")
  var overwrite = false

  func run() throws {
    try ExitStatus.reporting {
      var plan = OutputPlan(overwrites: overwrite)
      plan.readsNetwork(model, as: "the model")
      if let weights { plan.reads(weights, as: "the weights") }
      plan.writes(output, as: "the network")
      try plan.check()
      var read = try GraphImporter.graph(path: model)
      if let weights { try read.replaceWeights(with: SafeTensors(path: weights).tensors) }
      let graph = joined ? try Program(read).graph : read
      switch output.lowercased() {
      case let name where name.hasSuffix(".onnx"):
        try FileWriting.write(GraphExporter.bytes(graph, producer: ProgramVersion.programText), path: output)
      case let name where name.hasSuffix(".safetensors"):
        try stored(graph).write(path: output)
      default:
        throw CommandError.usage(
          "cannot write a network to \(output): its name ends in neither .onnx nor .safetensors; give such a name")
      }
    }
  }

  private func stored(_ graph: Graph) -> SafeTensors {
    let named = graph.values.compactMap { value in value.constant.map { (value.name, $0) } }
    return SafeTensors(tensors: Dictionary(named) { first, _ in first }, metadata: graph.metadata)
  }
}
