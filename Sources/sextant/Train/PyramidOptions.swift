import ArgumentParser
import Foundation
import Models
import PictureTraining

extension DetectorModel.Scale: ExpressibleByArgument {}
extension CoarseBlocks: ExpressibleByArgument {}

/// The forms of the pyramid that detectors and segmenters stand on.
struct PyramidOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The network: nano has 0.8 million parameters, small 2.5 million.", valueName: "nano|small"))
  var size = DetectorModel.Scale.nano

  @Option(
    help: ArgumentHelp(
      "The blocks at the coarse end: convolutions, or transformers with a linear, a KAN or a mix layer.",
      valueName: "conv|vit|kan|mix"))
  var blocks = CoarseBlocks.conv

  @Option(
    help: ArgumentHelp(
      "Begin with the tensors of a checkpoint, as of 'train backbone', or of a safetensors file, where names and shapes are this network's.",
      valueName: "file"), completion: .file())
  var start: String?

  /// What it begins with.
  func beginning() throws -> TrainingStart? {
    guard let start else { return nil }
    guard FileManager.default.fileExists(atPath: start) else { throw CommandError.missingInput("\(start): there is no such file") }
    return try TrainingStart(path: start)
  }

  /// The recipe with these forms.
  func applied(to recipe: TrainingRecipe) -> TrainingRecipe {
    var recipe = recipe
    (recipe.scale, recipe.blocks) = (size, blocks)
    return recipe
  }
}
