import Reports

/// The page that `sextant evaluate boxes --report` writes.
public struct BoxReport: Sendable {
  private let subject: ReportedResults<BoxResultEvaluation>
  private var results: [(name: String, evaluation: BoxResultEvaluation)] { subject.results }

  /// A page of one or several results of one truth.
  public init(_ subject: ReportedResults<BoxResultEvaluation>) { self.subject = subject }

  /// The page as a whole, which needs no other file.
  public var html: String {
    var report = subject.page("Boxes", protocolText: BoxTables.protocolText(results[0].evaluation.settings))
    if results.count > 1 { report.add(comparedPrecisions) }
    for result in results { add(result.evaluation, named: results.count > 1 ? result.name : nil, to: &report) }
    return report.text
  }

  /// A group of bars for each class of the first result, a bar for each result.
  private var comparedPrecisions: BarPlot {
    let classes = shown(results[0].evaluation).map(\.name)
    let groups = classes.map { name in
      BarPlot.Group(name, results.map { result in result.evaluation.classes.first { $0.name == name }?.averagePrecision })
    }
    return BarPlot(
      title: "average precision", series: results.map(\.name),
      groups: groups + [BarPlot.Group("mean", results.map(\.evaluation.meanAveragePrecision))])
  }

  /// The classes that plots show: those that occur, of many the ones with the most truth.
  private func shown(_ evaluation: BoxResultEvaluation) -> [BoxResultEvaluation.ClassResult] {
    let present = evaluation.classes.filter { $0.truth > 0 || $0.detections > 0 }
    guard present.count > Self.classLimit else { return present }
    let least = present.map(\.truth).sorted(by: >)[Self.classLimit - 1]
    return Array(present.filter { $0.truth >= least }.prefix(Self.classLimit))
  }

  private static let classLimit = 30

  private func add(_ evaluation: BoxResultEvaluation, named name: String?, to report: inout HTMLReport) {
    if let name { report.heading(name) }
    report.add(BoxTables.classes(evaluation))
    if let table = BoxTables.coco(evaluation) { report.add(table) }
    let present = evaluation.classes.count { $0.truth > 0 || $0.detections > 0 }
    if present > Self.classLimit {
      report.paragraph("The plots show the \(Self.classLimit) classes with the most truth of the \(present) that occur.")
    }
    report.heading("Precision and recall at overlap \(evaluation.settings.thresholds[0])")
    report.add(
      LinePlot(
        title: "precision over recall", xLabel: "recall", yLabel: "precision",
        series: shown(evaluation).filter { $0.truth > 0 }.map(series), xRange: 0...1, yRange: 0...1))
    report.add(
      BarPlot(
        title: "average precision", series: ["AP"],
        groups: shown(evaluation).map { BarPlot.Group($0.name, [$0.averagePrecision]) }))
    addCalibration(evaluation, to: &report)
    report.heading("Confusion")
    report.add(BoxTables.confusion(evaluation))
    if let map = confusion(evaluation) { report.add(map) }
  }

  /// The shares of each class's truth; nil where nothing was taken for anything, or where classes are too many to see.
  private func confusion(_ evaluation: BoxResultEvaluation) -> HeatMap? {
    let confusion = evaluation.confusion
    let background = confusion.classes.count
    let classes = Set(confusion.entries.flatMap { [$0.cell.truth, $0.cell.result] }).subtracting([background]).sorted()
    guard !classes.isEmpty, classes.count <= Self.mapLimit else { return nil }
    let columns = classes + [background]
    let shares = classes.map { row -> [Double?] in
      let total = columns.reduce(0) { $0 + confusion[row, $1] }
      return columns.map { total > 0 ? Double(confusion[row, $0]) / Double(total) : nil }
    }
    return HeatMap(
      title: "confusion, % of the truth's boxes of a class", rows: classes.map(confusion.name),
      columns: columns.map(confusion.name), shares: shares,
      rowLabel: "truth", columnLabel: "result")
  }

  private static let mapLimit = 100

  /// At most 500 points of a class's curve.
  private func series(_ result: BoxResultEvaluation.ClassResult) -> LinePlot.Series {
    let (recalls, precisions) = (result.curve.recalls, result.curve.precisions)
    let step = max(1, recalls.count / 500)
    return LinePlot.Series(
      result.name, stride(from: 0, to: recalls.count, by: step).map { (x: recalls[$0], y: precisions[$0]) })
  }

  private func addCalibration(_ evaluation: BoxResultEvaluation, to report: inout HTMLReport) {
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
