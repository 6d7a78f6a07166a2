/// The average precisions of a result on any choice of the images.
///
/// A box is matched within its image, so the matching is done once and only the curves are drawn anew.
public struct BoxImageScores: ResampledScores {
  /// The detections of one class at one overlap, by descending score, and where its truth lies.
  private struct Judgements {
    var images: [Int32] = []
    var hits: [Bool] = []
    /// Images with truth of the class, and how much.
    var truth: [(image: Int32, positives: Int)] = []

    func averagePrecision(_ style: AveragePrecisionStyle, _ occurrences: [Int]) -> Double? {
      let positives = truth.reduce(0) { $0 + occurrences[Int($1.image)] * $1.positives }
      guard positives > 0 else { return nil }
      let times = images.map { occurrences[Int($0)] }
      return PrecisionRecallCurve(positives: positives, hits: hits, times: times).averagePrecision(style)
    }
  }

  public let names: [ScoreName]
  public let count: Int
  private let style: AveragePrecisionStyle
  /// For each class, for each threshold.
  private let classes: [[Judgements]]
  /// Thresholds with a figure of their own.
  private let named: [Int]

  /// - Parameters:
  ///   - places: For each image of the set its place among the parts that are drawn.
  ///   - count: The number of parts.
  public init(_ set: BoxSet, places: [Int], count: Int, settings: BoxEvaluation.Settings) {
    precondition(places.count == set.imageCount && places.allSatisfy { (0..<count).contains($0) }, "a place for each image")
    self.count = count
    style = settings.style
    let isCovered = set.coveredByRegions(share: settings.ignoreShare, similarity: settings.similarity)
    classes = set.classes.indices.map { index in
      Self.judged(set, classIndex: index, isCovered: isCovered, settings).map { part in
        var moved = part
        moved.images = part.images.map { Int32(places[Int($0)]) }
        moved.truth = part.truth.map { (Int32(places[Int($0.image)]), $0.positives) }
        return moved
      }
    }
    let thresholds = settings.thresholds
    named = thresholds.count == 1 ? [] : [0.5, 0.75].compactMap { wanted in thresholds.firstIndex { abs($0 - wanted) < 1e-9 } }
    names =
      [ScoreName("mAP")] + named.map { ScoreName("mAP\(Int((thresholds[$0] * 100).rounded()))") }
      + set.classes.map { ScoreName("AP", of: $0) }
  }

  private static func judged(
    _ set: BoxSet, classIndex: Int, isCovered: [Bool], _ settings: BoxEvaluation.Settings
  ) -> [Judgements] {
    switch settings.style {
    case .hundredOnePoint:
      let limit = COCOSummary.detectionLimits.max() ?? 100
      let matching = COCOMatching(
        set, classIndex: classIndex, similarity: settings.similarity, isCovered: isCovered, limit: limit)
      let truth = matching.positivesByImage(in: .all)
      return settings.thresholds.map { threshold in
        judgements(COCOMatching.ranked(matching.outcomes(threshold: threshold), limit: limit, in: set), truth, in: set)
      }
    case .elevenPoint, .allPoint:
      let matching = GreedyMatching(
        set, classIndex: classIndex, similarity: settings.similarity, isCovered: isCovered, ignoreShare: settings.ignoreShare)
      let truth = matching.positivesByImage(in: .all)
      return settings.thresholds.map { threshold in
        let outcomes = zip(matching.order, matching.outcomes(threshold: threshold))
        return judgements(outcomes.map { COCOMatching.Judged(detection: $0, outcome: $1) }, truth, in: set)
      }
    }
  }

  private static func judgements(_ ranked: [COCOMatching.Judged], _ truth: [Int: Int], in set: BoxSet) -> Judgements {
    var judgements = Judgements()
    for item in ranked where item.outcome != .ignored {
      judgements.images.append(Int32(set.detections[item.detection].image))
      if case .hit = item.outcome { judgements.hits.append(true) } else { judgements.hits.append(false) }
    }
    judgements.truth = truth.sorted { $0.key < $1.key }.map { (Int32($0.key), $0.value) }
    return judgements
  }

  /// The mean over thresholds and classes, at the named thresholds, and of each class over the thresholds.
  public func scores(_ occurrences: [Int]) -> [Double] {
    let found = classes.map { thresholds -> [Double]? in
      let values = thresholds.compactMap { $0.averagePrecision(style, occurrences) }
      return values.isEmpty ? nil : values
    }
    func mean(_ values: [Double]) -> Double { values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count) }
    let present = found.compactMap { $0 }
    return [mean(present.map(mean))] + named.map { index in mean(present.map { $0[index] }) } + found.map { mean($0 ?? []) }
  }
}

extension ResultComparison {
  /// Compares results of boxes with the same truth, over the images that hold a box on any side.
  ///
  /// - Parameter results: Names, sets, and the names of the sets' images; empty where images have only numbers.
  public init(
    boxes results: [(name: String, set: BoxSet, images: [String])], settings: BoxEvaluation.Settings,
    bootstrap: PairedBootstrap = PairedBootstrap()
  ) {
    var parts: [ImageKey: Int] = [:]
    let keys = results.map { result in (0..<result.set.imageCount).map { ImageKey(number: $0, names: result.images) } }
    for (result, keys) in zip(results, keys) {
      let used = Set(result.set.truth.map(\.image)).union(result.set.detections.map(\.image))
      for image in used.sorted() where parts[keys[image]] == nil { parts[keys[image]] = parts.count }
    }
    let count = max(1, parts.count)
    let scores = zip(results, keys).map { result, keys -> (String, any ResampledScores) in
      // Images without any box change nothing, wherever they go.
      let places = keys.map { parts[$0] ?? 0 }
      return (result.name, BoxImageScores(result.set, places: places, count: count, settings: settings))
    }
    self.init(scores, parts: "images", bootstrap: bootstrap)
  }
}

/// An image by its name, or by its number where images have none.
private struct ImageKey: Hashable {
  let name: String?
  let number: Int?

  init(number: Int, names: [String]) {
    name = names.indices.contains(number) ? names[number] : nil
    self.number = name == nil ? number : nil
  }
}
