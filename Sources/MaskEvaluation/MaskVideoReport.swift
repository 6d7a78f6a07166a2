import Reports

/// The page that `sextant evaluate masks --report` writes for masks of objects in video.
public struct MaskVideoReport: Sendable {
  private let subject: ReportedResults<MaskVideoEvaluation>
  private var results: [(name: String, evaluation: MaskVideoEvaluation)] { subject.results }
  /// At most this many objects have their curves over the frames, those of the lowest scores.
  private static let greatestCurves = 40

  /// A page of one or several results of one truth.
  public init(_ subject: ReportedResults<MaskVideoEvaluation>) { self.subject = subject }

  /// The page as a whole, which needs no other file.
  public var html: String {
    var report = subject.page("Masks in video", protocolText: MaskTables.protocolText(results[0].evaluation))
    addBars(to: &report)
    for result in results {
      report.heading(results.count > 1 ? result.name : "Objects")
      report.add(MaskTables.objects(result.evaluation).withoutTitle)
      if result.evaluation.hasSeveralObjects { report.add(MaskTables.sequences(result.evaluation)) }
    }
    addCurves(to: &report)
    return report.text
  }

  // MARK: - Bars by sequence

  private func addBars(to report: inout HTMLReport) {
    report.heading("Scores by sequence")
    if results.count == 1 {
      report.add(
        bars("J and F by sequence", [("J_mean", "J"), ("F_mean", "F"), ("J&F", "J&F")].map { ($0.1, results[0].evaluation, $0.0) }))
    } else {
      for figure in ["J&F", "J_mean", "F_mean"] {
        report.add(bars("\(figure) by sequence", results.map { ($0.name, $0.evaluation, figure) }))
      }
    }
  }

  private func bars(_ title: String, _ series: [(name: String, evaluation: MaskVideoEvaluation, figure: String)]) -> BarPlot {
    func value(_ figure: String, _ objects: [MaskObjectScore]) -> Double? {
      guard let place = MaskFigures.names.firstIndex(of: figure) else { return nil }
      return MaskFigures.means(objects)?[place]
    }
    let sequences = results[0].evaluation.sequences.map(\.name)
    let groups = sequences.enumerated().map { index, name in
      BarPlot.Group(name, series.map { value($0.figure, $0.evaluation.sequences[index].objects) })
    }
    return BarPlot(
      title: title, series: series.map(\.name),
      groups: groups + [BarPlot.Group("all objects", series.map { value($0.figure, $0.evaluation.objects) })])
  }

  // MARK: - Curves over the frames

  private struct Curve {
    var sequence: MaskVideoEvaluation.Sequence
    var object: Int
    /// The object's score in each result.
    var scores: [MaskObjectScore?]

    var least: Double { scores.compactMap { $0?.mean }.min() ?? 0 }
  }

  private func addCurves(to report: inout HTMLReport) {
    report.heading("J and F over the frames")
    let all = results[0].evaluation.sequences.enumerated().flatMap { index, sequence in
      sequence.objects.map { object in
        Curve(
          sequence: sequence, object: object.object,
          scores: results.map { $0.evaluation.sequences[index].objects.first { $0.object == object.object } })
      }
    }
    if all.count > Self.greatestCurves {
      report.paragraph("Shown are the \(Self.greatestCurves) of \(all.count) objects with the lowest scores.")
    }
    let shown = all.count > Self.greatestCurves ? Array(all.sorted { $0.least < $1.least }.prefix(Self.greatestCurves)) : all
    for curve in shown { report.add(plot(curve)) }
  }

  private func plot(_ curve: Curve) -> LinePlot {
    let frames = curve.sequence.frames.enumerated().map { Double(Int($1) ?? $0) }
    let series = zip(results, curve.scores).enumerated().flatMap { index, pair -> [LinePlot.Series] in
      guard let score = pair.1 else { return [] }
      let name = results.count > 1 ? "\(pair.0.name) " : ""
      return [
        LinePlot.Series(name + "J", zip(frames, score.region.values).map { ($0, $1) }, color: results.count > 1 ? index : 0),
        LinePlot.Series(
          name + "F", zip(frames, score.contour.values).map { ($0, $1) }, isDashed: results.count > 1,
          color: results.count > 1 ? index : 1),
      ]
    }
    return LinePlot(
      title: "\(curve.sequence.name), object \(curve.object)", xLabel: "frame", yLabel: "score", series: series, yRange: 0...1)
  }
}

extension MaskVideoEvaluation {
  /// Whether a sequence has more than one object, so that sequences and objects are not the same.
  public var hasSeveralObjects: Bool { sequences.contains { $0.objects.count > 1 } }
}
