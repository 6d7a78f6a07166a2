/// The tables that `sextant evaluate masks` prints.
public enum MaskTables {
  /// Semantic segmentation: a row a class, then the means over the classes that occur in the truth.
  public static func semantic(_ confusion: ClassConfusion, names: [String]) -> MetricTable {
    var table = MetricTable(
      title: "mean over the \(confusion.classesInTruth.count) classes that occur in the truth",
      columns: [
        MetricColumn("class"), MetricColumn("pixels"), MetricColumn("IoU"), MetricColumn("accuracy"),
        MetricColumn("pixel_accuracy"),
      ])
    for label in 0..<confusion.classCount {
      let name = label < names.count ? names[label] : "\(label)"
      table.append([
        .text(name), .integer(confusion.pixels(ofTruth: label)), cell(confusion.iou(label)), cell(confusion.accuracy(label)),
      ])
    }
    let pixels = (0..<confusion.classCount).reduce(0) { $0 + confusion.pixels(ofTruth: $1) }
    table.append(
      [
        .text("mean"), .integer(pixels), cell(confusion.meanIoU), cell(confusion.meanAccuracy),
        cell(confusion.pixelAccuracy),
      ], isSummary: true)
    return table
  }

  /// Masks of objects: a row an object, then the mean over all objects.
  public static func objects(
    _ sequences: [(name: String, scores: [MaskObjectScore])], matching: MaskSequence.Matching
  ) -> MetricTable {
    var table = MetricTable(
      title: "\(matching.rawValue), mean over all objects",
      columns: [MetricColumn("sequence"), MetricColumn("object"), MetricColumn("frames")]
        + ["J&F", "J_mean", "J_recall", "J_decay", "F_mean", "F_recall", "F_decay"].map { MetricColumn($0) })
    for (name, scores) in sequences {
      for score in scores {
        table.append(
          [.text(name), .integer(score.object), .integer(score.region.values.count)] + figures([score]))
      }
    }
    let all = sequences.flatMap(\.scores)
    table.append(
      [.text("mean"), .integer(all.count), .integer(all.reduce(0) { $0 + $1.region.values.count })] + figures(all),
      isSummary: true)
    return table
  }

  private static func figures(_ scores: [MaskObjectScore]) -> [MetricCell] {
    func mean(_ value: (MaskObjectScore) -> Double) -> MetricCell {
      scores.isEmpty ? .missing : .real(scores.reduce(0) { $0 + value($1) } / Double(scores.count))
    }
    return [
      mean(\.mean), mean(\.region.mean), mean(\.region.recall), mean(\.region.decay), mean(\.contour.mean),
      mean(\.contour.recall), mean(\.contour.decay),
    ]
  }

  private static func cell(_ value: Double?) -> MetricCell { value.map { .real($0) } ?? .missing }
}
