/// The page that `sextant evaluate boxes --report` writes.
public struct BoxReport: Sendable {
  private let evaluation: BoxEvaluation
  private let warnings: [String]
  private let files: [(name: String, text: String)]

  /// - Parameter files: What was compared, as statements at the head of the page.
  public init(_ evaluation: BoxEvaluation, files: [(name: String, text: String)], warnings: [String]) {
    self.evaluation = evaluation
    self.files = files
    self.warnings = warnings
  }

  public var html: String {
    let statements = files + [("protocol", BoxTables.protocolText(evaluation.settings))]
    var report = HTMLReport(title: "Boxes", statements: statements)
    report.list(warnings)
    report.add(BoxTables.classes(evaluation))
    if let table = BoxTables.coco(evaluation) { report.add(table) }
    report.heading("Precision and recall at overlap \(evaluation.settings.thresholds[0])")
    report.add(
      LinePlot(
        title: "precision over recall", xLabel: "recall", yLabel: "precision",
        series: evaluation.classes.filter { $0.truth > 0 }.map(series), xRange: 0...1, yRange: 0...1))
    report.add(
      BarPlot(
        title: "average precision", series: ["AP"],
        groups: evaluation.classes.map { BarPlot.Group($0.name, [$0.averagePrecision]) }))
    addCalibration(to: &report)
    report.heading("Confusion")
    report.add(BoxTables.confusion(evaluation))
    return report.text
  }

  /// At most 500 points of a class's curve.
  private func series(_ result: BoxEvaluation.ClassResult) -> LinePlot.Series {
    let (recalls, precisions) = (result.curve.recalls, result.curve.precisions)
    let step = max(1, recalls.count / 500)
    return LinePlot.Series(
      result.name, stride(from: 0, to: recalls.count, by: step).map { (x: recalls[$0], y: precisions[$0]) })
  }

  private func addCalibration(to report: inout HTMLReport) {
    guard let calibration = evaluation.calibration, let table = BoxTables.calibration(evaluation) else { return }
    report.heading("Calibration of the scores")
    report.add(table)
    let points = calibration.bins.filter { $0.count > 0 }.map { (x: $0.meanConfidence, y: $0.accuracy) }
    report.add(
      LinePlot(
        title: "share of hits over score", xLabel: "mean score of the bin", yLabel: "share of hits",
        series: [
          LinePlot.Series("measured", points), LinePlot.Series("ideal", [(x: 0, y: 0), (x: 1, y: 1)], isDashed: true),
        ], xRange: 0...1, yRange: 0...1))
  }
}
