import Records
import Reports

/// The tables and the JSON that `sextant evaluate boxes` prints.
public enum BoxTables {
  /// A row a class and the mean over the classes that have truth.
  public static func classes(_ evaluation: BoxResultEvaluation) -> MetricTable {
    let fields = BoxField.table(evaluation.settings)
    var table = MetricTable(
      title: protocolText(evaluation.settings),
      columns: [MetricColumn("class"), MetricColumn("truth"), MetricColumn("results")] + fields.map { MetricColumn($0.name) })
    // Lists of classes are often longer than what occurs.
    for result in evaluation.classes where result.truth > 0 || result.detections > 0 {
      table.append(
        [.text(result.name), .integer(result.truth), .integer(result.detections)] + fields.map { $0.ofClass(result) })
    }
    let counted = evaluation.classes.filter { $0.averagePrecisions != nil }
    table.append(
      [
        .text("mean"), .integer(counted.reduce(0) { $0 + $1.truth }),
        .integer(evaluation.classes.reduce(0) { $0 + $1.detections }),
      ] + fields.map { $0.ofAll(evaluation) }, isSummary: true)
    return table
  }

  /// COCO's twelve figures in pycocotools' order; nil for the other styles.
  public static func coco(_ evaluation: BoxResultEvaluation) -> MetricTable? {
    evaluation.coco.map { summary in
      var table = MetricTable(title: "COCO", columns: summary.named.map { MetricColumn($0.name) })
      table.append(summary.named.map { MetricCell(ratio: $0.value) })
      return table
    }
  }

  /// Calibration of the scores; nil where nothing was detected.
  public static func calibration(_ evaluation: BoxResultEvaluation) -> MetricTable? {
    evaluation.calibration.map { calibration in
      var table = MetricTable(
        title: "calibration of the scores, \(calibration.bins.count) bins",
        columns: ["ECE", "MCE", "detections"].map { MetricColumn($0) })
      table.append([
        .ratio(calibration.expectedError), .ratio(calibration.maximumError),
        .integer(calibration.bins.reduce(0) { $0 + $1.count }),
      ])
      return table
    }
  }

  /// Matrices of more classes are listed by their largest cells.
  private static let matrixLimit = 20
  private static let listLimit = 50

  /// Which class was taken for which: a matrix of the classes that occur, or the most frequent mistakes where these are many.
  public static func confusion(_ evaluation: BoxResultEvaluation) -> MetricTable {
    let confusion = evaluation.confusion
    let entries = confusion.entries
    let classes = Set(entries.flatMap { [$0.cell.truth, $0.cell.result] }).subtracting([confusion.classes.count]).sorted()
    let title = "results of score \(evaluation.settings.confusionScore) and more"
    guard classes.count <= matrixLimit else { return mistakes(confusion, title: title) }
    let indices = classes + [confusion.classes.count]
    var table = MetricTable(
      title: "confusion: rows truth, columns " + title,
      columns: [MetricColumn("truth")] + indices.map { MetricColumn(confusion.name($0)) })
    for row in indices { table.append([.text(confusion.name(row))] + indices.map { .integer(confusion[row, $0]) }) }
    return table
  }

  private static func mistakes(_ confusion: ConfusionMatrix, title: String) -> MetricTable {
    let wrong = confusion.entries.filter { $0.cell.truth != $0.cell.result }.sorted { $0.count > $1.count }
    var table = MetricTable(
      title: "the most frequent confusions, " + title, columns: ["truth", "result", "count"].map { MetricColumn($0) })
    for entry in wrong.prefix(listLimit) {
      table.append([.text(confusion.name(entry.cell.truth)), .text(confusion.name(entry.cell.result)), .integer(entry.count)])
    }
    return table
  }

  /// How the figures came about, in a line.
  static func protocolText(_ settings: BoxResultEvaluation.Settings) -> String {
    let (first, last) = (settings.thresholds[0], settings.thresholds[settings.thresholds.count - 1])
    let overlaps = first == last ? "\(first)" : "\(first):\(last)"
    let similarity = settings.similarity == .rotatedIoU ? "exact rotated IoU" : "IoU of the upright boxes"
    return "average precision, \(settings.style.rawValue), \(similarity) \(overlaps)"
  }

  /// Everything, with the precision–recall curves at the first threshold (at most 1000 points each, evenly spaced).
  public static func json(_ evaluation: BoxResultEvaluation, warnings: [String]) -> JSONValue {
    var pairs: [(String, JSONValue)] = [
      ("protocol", .text(protocolText(evaluation.settings))),
      ("thresholds", JSONValue(evaluation.settings.thresholds)),
      ("classes", classes(evaluation).jsonValue),
      ("curves", .list(evaluation.classes.map(curve))),
      ("confusion", json(evaluation.confusion)),
    ]
    if let table = coco(evaluation) { pairs.append(("coco", table.jsonValue)) }
    if let calibration = evaluation.calibration { pairs.append(("calibration", json(calibration))) }
    pairs.append(("warnings", .list(warnings.map { .text($0) })))
    return .object(pairs)
  }

  private static func curve(_ result: BoxResultEvaluation.ClassResult) -> JSONValue {
    let (recalls, precisions, scores) = (result.curve.recalls, result.curve.precisions, result.curve.scores)
    let count = min(1000, scores.count)
    let indices = (0..<count).map { count == 1 ? 0 : $0 * (scores.count - 1) / (count - 1) }
    return .object([
      ("class", .text(result.name)), ("recall", JSONValue(indices.map { recalls[$0] })),
      ("precision", JSONValue(indices.map { precisions[$0] })), ("score", JSONValue(indices.map { scores[$0] })),
    ])
  }

  /// A row for each class of the truth that has entries, with the counts that are not 0.
  private static func json(_ confusion: ConfusionMatrix) -> JSONValue {
    let rows = Dictionary(grouping: confusion.entries, by: \.cell.truth)
    return .list(
      rows.keys.sorted().map { row in
        let counts = (rows[row] ?? []).map { (confusion.name($0.cell.result), JSONValue.integer($0.count)) }
        return .object([("truth", .text(confusion.name(row))), ("results", .object(counts))])
      })
  }

  private static func json(_ calibration: Calibration) -> JSONValue {
    .object([
      ("ECE", .real(calibration.expectedError)), ("MCE", .real(calibration.maximumError)),
      (
        "bins",
        .list(
          calibration.bins.map { bin in
            .object([
              ("lower", .real(bin.lower)), ("upper", .real(bin.upper)), ("count", .integer(bin.count)),
              ("confidence", .real(bin.meanConfidence)), ("accuracy", .real(bin.accuracy)),
            ])
          })
      ),
    ])
  }
}
