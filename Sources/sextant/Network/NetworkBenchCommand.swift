import ArgumentParser
import Foundation
import ModelFiles
import NetworkGraph
import NetworkPrograms

/// `sextant network bench`: how long a network takes.
struct NetworkBenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Time a network on made or given inputs.")

  @Argument(help: ArgumentHelp("The network.", valueName: "model.onnx"), completion: .file())
  var model: String

  @Option(help: ArgumentHelp("An input's array; made inputs without it.", valueName: "name=file.npy"))
  var input: [String] = []

  @Option(help: ArgumentHelp("Sizes of an input that the file leaves open.", valueName: "name=1x3x640x640"))
  var shape: [String] = []

  @Option(help: "Threads of the kernels.")
  var threads = 1

  @Option(help: "Timed runs.")
  var runs = 20

  func run() throws {
    try ExitStatus.reporting {
      let start = ContinuousClock.now
      let graph = try GraphImporter.graph(path: model)
      let program = try Program(graph, threads: OptionCheck.value(threads, of: "--threads", in: 1...256, unit: ""))
      let inputs = try input.isEmpty ? NetworkInputs(graph).made(shape) : NetworkInputs(graph).read(input)
      _ = try program.run(inputs)
      let first = ContinuousClock.now - start
      var times: [Double] = []
      for _ in 0..<(try OptionCheck.value(runs, of: "--runs", in: 1...100_000, unit: "")) {
        let start = ContinuousClock.now
        _ = try program.run(inputs)
        times.append(milliseconds(ContinuousClock.now - start))
      }
      times.sort()
      let library = try Library.prepare()
      print("oneDNN \(library.version), \(library.instructions), threads \(threads)")
      print(String(format: "read, plan and first run  %.1f ms", milliseconds(first)))
      print(
        String(
          format: "run  median %.2f ms, least %.2f, most %.2f of %d", times[times.count / 2], times[0], times[times.count - 1],
          times.count))
    }
  }

  private func milliseconds(_ duration: Duration) -> Double { duration / .milliseconds(1) }
}
