import Geometry
import Reports

/// The page that `sextant evaluate trajectory --report` writes.
public struct TrajectoryReport: Sendable {
  private let results: [TrajectoryResult]
  private let comparison: ResultComparison?
  private let files: [(name: String, text: String)]
  private let warnings: [String]
  /// Curves have at most this many points.
  private static let pointLimit = 2000

  /// - Parameters:
  ///   - results: At least one, all of one truth and with the same settings.
  ///   - comparison: Of several results.
  ///   - files: What was compared, as statements at the head of the page.
  ///   - warnings: What a reader of the figures should know.
  public init(
    _ results: [TrajectoryResult], comparison: ResultComparison? = nil, files: [(name: String, text: String)], warnings: [String]
  ) {
    precondition(!results.isEmpty, "at least one result")
    self.results = results
    self.comparison = comparison
    self.files = files
    self.warnings = warnings
  }

  /// The page as a whole, which needs no other file.
  public var html: String {
    let names = results.map(\.name).joined(separator: ", ")
    var report = HTMLReport(
      title: "Trajectories: \(names)", statements: files + results.map { ("protocol, \($0.name)", $0.protocolText) })
    report.list(warnings)
    if let comparison { report.add(comparison) }
    for result in results {
      if results.count > 1 { report.heading(result.name) }
      for table in result.tables { report.add(table) }
    }
    if results[0].sequences.count > 1 { addBars(to: &report) }
    for sequence in results[0].sequences.map(\.name) { add(sequence, to: &report) }
    return report.text
  }

  /// The evaluations of one sequence, with the names of their results.
  private func evaluations(of sequence: String) -> [(name: String, evaluation: TrajectorySequenceEvaluation)] {
    results.compactMap { result in
      result.sequences.first { $0.name == sequence }.map { (result.name, $0.evaluation) }
    }
  }

  // MARK: - By sequence

  private func addBars(to report: inout HTMLReport) {
    report.heading("Root mean square by sequence")
    for kind in results[0].pooled {
      let groups = results[0].sequences.map { sequence in
        BarPlot.Group(
          sequence.name,
          evaluations(of: sequence.name).map { $0.evaluation.row(kind.kind, kind.relation)?.statistics.rootMeanSquare })
      }
      let most = groups.flatMap(\.values).compactMap { $0 }.max() ?? 1
      report.add(
        BarPlot(
          title: Self.title(kind.kind, kind.relation), series: results.map(\.name), groups: groups, range: 0...max(most, 1e-12)))
    }
  }

  private func add(_ sequence: String, to report: inout HTMLReport) {
    let found = evaluations(of: sequence)
    guard let first = found.first?.evaluation else { return }
    report.heading(results[0].sequences.count > 1 ? "Paths and errors: \(sequence)" : "Paths and errors")
    report.add(map(found))
    for row in first.rows { report.add(plot(row, found)) }
  }

  private static func title(_ kind: String, _ relation: PoseRelation) -> String {
    "\(kind) \(relation.rawValue)" + (relation.unit.isEmpty ? "" : " (\(relation.unit))")
  }

  /// The paths, seen along the axis of the truth's smallest extent.
  private func map(_ found: [(name: String, evaluation: TrajectorySequenceEvaluation)]) -> LinePlot {
    let truth = found[0].evaluation.comparison.truth.map(\.translation)
    let extents = [\Vector3.x, \.y, \.z].map { axis -> Double in
      let values = truth.map { $0[keyPath: axis] }
      return (values.max() ?? 0) - (values.min() ?? 0)
    }
    let hidden = extents.indices.min { extents[$0] < extents[$1] } ?? 1
    let axes: [(name: String, path: KeyPath<Vector3, Double>)] = [("x", \.x), ("y", \.y), ("z", \.z)]
    let shown = axes.indices.filter { $0 != hidden }.map { axes[$0] }
    func series(_ name: String, _ poses: [RigidTransform], isDashed: Bool) -> LinePlot.Series {
      let points = Self.thinned(poses.count).map { index in
        (x: poses[index].translation[keyPath: shown[0].path], y: poses[index].translation[keyPath: shown[1].path])
      }
      return LinePlot.Series(name, points, isDashed: isDashed)
    }
    var plot = LinePlot(
      title: "paths, \(shown[0].name) and \(shown[1].name), metres", xLabel: "\(shown[0].name) (m)", yLabel: "\(shown[1].name) (m)",
      series: [series("truth", found[0].evaluation.comparison.truth, isDashed: false)]
        + found.map { series("\($0.name), as aligned", $0.evaluation.comparison.result, isDashed: true) })
    plot.hasEqualUnits = true
    return plot
  }

  /// The errors of a kind and relation over time, a curve for each result.
  private func plot(_ row: TrajectorySequenceEvaluation.Row, _ found: [(name: String, evaluation: TrajectorySequenceEvaluation)])
    -> LinePlot
  {
    let isTimed = row.kind == "APE" && found.allSatisfy { $0.evaluation.comparison.times != nil }
    let start = found.compactMap { $0.evaluation.comparison.times?.first }.min() ?? 0
    let curves = found.compactMap { name, evaluation -> LinePlot.Series? in
      guard let errors = evaluation.row(row.kind, row.relation)?.errors else { return nil }
      let times = isTimed ? evaluation.comparison.times : nil
      let points = Self.thinned(errors.count).map { index in (x: times.map { $0[index] - start } ?? Double(index), y: errors[index])
      }
      return LinePlot.Series(name, points)
    }
    let unit = row.relation.unit.isEmpty ? "" : " (\(row.relation.unit))"
    return LinePlot(
      title: "\(row.kind) \(row.relation.rawValue)", xLabel: isTimed ? "seconds from start" : "pair", yLabel: "error\(unit)",
      series: curves)
  }

  private static func thinned(_ count: Int) -> StrideTo<Int> { stride(from: 0, to: count, by: max(1, count / pointLimit)) }
}
