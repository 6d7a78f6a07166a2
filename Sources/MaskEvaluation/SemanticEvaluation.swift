import Reports

/// Semantic segmentation, measured: one confusion over all pictures, and each picture's sums by class.
public struct SemanticEvaluation: Sendable {
  /// Which labels are classes, and what these are called.
  public struct Settings: Sendable, Equatable {
    /// The labels 0 ..< classCount are classes.
    public var classCount: Int
    /// Labels of the truth whose pixels are left out; labels beyond the classes always are.
    public var voidLabels: Set<UInt8>
    /// What the classes are called; a class beyond the list by its label.
    public var names: [String]
    /// Whether classes that neither side has are listed.
    public var listsAbsentClasses: Bool

    /// - Parameters:
    ///   - classCount: nil for as many as there are names, or for all 256 labels where there are no names, those that occur then being listed.
    ///     Void labels at the end of the classes are none.
    public init(classCount: Int? = nil, voidLabels: Set<UInt8> = [], names: [String] = []) {
      var count = min(max(1, classCount ?? (names.isEmpty ? 256 : names.count)), 256)
      while count > 1, voidLabels.contains(UInt8(count - 1)) { count -= 1 }
      self.classCount = count
      self.voidLabels = voidLabels
      self.names = names
      listsAbsentClasses = classCount != nil || !names.isEmpty
    }

    /// A label's name, or the label itself where it has none.
    public func name(_ label: Int) -> String { names.indices.contains(label) ? names[label] : "\(label)" }
  }

  /// One picture's pixels of one class.
  struct ClassPixels: Sendable, Equatable {
    var label: UInt8
    var hits: Int32
    var truth: Int32
    var result: Int32
  }

  /// One picture's sums, classes that it lacks left out.
  public struct Picture: Sendable, Equatable {
    /// The picture's name, with its sequence's where there are several.
    public var name: String
    var classes: [ClassPixels]

    /// The mean IoU over the classes of the picture's truth; nil where all of it is void.
    public var meanIoU: Double? {
      let values = classes.filter { $0.truth > 0 }.map { Double($0.hits) / Double($0.truth + $0.result - $0.hits) }
      return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
  }

  /// Which labels are classes.
  public let settings: Settings
  /// All pixels by the truth's class and the result's label.
  public private(set) var confusion: ClassConfusion
  /// The pictures in the order in which they were added.
  public private(set) var pictures: [Picture] = []
  /// Pixels of the truth that are void.
  public private(set) var voidPixels = 0
  /// Pixels of pictures that the result does not have, void ones left out, and the pictures by their files' names.
  private var missedPixels = 0
  private var missing: [String] = []

  /// An evaluation without pictures yet.
  public init(_ settings: Settings) {
    self.settings = settings
    confusion = ClassConfusion(classCount: settings.classCount, voidLabels: settings.voidLabels)
  }

  /// Adds a picture: labels of equal count, pixel by pixel, at most 2³¹ − 1.
  ///
  /// - Parameter result: nil where the result has no file: each pixel of the truth is missed.
  public mutating func add(_ name: String, truth: [UInt8], result: [UInt8]?) {
    var own = ClassConfusion(classCount: settings.classCount, voidLabels: settings.voidLabels)
    if let result { own.add(truth: truth, result: result) } else { own.add(missed: truth) }
    confusion.add(own)
    voidPixels += truth.count - own.total
    if result == nil { missedPixels += own.total }
    let (truths, results) = (own.truthPixels, own.resultPixels)
    let classes = (0..<settings.classCount).filter { truths[$0] + results[$0] > 0 }.map { label in
      ClassPixels(
        label: UInt8(label), hits: Int32(own[label, label]), truth: Int32(truths[label]), result: Int32(results[label]))
    }
    pictures.append(Picture(name: name, classes: classes))
  }

  /// Measures all files of a result.
  ///
  /// A picture that the result does not have counts as wrong in each pixel, and is told.
  ///
  /// - Throws: `EvaluationError.unusable` where all of the truth is void; `RecordsError` for unreadable files.
  public init(_ files: MaskFiles, settings: Settings) throws {
    self.init(settings)
    missing = files.missing
    for sequence in files.sequences {
      for frame in sequence.frames {
        let (truth, result) = try frame.images()
        add(files.sequences.count > 1 ? "\(sequence.name)/\(frame.name)" : frame.name, truth: truth.labels, result: result?.labels)
      }
    }
    guard confusion.total > 0 else {
      throw EvaluationError.unusable(
        path: files.truth,
        reason:
          "all of its pixels are void; change \(EvaluationSetting.voidLabels), \(EvaluationSetting.classCount) or \(EvaluationSetting.classNames)"
      )
    }
  }

  /// The classes that are listed: all, or those that occur on either side.
  public var listedClasses: [Int] {
    let (truths, results) = (confusion.truthPixels, confusion.resultPixels)
    return (0..<settings.classCount).filter { settings.listsAbsentClasses || truths[$0] + results[$0] > 0 }
  }

  /// What is odd about the labels.
  public var warnings: [String] {
    var warnings: [String] = []
    if !settings.listsAbsentClasses, settings.voidLabels.isEmpty, confusion.truthPixels[255] > 0 {
      warnings.append(
        "label 255 of the truth counts as a class; if it marks pixels without one, name 255 among \(EvaluationSetting.voidLabels)")
    }
    if !missing.isEmpty {
      warnings.append("the result lacks \(MaskFiles.firstTen(missing).joined(separator: ", ")): all of their pixels count as wrong")
    }
    let others = (0..<settings.classCount).reduce(0) { $0 + confusion[$1, settings.classCount] } - missedPixels
    if others > 0 {
      let share = DecimalText.fixed(100 * Double(others) / Double(confusion.total), decimals: 2) ?? ""
      warnings.append("\(others) pixels of the result (\(share) %) have labels that are no class; they count as wrong")
    }
    return warnings
  }
}

/// The scores of semantic segmentation on any choice of the pictures.
public struct SemanticPictureScores: ResampledScores {
  /// The means over classes and the IoU of each class.
  public let names: [ScoreName]
  /// The number of pictures.
  public var count: Int { pictures.count }
  private let classCount: Int
  private let labels: [Int]
  private let pictures: [SemanticEvaluation.Picture]

  /// The scores of an evaluation's pictures.
  public init(_ evaluation: SemanticEvaluation) {
    pictures = evaluation.pictures
    classCount = evaluation.settings.classCount
    labels = evaluation.confusion.classesInTruth
    names =
      ["mIoU", "mean_accuracy", "pixel_accuracy"].map { ScoreName($0) }
      + labels.map { ScoreName("IoU", of: evaluation.settings.name($0)) }
  }

  /// All are.
  public func isRatio(_ name: ScoreName) -> Bool { true }

  /// Means are over the classes that occur in the chosen truth.
  public func scores(_ occurrences: [Int]) -> [Double] {
    var hits = Array(repeating: 0, count: classCount)
    var truth = hits
    var result = hits
    for (picture, times) in zip(pictures, occurrences) where times > 0 {
      for pixels in picture.classes {
        let label = Int(pixels.label)
        hits[label] += times * Int(pixels.hits)
        truth[label] += times * Int(pixels.truth)
        result[label] += times * Int(pixels.result)
      }
    }
    let present = labels.filter { truth[$0] > 0 }
    func overlap(_ label: Int) -> Double { Double(hits[label]) / Double(truth[label] + result[label] - hits[label]) }
    let pixels = present.reduce(0) { $0 + truth[$1] }
    return [
      present.map(overlap).meanOrNaN, present.map { Double(hits[$0]) / Double(truth[$0]) }.meanOrNaN,
      pixels > 0 ? Double(present.reduce(0) { $0 + hits[$1] }) / Double(pixels) : .nan,
    ] + labels.map { truth[$0] + result[$0] > 0 ? overlap($0) : .nan }
  }
}
