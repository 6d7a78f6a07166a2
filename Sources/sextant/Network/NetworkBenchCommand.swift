import ArgumentParser
import Foundation
import ModelFiles
import NetworkGraph
import NetworkPrograms
import Records

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

  @OptionGroup var programOptions: NetworkProgramOptions

  @Option(help: "Timed runs.")
  var runs = 20

  @Flag(help: "Print the median time of each step of the plan too, and of each kind of step.")
  var steps = false

  func run() throws {
    try ExitStatus.reporting {
      let library = try Library.prepare()
      let memory = ProcessMemory.now
      let start = ContinuousClock.now
      let graph = try GraphImporter.graph(path: model)
      let program = try programOptions.program(graph)
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
      print("oneDNN \(library.version), \(library.instructions), threads \(program.threads), \(program.type.rawValue)")
      print(String(format: "read, plan and first run  %.1f ms", milliseconds(first)))
      print(
        String(
          format: "run  median %.2f ms, least %.2f, most %.2f of %d", times[times.count / 2], times[0], times[times.count - 1],
          times.count))
      if let memory, let peak = ProcessMemory.now?.peak, let report = try program.report(for: inputs) {
        print(MemoryUse(before: memory.present, peak: peak, weights: report.weightBytes, arena: report.arenaBytes).text)
      }
      if steps { try print(StepTimes(program, inputs, runs: runs).text) }
    }
  }
}

/// The memory that a network takes.
private struct MemoryUse {
  /// Of the process before the network was read, and at most, in bytes.
  let before: Int, peak: Int
  /// Of the plan, in bytes.
  let weights: Int, arena: Int

  var text: String {
    func megabytes(_ bytes: Int) -> Double { Double(bytes) / 1e6 }
    return String(
      format: "memory  peak %.1f MB, %.1f before; weights %.1f, arena %.1f; peak above before by both %.2f", megabytes(peak),
      megabytes(before), megabytes(weights), megabytes(arena), Double(peak - before) / Double(max(1, weights + arena)))
  }
}

private func milliseconds(_ duration: Duration) -> Double { duration / .milliseconds(1) }

/// Where the time of a network goes.
private struct StepTimes {
  private let steps: [PlanReport.Step]
  /// Median milliseconds of each step.
  private let medians: [Double]

  init(_ program: Program, _ inputs: [String: Tensor], runs: Int) throws {
    var times: [[Double]] = []
    for _ in 0..<runs { times.append(try program.times(inputs).map(milliseconds)) }
    steps = try program.report(for: inputs)?.steps ?? []
    medians = steps.indices.map { step in times.map { $0[step] }.sorted()[times.count / 2] }
  }

  var text: String {
    var lines = ["", "ms\tstep\tnode"]
    lines += zip(medians, steps).map { String(format: "%.3f", $0) + "\t\($1.name)\t\(MessageText.printable($1.node))" }
    let kinds = Dictionary(grouping: zip(medians, steps), by: \.1.name)
    let sums = kinds.map { (name: $0.key, count: $0.value.count, sum: $0.value.reduce(0) { $0 + $1.0 }) }
    lines += ["", "ms\tsteps\tkind"]
    lines += sums.sorted { ($1.sum, $0.name) < ($0.sum, $1.name) }.map {
      String(format: "%.3f", $0.sum) + "\t\($0.count)\t\($0.name)"
    }
    return lines.joined(separator: "\n")
  }
}
