/// What the combined scores of one class's sequences are made of, as sums over the sequences: the quick way to score many choices.
struct TrackScoreSums: Sendable {
  /// The scores that are made, in the order of `scores(_:)`, each of a metric.
  private static let fields: [(name: String, metric: TrackMetric)] = [
    ("HOTA", .hota), ("DetA", .hota), ("AssA", .hota), ("LocA", .hota), ("MOTA", .clear), ("IDF1", .identity), ("IDSW", .clear),
  ]

  private static let alphaCount = HOTAScores.alphas.count
  /// Sums at each threshold: true positives, all detections of either side, and association and localisation weighted by true positives.
  private static let hotaSums = 4
  private static let length = hotaSums * alphaCount + 7

  /// One row of sums a sequence.
  private let rows: [[Double]]

  /// The names of the scores.
  let names: [String]
  private let metrics: Set<TrackMetric>

  init(_ sequences: [TrackScores]) {
    rows = sequences.map(Self.row)
    var metrics: Set<TrackMetric> = []
    if sequences.contains(where: { $0.hota != nil }) { metrics.insert(.hota) }
    if sequences.contains(where: { $0.clear != nil }) { metrics.insert(.clear) }
    if sequences.contains(where: { $0.identity != nil }) { metrics.insert(.identity) }
    self.metrics = metrics
    names = Self.fields.filter { metrics.contains($0.metric) }.map(\.name)
  }

  private static func row(_ scores: TrackScores) -> [Double] {
    var row: [Double] = []
    row.reserveCapacity(length)
    for index in 0..<alphaCount {
      let tp = Double(scores.hota?.truePositives[index] ?? 0)
      let others = Double((scores.hota?.falseNegatives[index] ?? 0) + (scores.hota?.falsePositives[index] ?? 0))
      row += [
        tp, tp + others, tp * (scores.hota?.associationAccuracy[index] ?? 0), tp * (scores.hota?.localizationAccuracy[index] ?? 0),
      ]
    }
    let clear = scores.clear ?? CLEARScores()
    let identity = scores.identity ?? IdentityScores()
    row += [clear.truePositives, clear.falseNegatives, clear.falsePositives, clear.identitySwitches].map(Double.init)
    row += [identity.truePositives, identity.falseNegatives, identity.falsePositives].map(Double.init)
    return row
  }

  /// The combined scores of a choice of sequences, given by how often each occurs in it.
  func scores(_ occurrences: [Int]) -> [Double] {
    var sum = Array(repeating: 0.0, count: Self.length)
    for (row, times) in zip(rows, occurrences) where times > 0 {
      for index in 0..<Self.length { sum[index] += Double(times) * row[index] }
    }
    var means = (hota: 0.0, detection: 0.0, association: 0.0, localization: 0.0)
    for index in 0..<Self.alphaCount {
      let base = index * Self.hotaSums
      let tp = sum[base]
      let detection = tp / max(1, sum[base + 1])
      let association = sum[base + 2] / max(1, tp)
      means.hota += (detection * association).squareRoot()
      means.detection += detection
      means.association += association
      means.localization += max(1e-10, sum[base + 3]) / max(1e-10, tp)
    }
    let alphas = Double(Self.alphaCount)
    let counts = Array(sum.suffix(7))
    let mota = (counts[0] - counts[2] - counts[3]) / max(1, counts[0] + counts[1])
    let idf1 = counts[4] / max(1, counts[4] + 0.5 * counts[5] + 0.5 * counts[6])
    let all = [
      means.hota / alphas, means.detection / alphas, means.association / alphas, means.localization / alphas, mota, idf1, counts[3],
    ]
    return zip(Self.fields, all).filter { metrics.contains($0.0.metric) }.map(\.1)
  }
}
