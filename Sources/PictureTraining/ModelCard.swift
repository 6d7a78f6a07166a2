internal import Foundation
internal import Models
internal import NetworkDetection

/// What is known of a trained model: told by the user, and by the training.
public struct ModelCard: Sendable {
  /// A name for people.
  public var name: String
  /// Under what terms the model may be used, as the user gives it; empty: not told.
  public var licence: String
  /// Where the data come from, as the user gives it; empty: not told.
  public var source: String

  /// - Parameter name: For people.
  public init(name: String, licence: String = "", source: String = "") {
    (self.name, self.licence, self.source) = (name, licence, source)
  }

  /// What a training knows.
  struct Facts {
    let task: any TrainingTask
    let recipe: TrainingRecipe
    let epoch: Int
    let parameters: Int
    let scores: TrainingScores

    /// The network in a few words.
    var network: String { "\(task.words.network ?? recipe.network), \(parameters) parameters" }
  }

  /// Text by key that the model's file carries.
  func metadata(_ facts: Facts) -> [String: String] {
    let sentence =
      "\(facts.task.purpose), \(facts.network), \(facts.epoch) epochs of "
      + "\(facts.task.examples.count) pictures, mean \(facts.scores.metric) \(ModelCard.text(facts.scores.mean)) on "
      + "\(facts.task.measuredCount) others\(facts.task.referenceText)"
    var entries = ["description": "\(name): \(sentence)"]
    if let calibration = facts.scores.calibration { entries[ScoreCalibration.key] = calibration.text }
    if let combination = facts.scores.combination { entries[RuleCombination.key] = combination.text }
    if facts.recipe.blocks != .conv { entries["blocks"] = facts.recipe.blocks.rawValue }
    if !licence.isEmpty { entries["license"] = licence }
    if !source.isEmpty { entries["data"] = source }
    return entries
  }

  private static func text(_ ratio: Double?) -> String { ratio.map { String(format: "%.3f", $0) } ?? "unknown" }

  /// What a recipe has besides the usual.
  private static func unusual(_ recipe: TrainingRecipe) -> String {
    var words = recipe.boxLoss == .hellinger ? [] : ["box loss \(recipe.boxLoss.rawValue)"]
    if recipe.centreLoss != .focal { words.append("centre loss \(recipe.centreLoss.rawValue)") }
    if recipe.angleWeight > 0 { words.append("angle weight \(recipe.angleWeight)") }
    if recipe.taskWeights != .fixed { words.append("task weights \(recipe.taskWeights.rawValue)") }
    if recipe.prototypes > 0 { words.append("masks of \(recipe.prototypes) prototypes") }
    if recipe.embedding > 0 { words.append("embeddings of \(recipe.embedding) numbers") }
    if let start = recipe.start { words.append("begun with \(start.name) (SHA-256 \(start.digest))") }
    if recipe.augmentation.mosaic > 0 { words.append("mosaics \(recipe.augmentation.mosaic)") }
    if recipe.augmentation.paste > 0 { words.append("pasted objects \(recipe.augmentation.paste)") }
    return words.map { ", " + $0 }.joined()
  }

  /// The card for people, in Markdown.
  func text(_ facts: Facts) -> String {
    let rows = facts.scores.rows.map { "| \($0.name) | \($0.count) | \(ModelCard.text($0.value)) |" }
    let recipe = facts.recipe
    let looks = facts.scores.looks?.sentence ?? (recipe.embedding > 0 ? TrainingScores.Looks.missing : nil)
    let masks = [facts.scores.masks?.sentence, looks].compactMap { $0.map { "\n\($0).\n" } }.joined()
    let teacher = facts.task.teacher.map { "\n- Teacher: \($0.text), in the place of labels; SHA-256 \($0.digest)" } ?? ""
    let features = facts.task.features.map { "\n- Features learned beside: \($0.text); SHA-256 \($0.digest)" } ?? ""
    return """
      # \(name)

      \(facts.task.purpose) for \(facts.task.use), trained by `sextant train`.

      - Data: \(source.isEmpty ? "not told" : source)
      - Licence: \(licence.isEmpty ? "not told" : licence)
      - Network: \(facts.network); \(facts.task.words.input)
      - Training: \(facts.epoch) of \(recipe.epochs) epochs of \(facts.task.examples.count) pictures, \(facts.task.words.squares) of \(recipe.side) pixels, batches of \
      \(recipe.batch), learning rate \(recipe.rate), seed \(recipe.seed)\(ModelCard.unusual(recipe))\(teacher)\(features)

      \(facts.scores.metric) (\(facts.task.words.page)) on \(facts.task.measuredCount) pictures that it did not learn from\(facts.task.referenceText):

      | class | truth | \(facts.scores.metric) |
      | --- | --- | --- |
      \(rows.joined(separator: "\n"))
      | mean | | \(ModelCard.text(facts.scores.mean)) |
      \(masks)
      """
  }
}
