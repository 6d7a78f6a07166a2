import Foundation
import Imaging
import ModelFiles
import NetworkAnalysis
import NetworkDetection
import NetworkGraph
import NetworkPrograms

/// Sample inputs of a network from a folder.
struct NetworkSamples {
  /// Inputs by name, in the order of the files' names.
  let samples: [[String: Tensor]]

  /// Files above which a folder is a mistake: the samples are kept in memory.
  private static let limit = 10_000

  /// - Throws: `CommandError` for a folder without samples, errors of the files.
  init(_ graph: Graph, folder: String) throws {
    guard let found = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw CommandError(code: .missingInput, description: "\(folder): is no folder that can be read; give one with sample inputs")
    }
    let names = found.filter { !$0.hasPrefix(".") }.sorted()
    guard names.count <= NetworkSamples.limit else {
      throw CommandError.usage("\(folder) holds \(names.count) files; give at most \(NetworkSamples.limit) samples")
    }
    let arrays = names.filter { $0.hasSuffix(".npy") || $0.hasSuffix(".npy.gz") }
    let pictures = names.filter { name in [".png", ".jpg", ".jpeg"].contains { name.lowercased().hasSuffix($0) } }
    if !arrays.isEmpty {
      samples = try NetworkSamples.arrays(graph, folder, arrays)
    } else if !pictures.isEmpty {
      let network = try NetworkSamples.detector(graph)
      let program = network.mixesTime ? try Program(graph) : nil
      samples = try pictures.map { name in
        let picture = try ImageFile.read(path: "\(folder)/\(name)")
        let (planes, _) = try network.layout.rule.planes(picture, width: network.width, height: network.height)
        return try network.inputs(ofOne: planes) { try program?.run($0) ?? [:] }
      }
    } else {
      throw CommandError(
        code: .missingInput,
        description: "\(folder): holds no arrays (.npy) and no pictures (.png, .jpg); give a folder with samples")
    }
  }

  /// What takes pictures.
  private static func detector(_ graph: Graph) throws -> DetectorNetwork {
    do {
      return try DetectorNetwork(graph)
    } catch let error as NetworkError where error.code == .unsupported {
      throw NetworkError(
        .unsupported, "\(error.description) Pictures are samples of detectors alone: give arrays (.npy) of the network's input.")
    }
  }

  /// Ranges of numbers that are none, or without bounds, tell nothing.
  private static func array(_ path: String) throws -> Tensor {
    let tensor = try NumPyFile.read(path: path)
    guard !tensor.type.isFloat || tensor.elements.doubles.allSatisfy(\.isFinite) else {
      throw CommandError(
        code: .malformed, description: "\(path): holds a number that is not finite; give samples of finite numbers")
    }
    return tensor
  }

  private static func arrays(_ graph: Graph, _ folder: String, _ names: [String]) throws -> [[String: Tensor]] {
    let inputs = graph.inputs.map { graph.values[$0].name }
    if inputs.count == 1 { return try names.map { [inputs[0]: try array("\(folder)/\($0)")] } }
    var samples: [String: [String: Tensor]] = [:]
    for name in names {
      let stem = name.replacingOccurrences(of: ".gz", with: "").dropLast(".npy".count)
      guard let input = inputs.first(where: { stem.hasSuffix("." + $0) }) else {
        throw CommandError.usage(
          "\(folder)/\(name): names none of the network's inputs \(inputs.joined(separator: ", ")); call it SAMPLE.INPUT.npy")
      }
      samples[String(stem.dropLast(input.count + 1)), default: [:]][input] = try array("\(folder)/\(name)")
    }
    return samples.sorted { $0.key < $1.key }.map(\.value)
  }
}

/// The parts of a network's outputs whose errors are told apart.
struct OutputGroups {
  let groups: [ChannelGroup]

  /// A detector's by its layout; of another network every output by itself.
  init(_ graph: Graph) throws {
    let names = graph.outputs.map { graph.values[$0].name }
    guard let network = try? DetectorNetwork(graph), let output = names.first else {
      groups = names.map { ChannelGroup(name: $0, output: $0) }
      return
    }
    let parts = OutputGroups.parts(network.layout).map { name, axis, places in
      ChannelGroup(name: name, output: output, part: ChannelGroup.Part(axis: axis, places: places))
    }
    groups = parts + (network.looks.map { [ChannelGroup(name: $0, output: $0)] } ?? [])
  }

  /// Name, axis and places of each part; corners and scores of end-to-end networks come in an order that small errors change.
  private static func parts(_ layout: OutputLayout) -> [(String, Int, Range<Int>)] {
    switch layout {
    case .yolo(let classes, _): return [("centre", 1, 0..<2), ("size", 1, 2..<4), ("classes", 1, 4..<4 + classes)]
    case .yoloOriented(let classes):
      return [
        ("centre", 1, 0..<2), ("size", 1, 2..<4), ("classes", 1, 4..<4 + classes), ("angle", 1, 4 + classes..<5 + classes),
      ]
    case .yolox(let classes, _), .yoloAnchors(let classes, _):
      return [("centre", 2, 0..<2), ("size", 2, 2..<4), ("objectness", 2, 4..<5), ("classes", 2, 5..<5 + classes)]
    case .fastestDet(let classes): return [("objectness", 1, 0..<1), ("box", 1, 1..<5), ("classes", 1, 5..<5 + classes)]
    case .gaussian(let classes, let masks):
      let parts = [
        ("classes", 1, 0..<classes), ("centre", 1, classes..<classes + 2), ("shape", 1, classes + 2..<classes + 5),
        ("spreads", 1, classes + 5..<classes + 10),
      ]
      return parts + (masks > 0 ? [("masks", 1, classes + 10..<classes + 10 + masks)] : [])
    case .endToEnd: return [("corners", 2, 0..<4), ("score", 2, 4..<5)]
    case .endToEndOriented: return [("centre", 2, 0..<2), ("size", 2, 2..<4), ("score", 2, 4..<5), ("angle", 2, 6..<7)]
    }
  }
}
