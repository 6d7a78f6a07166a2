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
      let places = OutputNames.files(outputs.keys.sorted()).map { ($0.name, "\(output)/\($0.file)") }
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
    plan.readsNetwork(model, as: "the model")
    for path in inputs { plan.reads(path, as: "an input") }
    for path in paths { plan.writes(path, as: "an output") }
    try plan.check()
  }
}

/// The files of a network's outputs.
private enum OutputNames {
  /// The longest part of a name that a file's is made of: file systems take 255 bytes, and a letter has at most four.
  private static let greatestLength = 60

  /// A file for each name, no two the same. A name is text from the model, so that what could lead elsewhere is replaced; what then is the name of
  /// another output gets a number: `a_b.npy` for `a_b`, `a_b_2.npy` for `a/b`.
  static func files(_ names: [String]) -> [(name: String, file: String)] {
    var taken: Set<String> = []
    let whole = names.filter { plain($0) == $0 }
    return (whole + names.filter { plain($0) != $0 }).map { name in
      let plain = plain(name)
      var (stem, number) = (plain, 1)
      while !taken.insert(stem).inserted {
        number += 1
        stem = "\(plain)_\(number)"
      }
      return (name, stem + ".npy")
    }
  }

  private static func plain(_ name: String) -> String {
    func isPlain(_ scalar: Unicode.Scalar) -> Bool {
      scalar.properties.isAlphabetic || scalar.properties.numericType != nil || "._-".unicodeScalars.contains(scalar)
    }
    var scalars = String.UnicodeScalarView()
    scalars.append(contentsOf: name.unicodeScalars.prefix(greatestLength).map { isPlain($0) ? $0 : "_" })
    let kept = String(scalars)
    return kept.hasPrefix(".") ? "_" + kept : kept
  }
}
