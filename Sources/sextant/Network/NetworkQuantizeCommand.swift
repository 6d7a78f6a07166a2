import ArgumentParser
import Foundation
import ModelFiles
import NetworkAnalysis
import NetworkGraph
import NetworkPrograms
import Pipeline
import Records

/// What a network is converted to.
enum QuantizedForm: String, ExpressibleByArgument, CaseIterable {
  case int8, bf16, ternary
}

/// Which range of a value's numbers bytes cover.
enum RangeChoice: String, ExpressibleByArgument, CaseIterable {
  case all, percentile, entropy
}

/// `sextant network quantize`: a network in fewer bits, with the error that this makes.
struct NetworkQuantizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quantize",
    abstract: "Write a network in fewer bits, and tell the error that this makes.",
    discussion: """
      int8: weights and values of convolutions as bytes (run with --type int8); bf16: weights of half the size; ternary: three levels for \
      the weights of products and 1x1 convolutions. The folder holds arrays (.npy, .npy.gz) of the network's input, for several inputs \
      named SAMPLE.INPUT.npy, or for a detector pictures (.png, .jpg). Layers that make a large part of the error stay as they are.

      examples:
        sextant network quantize yolov8n.onnx --data pictures --to int8 -o yolov8n.int8.onnx
        sextant network bench yolov8n.int8.onnx --type int8
      """)

  @Argument(help: ArgumentHelp("The network.", valueName: "model.onnx"), completion: .file())
  var model: String

  @Option(help: ArgumentHelp("Sample inputs, from which ranges and errors are told.", valueName: "folder"))
  var data: String

  @Option(help: ArgumentHelp("What it becomes.", valueName: "int8|bf16|ternary"))
  var to: QuantizedForm

  @Option(name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "file.onnx"))
  var output: String

  @Option(help: ArgumentHelp("The numbers of a value that bytes cover (default: percentile).", valueName: "all|percentile|entropy"))
  var range: RangeChoice?

  @Option(help: "The share of a value's numbers that bytes cover, in percent (default: 99.999).")
  var percentile: Double?

  @Option(
    help: "Layers that alone make this part of the sum of squared errors stay as they are; 1 converts all without trying each.")
  var keep = 0.1

  @Option(help: "Threads of the kernels.")
  var threads = 1

  @Flag(help: "Replace the output if it exists.")
  var overwrite = false

  /// Of a hundred thousand numbers one may lie beyond the range.
  private static let usualPercentile = 99.999
  /// Each layer is tried by itself on so many samples.
  private static let layerSamples = 2

  func run() throws {
    try ExitStatus.reporting {
      let threads = try OptionCheck.value(threads, of: "--threads", in: 1...256, unit: "")
      try checkRange()
      let share = try OptionCheck.value(keep, of: "--keep", in: 0...1, unit: "")
      var plan = OutputPlan(overwrites: overwrite)
      plan.readsNetwork(model, as: "the model")
      plan.reads(data, as: "the samples")
      plan.writes(output, as: "the network")
      guard output.lowercased().hasSuffix(".onnx") else {
        throw CommandError.usage("cannot write a network to \(output): its name does not end in .onnx; give such a name")
      }
      try plan.check()
      let read = try GraphImporter.graph(path: model)
      guard to != .int8 || !read.nodes.contains(where: { $0.operation == "DequantizeLinear" }) else {
        throw NetworkError(
          .unsupported,
          "cannot quantise \(model): its layers are quantised to bytes already; give the network that it was made from.")
      }
      let samples = try NetworkError.naming(model) { try NetworkSamples(read, folder: data).samples }
      let exact = try Program(read, threads: threads)
      let conversion = try conversion(exact.graph, samples, threads)
      try NetworkQuantizeCommand.check(conversion, to)
      let trial = QuantizationTrial(
        conversion: conversion, groups: try OutputGroups(read).groups, samples: samples, expected: try samples.map(exact.run),
        threads: threads)
      let lines = share < 1 ? try trial.sensitivity(samples: NetworkQuantizeCommand.layerSamples) : nil
      let chosen = Set(conversion.layers).subtracting(lines?.sensitive(share: share) ?? [])
      guard !chosen.isEmpty else {
        throw NetworkError(
          .unsupported, "Every layer makes more of the error than --keep \(share) allows and would stay; raise --keep.")
      }
      let graph = try conversion.graph(chosen)
      try FileWriting.write(GraphExporter.bytes(graph, producer: ProgramVersion.programText), path: output)
      print(try trial.report(lines, chosen, type: to == .int8 ? .int8 : .f32))
    }
  }

  /// Refuses options of ranges that would be passed over.
  private func checkRange() throws {
    guard to == .int8 || range == nil && percentile == nil else {
      throw CommandError.usage("--range and --percentile are of int8 alone; leave them out with --to \(to.rawValue)")
    }
    guard percentile == nil || range ?? .percentile == .percentile else {
      throw CommandError.usage("--percentile belongs to --range percentile; leave one of them out")
    }
  }

  /// - Throws: `NetworkError` where there is nothing to convert.
  private static func check(_ conversion: Conversion, _ form: QuantizedForm) throws {
    guard !conversion.layers.isEmpty else {
      throw NetworkError(.unsupported, "The network has no layer that can be made \(form.rawValue).")
    }
  }

  private func conversion(_ graph: Graph, _ samples: [[String: Tensor]], _ threads: Int) throws -> Conversion {
    switch to {
    case .bf16: return .halfWeights(graph)
    case .ternary: return .ternaryWeights(graph)
    case .int8:
      let rule: RangeRule
      switch range ?? .percentile {
      case .all: rule = .all
      case .entropy: rule = .entropy
      case .percentile:
        rule = .percentile(
          try OptionCheck.value(percentile ?? NetworkQuantizeCommand.usualPercentile, of: "--percentile", in: 50...100, unit: "%"))
      }
      return try .bytes(graph, samples: samples, rule: rule, threads: threads)
    }
  }
}

/// A conversion tried on samples.
struct QuantizationTrial {
  let conversion: Conversion
  let groups: [ChannelGroup]
  let samples: [[String: Tensor]]
  /// The exact network's outputs.
  let expected: [[String: Tensor]]
  let threads: Int

  func sensitivity(samples count: Int) throws -> LayerSensitivity {
    try LayerSensitivity(
      conversion, groups: groups, samples: Array(samples.prefix(count)), expected: Array(expected.prefix(count)), threads: threads)
  }

  /// A table of layers, then the errors of all together.
  func report(_ lines: LayerSensitivity?, _ chosen: Set<Int>, type: ProgramType) throws -> String {
    var text: [String] = []
    if let lines {
      text.append((["layer", "node", "kept"] + groups.map(\.name)).joined(separator: "\t"))
      for line in lines.lines {
        let node = conversion.exact.nodes[line.layer]
        let name = MessageText.printable(node.name.isEmpty ? node.operation : node.name)
        let start = ["\(line.layer)", name, chosen.contains(line.layer) ? "" : "kept"]
        text.append((start + line.errors.map { $0.significantText }).joined(separator: "\t"))
      }
      text.append("")
    }
    let errors = try conversion.errors(
      chosen, groups: groups, samples: samples, expected: expected, threads: threads, type: type)
    text.append("layers converted\t\(chosen.count) of \(conversion.layers.count)")
    for (group, error) in zip(groups, errors) { text.append("error \(group.name)\t\(error.significantText)") }
    return text.joined(separator: "\n")
  }
}

extension Double {
  /// Three significant digits.
  fileprivate var significantText: String { String(format: "%.3g", self) }
}
