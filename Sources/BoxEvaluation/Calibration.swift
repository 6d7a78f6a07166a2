import Geometry

/// How far confidences are from the share of right answers (C. Guo et al., On calibration of modern neural networks, 2017,
/// equations 3 and 5; `docs/evaluation.md`, Boxes).
public struct Calibration: Sendable, Equatable {
  /// One bin of confidences, (lower, upper], the first with its lower end.
  public struct Bin: Sendable, Equatable {
    /// The lowest score of the bin.
    public var lower: Double
    /// The score at which the bin ends.
    public var upper: Double
    /// The detections whose score lies in the bin.
    public var count: Int
    /// Means over the bin, 0 for an empty one.
    public var meanConfidence: Double
    /// The share of hits among them.
    public var accuracy: Double
  }

  /// The bins from score 0 to 1, empty ones too.
  public var bins: [Bin]
  /// Expected calibration error: the bins' gaps weighted by their counts.
  public var expectedError: Double
  /// Maximum calibration error: the largest gap of a bin that is not empty.
  public var maximumError: Double

  /// The calibration of confidences in [0, 1] (others are counted in the nearest bin); nil for none.
  public init?(confidences: [Double], correct: [Bool], binCount: Int = 10) {
    guard !confidences.isEmpty, confidences.count == correct.count, binCount > 0 else { return nil }
    var sums = Array(repeating: (count: 0, confidence: 0.0, correct: 0), count: binCount)
    for (confidence, isCorrect) in zip(confidences, correct) {
      let bin = Calibration.bin(of: confidence, binCount: binCount)
      sums[bin].count += 1
      sums[bin].confidence += confidence
      sums[bin].correct += isCorrect ? 1 : 0
    }
    bins = sums.enumerated().map { index, sum in
      let n = Double(max(1, sum.count))
      return Bin(
        lower: Double(index) / Double(binCount), upper: Double(index + 1) / Double(binCount), count: sum.count,
        meanConfidence: sum.confidence / n, accuracy: Double(sum.correct) / n)
    }
    let gaps = bins.map { (gap: abs($0.accuracy - $0.meanConfidence), count: $0.count) }
    expectedError = gaps.reduce(0) { $0 + $1.gap * Double($1.count) } / Double(confidences.count)
    maximumError = gaps.reduce(0) { $1.count > 0 ? max($0, $1.gap) : $0 }
  }

  private static func bin(of confidence: Double, binCount: Int) -> Int {
    let scaled = min(max(confidence, 0), 1) * Double(binCount)
    var bin = Int(bounded: scaled.rounded(.up) - 1, in: 0...binCount)
    // The borders are m/M in floating point: the product above may round to the other side.
    if bin > 0, confidence <= Double(bin) / Double(binCount) { bin -= 1 }
    if bin + 1 < binCount, confidence > Double(bin + 1) / Double(binCount) { bin += 1 }
    return min(bin, binCount - 1)
  }
}
