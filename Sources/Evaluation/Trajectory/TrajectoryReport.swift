import Geometry

/// The page that `sextant evaluate trajectory --report` writes.
public struct TrajectoryReport: Sendable {
  private let evaluation: TrajectoryEvaluation
  private let warnings: [String]

  public init(_ evaluation: TrajectoryEvaluation, warnings: [String]) {
    self.evaluation = evaluation
    self.warnings = warnings
  }

  public var html: String {
    let files = evaluation.facts.map { fact -> (name: String, text: String) in
      let parts = fact.split(separator: ":", maxSplits: 1)
      return parts.count == 2 ? (String(parts[0]), String(parts[1].drop { $0 == " " })) : ("file", fact)
    }
    var report = HTMLReport(title: "Trajectory", statements: files + [("protocol", evaluation.protocolText)])
    report.list(warnings)
    report.add(evaluation.table)
    if let table = evaluation.segmentTable { report.add(table) }
    report.heading("Paths")
    report.add(map)
    report.heading("Errors")
    for row in evaluation.rows { report.add(plot(row)) }
    return report.text
  }

  /// Both paths, seen along the axis of their smallest extent.
  private var map: LinePlot {
    let comparison = evaluation.comparison
    let truth = comparison.truth.map(\.translation)
    let extents = [\Vector3.x, \.y, \.z].map { axis -> Double in
      let values = truth.map { $0[keyPath: axis] }
      return (values.max() ?? 0) - (values.min() ?? 0)
    }
    let hidden = extents.indices.min { extents[$0] < extents[$1] } ?? 1
    let axes: [(name: String, path: KeyPath<Vector3, Double>)] = [("x", \.x), ("y", \.y), ("z", \.z)]
    let shown = axes.indices.filter { $0 != hidden }.map { axes[$0] }
    func series(_ name: String, _ poses: [RigidTransform], isDashed: Bool) -> LinePlot.Series {
      let step = max(1, poses.count / 2000)
      let points = stride(from: 0, to: poses.count, by: step).map { index in
        (x: poses[index].translation[keyPath: shown[0].path], y: poses[index].translation[keyPath: shown[1].path])
      }
      return LinePlot.Series(name, points, isDashed: isDashed)
    }
    var plot = LinePlot(
      title: "paths, \(shown[0].name) and \(shown[1].name), metres", xLabel: "\(shown[0].name) (m)", yLabel: "\(shown[1].name) (m)",
      series: [
        series("truth", comparison.truth, isDashed: false), series("result, as aligned", comparison.result, isDashed: true),
      ])
    plot.hasEqualUnits = true
    return plot
  }

  private func plot(_ row: TrajectoryEvaluation.Row) -> LinePlot {
    let times = row.kind == "APE" ? evaluation.comparison.times : nil
    let start = times?.first ?? 0
    let step = max(1, row.errors.count / 2000)
    let points = stride(from: 0, to: row.errors.count, by: step).map { index in
      (x: times.map { $0[index] - start } ?? Double(index), y: row.errors[index])
    }
    let unit = row.relation.unit.isEmpty ? "" : " (\(row.relation.unit))"
    return LinePlot(
      title: "\(row.kind) \(row.relation.rawValue)", xLabel: times == nil ? "pair" : "seconds from start",
      yLabel: "error\(unit)", series: [LinePlot.Series(row.kind, points)])
  }
}
