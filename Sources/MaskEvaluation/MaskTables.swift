import Records
import Reports

/// The tables and the JSON that `sextant evaluate masks` prints.
public enum MaskTables {
  // MARK: - Semantic segmentation

  /// A row a class, then the means over the classes that occur in the truth.
  public static func classes(_ evaluation: SemanticEvaluation) -> MetricTable {
    let confusion = evaluation.confusion
    var table = MetricTable(
      title: protocolText(evaluation),
      columns: [
        MetricColumn("class"), MetricColumn("pixels"), MetricColumn("IoU"), MetricColumn("accuracy"),
        MetricColumn("pixel_accuracy"),
      ])
    for label in evaluation.listedClasses {
      table.append([
        .text(evaluation.settings.name(label)), .integer(confusion.pixels(ofTruth: label)), MetricCell(ratio: confusion.iou(label)),
        MetricCell(ratio: confusion.accuracy(label)),
      ])
    }
    table.append(
      [
        .text("mean"), .integer(confusion.total), MetricCell(ratio: confusion.meanIoU), MetricCell(ratio: confusion.meanAccuracy),
        MetricCell(ratio: confusion.pixelAccuracy),
      ], isSummary: true)
    return table
  }

  /// How the figures came about, in a line.
  static func protocolText(_ evaluation: SemanticEvaluation) -> String {
    let count = evaluation.settings.classCount
    let voids = evaluation.settings.voidLabels.sorted().filter { $0 < count }.map(String.init)
    let parts =
      (voids.isEmpty ? [] : ["\(voids.count > 1 ? "labels" : "label") \(voids.joined(separator: ", "))"])
      + (count < 256 ? ["labels from \(count)"] : [])
    let void =
      parts.isEmpty ? "no label" : "\(parts.joined(separator: " and ")) of the truth, \(evaluation.voidPixels) pixels left out"
    return
      "semantic, \(count) classes (labels 0 to \(count - 1)); void: \(void); one confusion over \(evaluation.pictures.count) pictures, "
      + "mean over the \(evaluation.confusion.classesInTruth.count) classes that occur in the truth"
  }

  /// Pixels by the truth's class (rows) and the result's, last those of labels that are no class.
  private static func confusion(_ evaluation: SemanticEvaluation) -> JSONValue {
    let labels = evaluation.listedClasses
    let columns = labels + [evaluation.settings.classCount]
    return .object([
      ("classes", .list(labels.map { .text(evaluation.settings.name($0)) })),
      ("pixels", .list(labels.map { row in .list(columns.map { .integer(evaluation.confusion[row, $0]) }) })),
    ])
  }

  /// Every figure, the confusion and the mean IoU of each picture.
  public static func json(_ evaluation: SemanticEvaluation, warnings: [String]) -> JSONValue {
    let rows = classes(evaluation).jsonRows
    return .object([
      ("protocol", .text(protocolText(evaluation))), ("classes", .list(Array(rows.dropLast()))), ("mean", rows.last ?? .null),
      ("confusion", confusion(evaluation)),
      (
        "pictures",
        .list(
          evaluation.pictures.map { .object([("name", .text($0.name)), ("IoU", $0.meanIoU.map { .real($0) } ?? .null)]) })
      ),
      ("warnings", .list(warnings.map { .text($0) })),
    ])
  }

  // MARK: - Masks of objects

  /// A row an object, then the mean over all objects.
  public static func objects(_ evaluation: MaskVideoEvaluation) -> MetricTable {
    var table = MetricTable(
      title: protocolText(evaluation),
      columns: [MetricColumn("sequence"), MetricColumn("object", isLabel: true), MetricColumn("frames")]
        + MaskFigures.names.map { MetricColumn($0) })
    for sequence in evaluation.sequences {
      for object in sequence.objects {
        table.append(
          [.text(sequence.name), .integer(object.object), .integer(object.region.values.count)]
            + MaskFigures.values(object).map { .ratio($0) })
      }
    }
    let all = evaluation.objects
    table.append(
      [.text("mean"), .integer(all.count), .integer(all.reduce(0) { $0 + $1.region.values.count })] + means(all), isSummary: true)
    return table
  }

  /// A row a sequence, means over its objects; the last row is of all objects, not of sequences.
  public static func sequences(_ evaluation: MaskVideoEvaluation) -> MetricTable {
    var table = MetricTable(
      title: "by sequence, means over objects",
      columns: [MetricColumn("sequence"), MetricColumn("objects"), MetricColumn("frames")]
        + MaskFigures.names.map { MetricColumn($0) })
    for sequence in evaluation.sequences {
      table.append(
        [.text(sequence.name), .integer(sequence.objects.count), .integer(sequence.frames.count)] + means(sequence.objects))
    }
    table.append(
      [
        .text("all objects"), .integer(evaluation.objects.count), .integer(evaluation.sequences.reduce(0) { $0 + $1.frames.count }),
      ] + means(evaluation.objects), isSummary: true)
    return table
  }

  /// How the figures came about, in a line.
  static func protocolText(_ evaluation: MaskVideoEvaluation) -> String {
    let rule =
      switch evaluation.settings.matching {
      case .semiSupervised: "equal labels are the same object, the first and the last frame of a sequence are left out"
      case .unsupervised: "objects are assigned by the best mean of (J + F)/2, every frame counts"
      }
    let labels = evaluation.settings.isBinary ? "every label but 0 is the object" : "label 0 is background, 255 of the truth void"
    return "DAVIS \(evaluation.settings.matching.rawValue): \(rule); \(labels); mean over all objects"
  }

  /// Every figure, and J and F of each frame that counts.
  public static func json(_ evaluation: MaskVideoEvaluation, warnings: [String]) -> JSONValue {
    let rows = objects(evaluation).jsonRows
    let frames = evaluation.sequences.flatMap { sequence in
      sequence.objects.map { object -> JSONValue in
        .object([
          ("sequence", .text(sequence.name)), ("object", .integer(object.object)),
          ("frames", .list(sequence.frames.map { .text($0) })), ("J", .list(object.region.values.map { .real($0) })),
          ("F", .list(object.contour.values.map { .real($0) })),
        ])
      }
    }
    return .object([
      ("protocol", .text(protocolText(evaluation))), ("objects", .list(Array(rows.dropLast()))), ("mean", rows.last ?? .null),
      ("sequences", .list(Array(sequences(evaluation).jsonRows.dropLast()))), ("frames", .list(frames)),
      ("warnings", .list(warnings.map { .text($0) })),
    ])
  }

  private static func means(_ objects: [MaskObjectScore]) -> [MetricCell] {
    (MaskFigures.means(objects) ?? []).map { .ratio($0) }
  }
}
