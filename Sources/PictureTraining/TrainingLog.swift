internal import Foundation
internal import NetworkTraining

/// The log of a training, one JSON object a line: each step's loss, each epoch's measurement. It tells no times, so that it too is the same
/// whether a training was interrupted or not.
struct TrainingLog {
  private let path: String
  private let handle: FileHandle
  /// What it holds.
  private(set) var history = TrainingHistory()

  struct Line: Codable {
    var step: Int
    var epoch: Int
    var loss: Double?
    var gradientNorm: Double?
    var rate: Double?
    var metric: String?
    var mean: Double?
    var classes: [String: Double]?
    var weights: [String: Double]?
    var maskOverlap: Double?
    var looksRank1: Double?
    var looksArea: Double?

    enum CodingKeys: String, CodingKey {
      case step, epoch, loss, rate, metric, mean, classes, weights
      case maskOverlap = "mask_iou"
      case looksRank1 = "looks_rank_1"
      case looksArea = "looks_area"
      case gradientNorm = "gradient_norm"
    }
  }

  /// What a log begins with: all that decides how a training goes on, so that another one does not go on from it.
  private struct Head: Codable {
    var recipe: TrainingRecipe
    var classes: [String]
    var pictures: Int
    var teacher: TeacherFacts?
    var features: FeatureFacts?
  }

  /// - Parameter step: Lines of later steps, which will be done again, are taken off; 0 begins a new log.
  /// - Throws: `PictureTrainingError` where it cannot be written, or is of another training than what is gone on with.
  init(path: String, of task: any TrainingTask, _ recipe: TrainingRecipe, until step: Int) throws {
    self.path = path
    let head = try Self.line(
      Head(
        recipe: recipe, classes: task.classes, pictures: task.examples.count, teacher: task.teacher, features: task.features))
    var kept = head
    if step > 0 {
      let lines = (FileManager.default.contents(atPath: path) ?? Data()).split(separator: UInt8(ascii: "\n"))
      guard lines.first.map({ $0 + [UInt8(ascii: "\n")] }) == head else { throw Self.another(path) }
      for line in lines.dropFirst() {
        guard let entry = try? JSONDecoder().decode(Line.self, from: line), entry.step <= step else { break }
        kept += line + [UInt8(ascii: "\n")]
        history.add(entry)
      }
    }
    guard FileManager.default.createFile(atPath: path, contents: kept), let handle = FileHandle(forWritingAtPath: path),
      (try? handle.seekToEnd()) != nil
    else { throw PictureTrainingError.output("\(path): cannot be written; check that its folder is there and has room.") }
    self.handle = handle
  }

  private static func another(_ path: String) -> PictureTrainingError {
    .input(
      "\(path): is of a training with another recipe or --start, other classes, another teacher or another number of pictures, or is missing; give the same "
        + "options and data, or begin anew with --overwrite.")
  }

  /// Refuses a log of a training that boxes of a teacher are no part of, or features of another one, before a teacher searches all pictures. What
  /// else has to be the same is asked when the training goes on.
  static func check(_ path: String, hasTeacher: Bool, _ features: FeatureFacts?) throws {
    guard let first = FileManager.default.contents(atPath: path)?.split(separator: UInt8(ascii: "\n")).first,
      let head = try? JSONDecoder().decode(Head.self, from: first)
    else { return }
    guard (head.teacher != nil) == hasTeacher, head.features == features else { throw another(path) }
  }

  private static func line(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return try encoder.encode(value) + [UInt8(ascii: "\n")]
  }

  mutating func add(_ report: StepReport, epoch: Int) throws {
    try add(
      Line(step: report.step, epoch: epoch, loss: report.loss, gradientNorm: report.gradientNorm, rate: report.rate))
  }

  /// - Parameter weights: How much each part of the loss counts next, where that changes.
  mutating func add(_ scores: TrainingScores, step: Int, epoch: Int, weights: [String: Double]?) throws {
    let classes = scores.rows.compactMap { row in row.value.map { (row.name, $0) } }
    try add(
      Line(
        step: step, epoch: epoch, metric: scores.metric, mean: scores.mean, classes: Dictionary(classes) { first, _ in first },
        weights: weights, maskOverlap: scores.masks?.iou, looksRank1: scores.looks?.rank1, looksArea: scores.looks?.area))
  }

  private mutating func add(_ line: Line) throws {
    history.add(line)
    do {
      try handle.write(contentsOf: try Self.line(line))
    } catch {
      throw PictureTrainingError.writing("\(path): cannot be written: \(error.localizedDescription)")
    }
  }
}
