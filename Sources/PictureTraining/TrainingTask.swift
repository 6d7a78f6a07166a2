internal import Foundation
internal import Imaging
public import ModelFiles
public import NetworkDetection
public import NetworkGraph
public import NetworkTraining

/// What a network is trained to do on annotated pictures, so that one loop serves all.
public protocol TrainingTask: Sendable {
  /// The names of the classes.
  var classes: [String] { get }
  /// What it learns from.
  var examples: any ExampleSource { get }
  /// Who stood in for labels; nil where nobody did.
  var teacher: TeacherFacts? { get }
  /// Whose features are learned beside; nil: nobody's.
  var features: FeatureFacts? { get }
  /// Where the truth of what it is measured on comes from.
  var reference: MeasuredAgainst { get }
  /// How many pictures it is measured on.
  var measuredCount: Int { get }
  /// What it is, for people: "A detector of oriented boxes".
  var purpose: String { get }
  /// How a model of it is used, for people.
  var use: String { get }
  /// How its card and report name what differs from task to task.
  var words: TrainingWords { get }
  /// The network with its loss.
  func network(seed: UInt64) throws -> TrainingNetwork
  /// How many numbers the trained network has.
  func parameterCount(of network: TrainingNetwork) -> Int
  /// How much each part of the loss counts next, by name; nil where that stays.
  func weights(_ statistics: [String: Tensor]) -> [String: Double]?
  /// How good trained tensors are on pictures that are not learned from.
  func measure(_ tensors: [String: Tensor], threads: Int) throws -> TrainingScores
  /// Some of the pictures that it is measured on, with what trained tensors say of them drawn; at most a handful.
  func pictures(_ tensors: [String: Tensor], threads: Int) throws -> [TrainingPicture]
  /// The trained network, with an input as large as the largest pictures, and what its file tells of itself.
  func graph(_ tensors: [String: Tensor]) throws -> Graph
}

extension TrainingTask {
  /// Those of networks that look at squares of pictures.
  public var words: TrainingWords { TrainingWords() }
  /// Nobody.
  public var teacher: TeacherFacts? { nil }
  /// Nobody's.
  public var features: FeatureFacts? { nil }
  /// All that are trained.
  public func parameterCount(of network: TrainingNetwork) -> Int { network.parameterCount }
  /// They stay.
  public func weights(_ statistics: [String: Tensor]) -> [String: Double]? { nil }
  /// Labels.
  public var reference: MeasuredAgainst { .labels }

  /// What follows the number of pictures that it is measured on, for people: empty for labels.
  var referenceText: String {
    switch (reference, teacher) {
    case (.labels, _), (_, nil): ""
    case (.teacher, let teacher?): ", measured against the boxes of its teacher \(teacher.name) and not against labels"
    case (.both, let teacher?):
      ", measured against labels, and against the boxes of its teacher \(teacher.name) where there are none"
    }
  }
}

/// What a card and a report say of a task in words.
public struct TrainingWords: Sendable, Equatable {
  /// The network; nil: the recipe's size.
  public var network: String?
  /// What its input holds.
  public var input = "RGB in 0…1"
  /// What is cut from a picture.
  public var squares = "squares"
  /// The page that says what the measure is.
  public var page = "docs/detectors.md"

  /// - Parameters: As the properties of their names.
  public init(
    network: String? = nil, input: String = "RGB in 0…1", squares: String = "squares", page: String = "docs/detectors.md"
  ) {
    (self.network, self.input, self.squares, self.page) = (network, input, squares, page)
  }
}

/// A picture for a training's report.
public struct TrainingPicture: Sendable {
  /// A JPEG file.
  public let bytes: [UInt8]
  /// What it shows, for people.
  public let caption: String

  /// How many a report has: enough to see what goes wrong, and few enough for a page.
  private static let count = 6
  /// The greatest width in pixels; wider ones are reduced.
  private static let greatestWidth = 640

  /// - Throws: `ImagingError` where the picture cannot be encoded.
  init(_ picture: Image, caption: String) throws {
    let scale = min(1, Double(TrainingPicture.greatestWidth) / Double(picture.width))
    // Bounded: by the picture's own sides.
    let size = (width: Int(Double(picture.width) * scale), height: max(1, Int(Double(picture.height) * scale)))
    bytes = try ImageFile.jpeg(scale < 1 ? picture.resized(width: size.width, height: size.height) : picture, quality: 80)
    self.caption = caption
  }

  /// A file's name without its folder.
  static func name(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

  /// A handful of a list, evenly apart.
  static func some<Element>(of list: [Element]) -> [Element] {
    let wanted = min(count, list.count)
    return (0..<wanted).map { list[$0 * list.count / wanted] }
  }
}

/// A measurement: one ratio a class, and their mean.
public struct TrainingScores: Sendable, Equatable {
  /// One class.
  public struct Row: Sendable, Equatable {
    /// The class's name.
    public let name: String
    /// How much truth there was: boxes or pixels.
    public let count: Int
    /// nil where there was no truth.
    public let value: Double?
  }

  /// How well masks agree.
  public struct Masks: Sendable, Equatable {
    /// The mean overlap with the truth's.
    public let iou: Double
    /// Of so many objects.
    public let count: Int

    /// For people, without a full stop.
    public var sentence: String {
      "Masks: mean IoU \(String(format: "%.3f", iou)) with the truth's, over the \(count) objects with a mask whose box is found with an overlap of 0.5"
    }
  }

  /// How well embeddings tell objects apart, in two views of pictures.
  public struct Looks: Sendable, Equatable {
    /// The share of views whose nearest other one is of the same object.
    public let rank1: Double
    /// The area under the ROC of pairs of one object against pairs of two.
    public let area: Double
    /// The same figures of stripes of colour, which need no training.
    public let stripes: (rank1: Double, area: Double)
    /// Of so many views.
    public let count: Int

    /// Whether all figures are the same.
    public static func == (a: Looks, b: Looks) -> Bool {
      (a.rank1, a.area, a.count) == (b.rank1, b.area, b.count) && a.stripes == b.stripes
    }

    /// What stands in its place where there is nothing to compare.
    static let missing = "Looks: not measured, for no two objects of the pictures to measure on are found in both changed views"

    /// For people, without a full stop.
    public var sentence: String {
      func text(_ ratio: Double) -> String { String(format: "%.3f", ratio) }
      return
        "Looks: rank 1 \(text(rank1)) and area \(text(area)), stripes of colour \(text(stripes.rank1)) and \(text(stripes.area)), over \(count) views of "
        + "objects that are found in both changed views of a picture"
    }
  }

  /// What the ratios are: `AP50` or `IoU`.
  public let metric: String
  /// The classes in their order.
  public let rows: [Row]
  /// Over the classes with truth; nil where there are none.
  public let mean: Double?
  /// How well masks agree with the truth's; nil where there are none to compare.
  public var masks: Masks? = nil
  /// How well embeddings tell objects apart; nil where there are none to compare.
  public var looks: Looks? = nil
  /// How scores become probabilities; nil where there are none to be seen in that light.
  public var calibration: ScoreCalibration? = nil
  /// How what is found goes together with what the motion detector's rules find; nil where nothing tells.
  public var combination: RuleCombination? = nil
}
