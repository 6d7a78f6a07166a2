import ArgumentParser
import NetworkGraph
import NetworkPrograms

extension TypeChoice: ExpressibleByArgument {}

/// How a network is computed, wherever a command runs one.
struct NetworkProgramOptions: ParsableArguments {
  @Option(help: "Threads of the kernels.")
  var threads = 1

  @Option(
    help: ArgumentHelp(
      "The numbers of convolutions and products; auto: int8 for a quantised network, else f32. A processor without them runs f32 and says so.",
      valueName: "auto|f32|bf16|int8"))
  var type = TypeChoice.auto

  /// The network made ready; what a person must know is told beside the data.
  func program(_ graph: Graph) throws -> Program {
    let program = try Program(
      graph, threads: OptionCheck.value(threads, of: "--threads", in: 1...256, unit: ""), type: type.type(for: graph))
    if let note = program.note { StandardError.say(note) }
    return program
  }
}
