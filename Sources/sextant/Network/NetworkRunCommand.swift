import ArgumentParser
import Foundation
import ModelFiles
import NetworkGraph
import NetworkPrograms
import Pipeline

/// `sextant network run`: arrays through a network.
struct NetworkRunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a network on arrays and write one .npy file an output, named after it.")

  @Argument(help: ArgumentHelp("The network.", valueName: "model.onnx"), completion: .file())
  var model: String

  @Option(help: ArgumentHelp("An input's array; the name may be left out where there is one input.", valueName: "name=file.npy"))
  var input: [String] = []

  @Option(name: .shortAndLong, help: ArgumentHelp("The folder for the outputs; made if it is not there.", valueName: "folder"))
  var output: String

  @OptionGroup var programOptions: NetworkProgramOptions

  @Flag(help: "Replace output files that exist.")
  var overwrite = false

  func run() throws {
    try ExitStatus.reporting {
      let graph = try GraphImporter.graph(path: model)
      let given = NetworkInputs(graph)
      let inputs = try given.read(input)
      let program = try programOptions.program(graph)
      let outputs = try program.run(inputs)
      let places = outputs.keys.sorted().map { name in (name, place(of: name)) }
      try check(places.map(\.1), against: given.paths(input))
      try OutputFolder.make(output)
      for (name, path) in places {
        guard let tensor = outputs[name] else { continue }
        try NumPyFile.write(tensor, path: path)
        print("\(path)\t\(tensor.type.rawValue)\t\(Tensor.text(tensor.shape))")
      }
    }
  }

  /// No output may replace the model or an input, nor another file unless that is asked for. In a folder that is not there nothing can be.
  private func check(_ paths: [String], against inputs: [String]) throws {
    guard FileManager.default.fileExists(atPath: output) else { return }
    var plan = OutputPlan(overwrites: overwrite)
    plan.reads(model, as: "the model")
    for path in inputs { plan.reads(path, as: "an input") }
    for path in paths { plan.writes(path, as: "an output") }
    try plan.check()
  }

  /// The file of an output; a name is text from the model, so that what could lead elsewhere is replaced.
  private func place(of name: String) -> String {
    let plain = String(name.map { $0.isLetter || $0.isNumber || "._-".contains($0) ? $0 : "_" })
    return "\(output)/\(plain.hasPrefix(".") ? "_" + plain : plain).npy"
  }
}
