internal import Checkpoints
internal import Foundation
internal import ModelFiles
internal import NetworkTraining

/// Tensors that a training begins with in the place of its seeded ones, by their names: those of another training's checkpoint, or of a safetensors
/// file.
public struct TrainingStart: Sendable {
  /// The file's name and content, as a recipe tells them.
  public struct Facts: Sendable, Equatable, Codable {
    /// The file's name without its folder.
    public var name: String
    /// Of its bytes, SHA-256 in hexadecimal digits.
    public var digest: String
  }

  /// Which file it is.
  public let facts: Facts
  private let path: String
  private let tensors: [String: Tensor]

  /// - Throws: `ModelFileError` for a file that cannot be read, `TrainingError` for a damaged checkpoint.
  public init(path: String) throws {
    let file = try SafeTensors(path: path)
    tensors = Checkpoint.isOne(file) ? try Checkpoint.read(path: path).state.tensors : file.tensors
    var digest = Digest()
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
    bytes.withUnsafeBytes { digest.add($0) }
    facts = Facts(name: (path as NSString).lastPathComponent, digest: digest.value.text)
    self.path = path
  }

  /// A network's state before the first step, with all tensors that the file has under the same name and in the same shape.
  ///
  /// - Returns: How many parameters were taken, too.
  /// - Throws: `PictureTrainingError` where they are less than half, or hold numbers that are not finite.
  func state(of network: TrainingNetwork, _ settings: TrainingSettings) throws -> (state: TrainingState, taken: Int) {
    var (state, taken) = (network.start(settings), 0)
    for parameter in network.parameters {
      guard let found = tensors[parameter.name], found.shape == parameter.start.shape, found.type == .float32 else { continue }
      guard found.values(Float.self)?.allSatisfy(\.isFinite) == true else {
        throw PictureTrainingError.input("\(path): its tensor '\(parameter.name)' holds what are no numbers; give another file.")
      }
      state.parameters[parameter.name] = found
      if settings.average != nil { state.averages[parameter.name] = found }
      taken += 1
    }
    for statistic in network.statistics where !statistic.isRead {
      guard let found = tensors[statistic.name], found.shape == statistic.start.shape, found.type == .float32 else { continue }
      state.statistics[statistic.name] = found
    }
    // Heads differ from task to task and are the lesser part; with less than that it is another network's.
    guard 2 * taken >= network.parameters.count else {
      throw PictureTrainingError.input(
        "\(path): has \(taken) of this network's \(network.parameters.count) tensors by name and shape, in 32-bit floats; give the checkpoint of a training of the same --size and --blocks."
      )
    }
    return (state, taken)
  }
}
