import Reports

/// The average precisions of a result on any choice of the images.
///
/// A box is matched within its image, so the matching is done once and only the curves are drawn anew.
public struct BoxImageScores: ResampledScores {
  /// The counted detections of one class by descending score, and which of them are hits.
  fileprivate struct Ranking: Sendable {
    var images: [Int32] = []
    /// For each threshold whose counted detections these are, the places of its hits.
    var hits: [(threshold: Int, places: [Int32])] = []
  }

  /// One class.
  fileprivate struct Judgements: Sendable {
    /// One for all thresholds, unless ignored truth makes other detections count at each.
    var rankings: [Ranking] = []
    /// Images with truth of the class, and how much.
    var truth: [(image: Int32, positives: Int)] = []

    /// For each threshold; nil where the choice has no truth of the class.
    func averagePrecisions(_ style: AveragePrecisionStyle, thresholds: Int, _ occurrences: [Int]) -> [Double]? {
      let positives = truth.reduce(0) { $0 + occurrences[Int($1.image)] * $1.positives }
      guard positives > 0 else { return nil }
      var precisions = Array(repeating: 0.0, count: thresholds)
      for ranking in rankings {
        var count = 0
        let counts = ranking.images.map { image in
          count += occurrences[Int(image)]
          return count
        }
        for (threshold, places) in ranking.hits {
          let hits = places.lazy.map { (times: occurrences[Int(ranking.images[Int($0)])], count: counts[Int($0)]) }
          precisions[threshold] = PrecisionRecallCurve(positives: positives, hits: hits).averagePrecision(style) ?? 0
        }
      }
      return precisions
    }
  }

  /// mAP over the thresholds, mAP at each named one, and each class's AP.
  public let names: [ScoreName]
  /// The number of parts: images, or several images that are drawn as one.
  public let count: Int
  private let style: AveragePrecisionStyle
  private let thresholdCount: Int
  private let classes: [Judgements]
  /// Thresholds with a figure of their own.
  private let named: [Int]

  /// - Parameters:
  ///   - places: For each image of the set its place among the parts that are drawn.
  ///   - count: The number of parts.
  public init(_ set: BoxSet, places: [Int], count: Int, settings: BoxResultEvaluation.Settings) {
    precondition(places.count == set.imageCount && places.allSatisfy { (0..<count).contains($0) }, "a place for each image")
    self.count = count
    style = settings.style
    let isCovered = set.coveredByRegions(share: settings.ignoreShare, similarity: settings.similarity)
    thresholdCount = settings.thresholds.count
    classes = set.classes.indices.map { index in
      Self.judged(set, classIndex: index, isCovered: isCovered, settings) { Int32(places[$0]) }
    }
    let thresholds = settings.thresholds
    named = thresholds.count == 1 ? [] : [0.5, 0.75].compactMap { wanted in thresholds.firstIndex { abs($0 - wanted) < 1e-9 } }
    names =
      [ScoreName("mAP")] + named.map { ScoreName("mAP\(ScoreName.percent(thresholds[$0]))") }
      + set.classes.map { ScoreName("AP", of: $0) }
  }

  private static func judged(
    _ set: BoxSet, classIndex: Int, isCovered: [Bool], _ settings: BoxResultEvaluation.Settings, place: (Int) -> Int32
  ) -> Judgements {
    var judgements = Judgements()
    let positives: [Int: Int]
    switch settings.style {
    case .hundredOnePoint:
      let limit = COCOSummary.detectionLimits.max() ?? 100
      let matching = COCOMatching(
        set, classIndex: classIndex, similarity: settings.similarity, isCovered: isCovered, limit: limit)
      positives = matching.positivesByImage(in: .all)
      for (index, threshold) in settings.thresholds.enumerated() {
        let ranked = COCOMatching.ranked(matching.outcomes(threshold: threshold), limit: limit, in: set)
        judgements.add(ranked, threshold: index) { place(set.detections[$0].image) }
      }
    case .elevenPoint, .allPoint:
      let matching = GreedyMatching(
        set, classIndex: classIndex, similarity: settings.similarity, isCovered: isCovered, ignoreShare: settings.ignoreShare)
      positives = matching.positivesByImage(in: .all)
      for (index, threshold) in settings.thresholds.enumerated() {
        let outcomes = zip(matching.order, matching.outcomes(threshold: threshold))
        judgements.add(outcomes.map { COCOMatching.Judged(detection: $0, outcome: $1) }, threshold: index) {
          place(set.detections[$0].image)
        }
      }
    }
    judgements.truth = positives.sorted { $0.key < $1.key }.map { (place($0.key), $0.value) }
    return judgements
  }

  /// All are.
  public func isRatio(_ name: ScoreName) -> Bool { true }

  /// The mean over thresholds and classes, at the named thresholds, and of each class over the thresholds.
  public func scores(_ occurrences: [Int]) -> [Double] {
    let found = classes.map { $0.averagePrecisions(style, thresholds: thresholdCount, occurrences) }
    let present = found.compactMap { $0 }
    return [present.map(\.meanOrNaN).meanOrNaN] + named.map { index in present.map { $0[index] }.meanOrNaN }
      + found.map { ($0 ?? []).meanOrNaN }
  }
}

extension BoxImageScores.Judgements {
  /// Adds the outcomes at a threshold, to the ranking of the same counted detections if there is one.
  fileprivate mutating func add(_ ranked: [COCOMatching.Judged], threshold: Int, image: (_ detection: Int) -> Int32) {
    let counted = ranked.filter { $0.outcome != .ignored }
    let images = counted.map { image($0.detection) }
    let places = counted.indices.filter { if case .hit = counted[$0].outcome { true } else { false } }.map { Int32($0) }
    // Equal images in equal places rank alike, whichever of an image's detections they are.
    if let index = rankings.firstIndex(where: { $0.images == images }) {
      rankings[index].hits.append((threshold, places))
    } else {
      rankings.append(BoxImageScores.Ranking(images: images, hits: [(threshold, places)]))
    }
  }
}

extension ResultComparison {
  /// Compares results of boxes with the same truth, over the images that hold a box on any side.
  ///
  /// - Parameter results: Names, sets, and the names of the sets' images; empty where images have only numbers.
  public init(
    boxes results: [(name: String, set: BoxSet, images: [String])], settings: BoxResultEvaluation.Settings,
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
