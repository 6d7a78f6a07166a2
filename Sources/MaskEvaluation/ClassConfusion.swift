/// How the pixels of one class are labelled by the other side: the confusion matrix of semantic segmentation.
///
/// Pixels whose truth is void are left out. A result's label that is void or beyond the classes is wrong wherever the truth is not void.
/// Source: `docs/evaluation.md`, Masks.
public struct ClassConfusion: Sendable, Equatable {
  /// The number of classes: the labels from 0.
  public let classCount: Int
  /// Row by row, a truth class each: pixels by the result's class, then one column for labels that are no class.
  public private(set) var counts: [Int]
  private let isVoid: [Bool]

  /// - Parameters:
  ///   - classCount: The labels 0 ..< classCount are classes, at most 256.
  ///   - voidLabels: Labels of the truth that mark pixels without an answer; labels beyond the classes always do.
  public init(classCount: Int, voidLabels: Set<UInt8> = []) {
    let classes = min(max(1, classCount), 256)
    self.classCount = classes
    counts = Array(repeating: 0, count: classes * (classes + 1))
    isVoid = (0..<256).map { $0 >= classes || voidLabels.contains(UInt8($0)) }
  }

  /// Adds an image: labels of equal count, pixel by pixel.
  public mutating func add(truth: [UInt8], result: [UInt8]) {
    precondition(truth.count == result.count, "images of equal size")
    let columns = classCount + 1
    for (trueLabel, label) in zip(truth, result) where !isVoid[Int(trueLabel)] {
      counts[Int(trueLabel) * columns + min(Int(label), classCount)] += 1
    }
  }

  /// Adds an image without a result: every pixel is of no class.
  mutating func add(missed truth: [UInt8]) {
    for label in truth where !isVoid[Int(label)] { counts[Int(label) * (classCount + 1) + classCount] += 1 }
  }

  /// Adds the counts of another confusion of the same classes.
  public mutating func add(_ other: ClassConfusion) {
    precondition(other.classCount == classCount, "the same classes")
    for index in counts.indices { counts[index] += other.counts[index] }
  }

  /// The truth's pixels of a class.
  public func pixels(ofTruth label: Int) -> Int {
    counts[(label * (classCount + 1))..<((label + 1) * (classCount + 1))].reduce(0, +)
  }

  /// The result's pixels of a class, where the truth is not void.
  public func pixels(ofResult label: Int) -> Int { (0..<classCount).reduce(0) { $0 + self[$1, label] } }

  /// The truth's pixels of each class.
  public var truthPixels: [Int] { (0..<classCount).map(pixels(ofTruth:)) }

  /// The result's pixels of each class, where the truth is not void.
  public var resultPixels: [Int] {
    var sums = Array(repeating: 0, count: classCount)
    for truth in 0..<classCount {
      for label in 0..<classCount { sums[label] += self[truth, label] }
    }
    return sums
  }

  /// All pixels that are not void.
  public var total: Int { counts.reduce(0, +) }

  /// Pixels by the truth's class and the result's; the result's column `classCount` is of labels that are no class.
  public subscript(truth: Int, result: Int) -> Int { counts[truth * (classCount + 1) + result] }

  /// TP/(TP + FP + FN); nil for a class that neither side has.
  public func iou(_ label: Int) -> Double? {
    let union = pixels(ofTruth: label) + pixels(ofResult: label) - self[label, label]
    return union > 0 ? Double(self[label, label]) / Double(union) : nil
  }

  /// The share of a class's pixels that is labelled right; nil for a class that the truth does not have.
  public func accuracy(_ label: Int) -> Double? {
    let pixels = pixels(ofTruth: label)
    return pixels > 0 ? Double(self[label, label]) / Double(pixels) : nil
  }

  /// Classes that occur in the truth.
  public var classesInTruth: [Int] { (0..<classCount).filter { pixels(ofTruth: $0) > 0 } }

  /// The mean of the classes' IoU over the classes that occur in the truth; nil where none does.
  public var meanIoU: Double? { mean(of: iou) }
  /// The mean of the classes' accuracies over the classes that occur in the truth.
  public var meanAccuracy: Double? { mean(of: accuracy) }

  /// The share of all pixels that is labelled right.
  public var pixelAccuracy: Double? {
    let total = total
    return total > 0 ? Double((0..<classCount).reduce(0) { $0 + self[$1, $1] }) / Double(total) : nil
  }

  private func mean(of value: (Int) -> Double?) -> Double? {
    let values = classesInTruth.compactMap(value)
    return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }
}
