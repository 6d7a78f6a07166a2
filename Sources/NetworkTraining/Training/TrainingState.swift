internal import Foundation
public import ModelFiles

/// All that a training needs to go on: written to a file and read back, it goes on as if it had never stopped.
public struct TrainingState: Sendable, Equatable {
  /// Steps that are done.
  public var step = 0
  /// The epoch at hand, from 0.
  public var epoch = 0
  /// Examples of the epoch that are done.
  public var position = 0
  /// The learned tensors by name.
  public var parameters: [String: Tensor] = [:]
  /// What the optimiser keeps, by the parameter's name.
  public var slots: [String: [[Float]]] = [:]
  /// The moving averages of parameters by name; empty where none are kept.
  public var averages: [String: Tensor] = [:]
  /// The running statistics by name.
  public var statistics: [String: Tensor] = [:]

  /// What a trained network is built of: the averages where there are any, else the parameters, and the statistics.
  public var tensors: [String: Tensor] {
    (averages.isEmpty ? parameters : averages).merging(statistics) { first, _ in first }
  }

  /// Nothing learned yet, and nothing to learn.
  public init() {}
}

/// Checkpoints: one safetensors file with all tensors, and the counters and settings as JSON in its header.
public enum Checkpoint {
  private struct Header: Codable {
    var step: Int
    var epoch: Int
    var position: Int
    var settings: TrainingSettings
  }
  private static let key = "training"
  /// Where the checksum of all else stands.
  private static let checksumKey = "checksum"

  /// Writes a file beside the place and moves it there, so that the former checkpoint stays whole until the new one is.
  ///
  /// - Throws: `TrainingError` where it cannot be written; what was there before is untouched.
  public static func write(_ state: TrainingState, _ settings: TrainingSettings, path: String) throws {
    let header = Header(step: state.step, epoch: state.epoch, position: state.position, settings: settings)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    var tensors: [String: Tensor] = [:]
    for (name, tensor) in state.parameters { tensors["parameter/\(name)"] = tensor }
    for (name, tensor) in state.averages { tensors["average/\(name)"] = tensor }
    for (name, tensor) in state.statistics { tensors["statistic/\(name)"] = tensor }
    for (name, slots) in state.slots {
      for (place, slot) in slots.enumerated() { tensors["slot \(place)/\(name)"] = Tensor(list: slot) }
    }
    let text = String(decoding: try encoder.encode(header), as: UTF8.self)
    var file = SafeTensors(tensors: tensors, metadata: [key: text])
    file.metadata[checksumKey] = String(file.checksum(without: checksumKey))
    try WholeFile.write(file.bytes(), path: path)
  }

  /// Whether a file is a checkpoint of a training.
  public static func isOne(_ file: SafeTensors) -> Bool { file.metadata[key] != nil }

  /// - Throws: `TrainingError` for a file that is no checkpoint, `ModelFileError` for one that is damaged.
  public static func read(path: String) throws -> (state: TrainingState, settings: TrainingSettings) {
    let file = try SafeTensors(path: path)
    guard let text = file.metadata[key], let header = try? JSONDecoder().decode(Header.self, from: Data(text.utf8)),
      header.step >= 0, header.epoch >= 0, header.position >= 0
    else { throw TrainingError("\(path): is no checkpoint of a training; give a file that 'train' wrote.") }
    guard file.metadata[checksumKey] == String(file.checksum(without: checksumKey)) else {
      throw TrainingError("\(path): is damaged: its checksum is not that of its content; begin anew with --overwrite.")
    }
    var state = TrainingState()
    (state.step, state.epoch, state.position) = (header.step, header.epoch, header.position)
    var slots: [String: [Int: [Float]]] = [:]
    for (name, tensor) in file.tensors {
      guard let slash = name.firstIndex(of: "/") else { continue }
      let rest = String(name[name.index(after: slash)...])
      switch name[..<slash] {
      case "parameter": state.parameters[rest] = tensor
      case "average": state.averages[rest] = tensor
      case "statistic": state.statistics[rest] = tensor
      case let kind where kind.hasPrefix("slot "):
        if let place = Int(kind.dropFirst(5)) { slots[rest, default: [:]][place] = tensor.elements.floats }
      default: break
      }
    }
    state.slots = slots.mapValues { places in places.sorted { $0.key < $1.key }.map(\.value) }
    return (state, header.settings)
  }
}
