import Reports

/// The page that `sextant evaluate masks --report` writes for semantic segmentation.
public struct SemanticReport: Sendable {
  private let subject: ReportedResults<SemanticEvaluation>
  private var results: [(name: String, evaluation: SemanticEvaluation)] { subject.results }
  /// Curves over the pictures have at most this many points.
  private static let greatestPoints = 1000

  /// A page of one or several results of one truth.
  public init(_ subject: ReportedResults<SemanticEvaluation>) { self.subject = subject }

  /// The page as a whole, which needs no other file.
  public var html: String {
    var report = subject.page("Masks", protocolText: MaskTables.protocolText(results[0].evaluation))
    report.heading("Intersection over union")
    report.add(overlaps)
    if results[0].evaluation.pictures.count > 1 { report.add(pictures) }
    for result in results { add(result, to: &report) }
    return report.text
  }

  /// A group of bars for each class of the truth, a bar for each result.
  private var overlaps: BarPlot {
    let evaluation = results[0].evaluation
    let groups = evaluation.confusion.classesInTruth.map { label in
      BarPlot.Group(evaluation.settings.name(label), results.map { $0.evaluation.confusion.iou(label) })
    }
    return BarPlot(
      title: "IoU by class", series: results.map(\.name),
      groups: groups + [BarPlot.Group("mean", results.map(\.evaluation.confusion.meanIoU))])
  }

  /// The mean IoU of each picture, in the order of the pictures' names.
  private var pictures: LinePlot {
    LinePlot(
      title: "mean IoU of each picture", xLabel: "picture, in the order of the names",
      yLabel: "mean IoU over the picture's classes",
      series: results.map { result in
        let pictures = result.evaluation.pictures
        let step = max(1, (pictures.count + Self.greatestPoints - 1) / Self.greatestPoints)
        return LinePlot.Series(
          result.name,
          stride(from: 0, to: pictures.count, by: step).map { (x: Double($0 + 1), y: pictures[$0].meanIoU ?? .nan) })
      }, yRange: 0...1)
  }

  private func add(_ result: (name: String, evaluation: SemanticEvaluation), to report: inout HTMLReport) {
    report.heading(results.count > 1 ? result.name : "Classes")
    report.add(MaskTables.classes(result.evaluation).withoutTitle)
    report.add(confusion(result.evaluation))
  }

  /// Which share of a class's pixels was taken for which class.
  private func confusion(_ evaluation: SemanticEvaluation) -> HeatMap {
    let confusion = evaluation.confusion
    let rows = confusion.classesInTruth
    let columns = evaluation.listedClasses
    let others = evaluation.settings.classCount
    let hasOthers = rows.contains { confusion[$0, others] > 0 }
    return HeatMap(
      title: "confusion, % of the truth's pixels of a class", rows: rows.map(evaluation.settings.name),
      columns: columns.map(evaluation.settings.name) + (hasOthers ? ["no class"] : []),
      shares: rows.map { row in
        (columns + (hasOthers ? [others] : [])).map { Double(confusion[row, $0]) / Double(confusion.pixels(ofTruth: row)) }
      }, rowLabel: "truth", columnLabel: "result")
  }
}
