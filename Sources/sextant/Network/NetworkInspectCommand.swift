import ArgumentParser
import Foundation
import ModelFiles
import NetworkAnalysis
import NetworkGraph
import NetworkKernels
import NetworkPrograms
import Records

/// `sextant network inspect`: what a network is made of, and how it would run.
struct NetworkInspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show a network's inputs, outputs, nodes, shapes, kernels, operations, bytes and plan.")

  @Argument(help: ArgumentHelp("The network.", valueName: "model.onnx"), completion: .file())
  var model: String

  @Option(help: ArgumentHelp("Sizes of an input that the file leaves open.", valueName: "name=1x3x640x640"))
  var shape: [String] = []

  @OptionGroup var programOptions: NetworkProgramOptions

  @Flag(help: "Print the graph for Graphviz instead.")
  var dot = false

  @Flag(help: "Print the steps of the plan too.")
  var plan = false

  @Flag(help: "Print what is known without a run: the types and shapes of all values.")
  var shapes = false

  @Option(
    help: ArgumentHelp(
      "Print how alike the layers of both networks see the arrays of --data: centred kernel alignment.", valueName: "other.onnx"),
    completion: .file())
  var cka: String?

  @Option(help: ArgumentHelp("Sample inputs for --cka: arrays (.npy), or pictures for detectors; at least 4.", valueName: "folder"))
  var data: String?

  func run() throws {
    try ExitStatus.reporting {
      try checkForm()
      let graph = try GraphImporter.graph(path: model)
      guard !dot else { return print(NetworkReport(graph).dot) }
      if let cka { return print(try alignment(graph, GraphImporter.graph(path: cka))) }
      guard data == nil else { throw CommandError.usage("--data is read by --cka alone; give the other network with --cka") }
      let outlines = try ShapeInference(graph).outlines(NetworkInputs(graph).shapes(shape))
      guard !shapes else { return print(NetworkReport(graph).text(outlines)) }
      let program = try programOptions.program(graph)
      let inputs = try NetworkInputs(graph).made(shape)
      _ = try program.run(inputs)
      guard let report = try program.report(for: inputs) else { return }
      print(NetworkReport(graph).text(report, steps: plan))
    }
  }

  /// Refuses two forms of output at once, of which one would be left out silently.
  private func checkForm() throws {
    let asked = [("--dot", dot), ("--shapes", shapes), ("--cka", cka != nil), ("--plan", plan)].filter(\.1).map(\.0)
    guard asked.count < 2 else { throw CommandError.usage("\(asked[0]) and \(asked[1]) print different things; give one of them") }
  }

  /// A table of the layers of both networks; `-` beside a layer that sees no difference between the samples.
  private func alignment(_ first: Graph, _ second: Graph) throws -> String {
    guard let data else { throw CommandError.usage("--cka needs sample inputs; give their folder with --data") }
    let samples = zip(try NetworkSamples(first, folder: data).samples, try NetworkSamples(second, folder: data).samples)
    let threads = try OptionCheck.value(programOptions.threads, of: "--threads", in: 1...256, unit: "")
    let found = try LayerAlignment(first, second, samples: samples.map { ($0, $1) }, threads: threads)
    var lines = [(["layer"] + found.columns).joined(separator: "\t")]
    for (name, row) in zip(found.rows, found.table) {
      lines.append(([name] + row.map { $0.map { String(format: "%.3f", $0) } ?? "-" }).joined(separator: "\t"))
    }
    return lines.joined(separator: "\n")
  }
}

/// A network as text.
struct NetworkReport {
  private let graph: Graph

  init(_ graph: Graph) { self.graph = graph }

  /// The nodes with the types and shapes of their outputs; `?` for one that depends on numbers.
  func text(_ outlines: [Int: TensorOutline]) -> String {
    var lines = graph.inputs.map { "input         " + describe($0) }
    for (index, node) in graph.nodes.enumerated() {
      let made = node.outputs.compactMap { $0 }.map { value in
        outlines[value].map { "\($0.type.rawValue) \($0.shape.isEmpty ? "scalar" : Tensor.text($0.shape))" } ?? "?"
      }
      lines.append(
        "\(index)\t\(MessageText.printable(node.operation))\t\(MessageText.printable(node.name))\t\(made.joined(separator: ", "))")
    }
    return lines.joined(separator: "\n")
  }

  func text(_ report: PlanReport, steps: Bool) -> String {
    var lines = ["operator set  \(graph.operatorSets[""] ?? 1)"]
    lines += graph.inputs.map { "input         " + describe($0) }
    lines += graph.outputs.map { "output        " + describe($0) }
    let weights = graph.values.compactMap(\.constant)
    lines.append("weights       \(weights.reduce(0) { $0 + $1.count }) numbers, \(weights.reduce(0) { $0 + $1.byteCount }) bytes")
    lines.append("operations    \(report.lines.reduce(0) { $0 + $1.operations })")
    lines.append(
      "arena         \(report.arenaBytes) bytes for \(report.sumBytes) bytes of buffers; \(report.weightBytes) bytes of weights kept"
    )
    lines.append("")
    for (index, line) in report.lines.enumerated() {
      let shapes = line.shapes.map { Tensor.text($0) }.joined(separator: " ")
      lines.append(
        "\(index)\t\(MessageText.printable(line.node.operation))\t\(MessageText.printable(line.node.name))\t\(shapes)\t\(line.kernel)\t\(line.operations)"
      )
    }
    if steps {
      lines +=
        [""] + report.steps.enumerated().map { "step \($0.offset)\t\($0.element.name)\t\(MessageText.printable($0.element.node))" }
    }
    return lines.joined(separator: "\n")
  }

  private func describe(_ number: Int) -> String {
    let value = graph.values[number]
    let shape = value.shape.map { $0.isEmpty ? "scalar" : $0.map(\.description).joined(separator: "x") } ?? "unknown"
    return "\(MessageText.printable(value.name))  \(value.type?.rawValue ?? "unknown")  \(shape)"
  }

  /// The graph in Graphviz' language: nodes as boxes, values as edges.
  var dot: String {
    var lines = ["digraph network {", "  node [shape=box];"]
    var makers: [Int: String] = [:]
    for input in graph.inputs {
      makers[input] = "input\(input)"
      lines.append("  input\(input) [label=\(quoted(graph.values[input].name)), shape=ellipse];")
    }
    for (index, node) in graph.nodes.enumerated() {
      lines.append("  node\(index) [label=\(quoted(node.operation))];")
      for case let value? in node.inputs {
        if let maker = makers[value] { lines.append("  \(maker) -> node\(index);") }
      }
      for case let value? in node.outputs { makers[value] = "node\(index)" }
    }
    for output in graph.outputs {
      lines.append("  output\(output) [label=\(quoted(graph.values[output].name)), shape=ellipse];")
      if let maker = makers[output] { lines.append("  \(maker) -> output\(output);") }
    }
    return (lines + ["}"]).joined(separator: "\n")
  }

  private func quoted(_ text: String) -> String {
    "\"" + String(text.flatMap { "\"\\".contains($0) ? ["\\", $0] : [$0] }) + "\""
  }
}
