import Foundation
import Identification
import Reports
import Splines

/// What `sextant identify` tells: tables for the screen, and the same with curves as a page.
struct IdentifySummary {
  let warnings: [String]
  private let statements: [(name: String, text: String)]
  private let tables: [MetricTable]
  private let edges: [EdgeReport]
  private let snapping: [String]

  /// - Throws: `IdentificationError.diverged` where the model that is kept runs away over rows that were asked for.
  init(_ found: Identification, _ request: IdentifyRequest) throws {
    let final = found.snapped ?? found.model
    let trained = try final.freeRun(over: request.record, rows: request.training)
    edges = final.edgePlaces.map { EdgeReport(final, $0, run: trained) }
    tables = [
      try Self.errors(found, request), Self.smoothness(found), Self.poles(found.linear, request.sampleRate),
      Self.zeros(found.linear), Self.edges(edges),
    ].filter { !$0.rows.isEmpty }
    snapping = found.snapping.map(Self.text)
    warnings = Self.warnings(found, final)
    statements = [
      ("data", request.name), ("form", request.settings.form.rawValue), ("states", "\(request.settings.states)"),
      ("learned numbers", "\(final.parameterCount)"),
      ("training rows", "\(request.training.lowerBound):\(request.training.upperBound)"),
      ("validation rows", "\(request.validation.lowerBound):\(request.validation.upperBound)"),
      (
        "start",
        "the first \(request.startRows) rows of each range find the first state and are not scored, of a shorter range all but the last"
      ),
    ]
  }

  /// The screen's text.
  var text: String {
    var text = statements.map { "\($0.name): \($0.text)\n" }.joined()
    for table in tables { text += "\n" + table.rendered(as: .terminal) }
    if !edges.isEmpty { text += "\nCurves written out; in each interval [a, b] t is (z − a)/(b − a)\n" }
    for edge in edges {
      text += "\n\(edge.name)\n\(Self.curveText(edge.edge.curve))\n"
      if !edge.coefficientCounts.isEmpty {
        text += "rows behind each coefficient: " + edge.coefficientCounts.map(String.init).joined(separator: " ") + "\n"
      }
    }
    if !snapping.isEmpty { text += "\n" + snapping.joined(separator: "\n") + "\n" }
    return text
  }

  /// The page.
  var page: String {
    var page = HTMLReport(title: "Identified model", statements: statements)
    for table in tables { page.add(table) }
    if !edges.isEmpty {
      page.heading(
        "Curves, in standard deviations; bars count training rows, dashes have no data; in each interval [a, b] t is (z − a)/(b − a)"
      )
    }
    for edge in edges {
      page.add(svg: edge.picture.svg)
      page.paragraph("\(edge.name): " + Self.curveText(edge.edge.curve).replacingOccurrences(of: "\n", with: "; "))
      if !edge.coefficientCounts.isEmpty {
        page.paragraph("Rows behind each coefficient: " + edge.coefficientCounts.map(String.init).joined(separator: ", "))
      }
    }
    page.list(snapping)
    page.list(warnings)
    return page.text
  }

  // MARK: Tables

  private static func errors(_ found: Identification, _ request: IdentifyRequest) throws -> MetricTable {
    var table = MetricTable(
      title: "Errors, root mean square, in the output's unit",
      columns: [
        MetricColumn("model"), MetricColumn("rows"), MetricColumn("use"), MetricColumn("free run", decimals: 7),
        MetricColumn("one step", decimals: 7),
      ])
    let uses =
      [("training", request.training, request.record), ("validation", request.validation, request.record)]
      + request.tests.map { ("test", $0, request.testRecord) }
    let models: [(String, StateSpaceModel?)] = [
      ("linear", found.linear), ("curves", request.settings.form == .linear ? nil : found.model), ("formulas", found.snapped),
    ]
    for (name, model) in models {
      guard let model else { continue }
      for (use, rows, record) in uses {
        let run = try model.freeRun(over: record, rows: rows, startRows: request.startRows)
        let error = run.rootMeanSquareError(against: record, skipped: min(request.startRows, rows.count - 1))
        table.rows.append([
          .text(name), .text("\(rows.lowerBound):\(rows.upperBound)"), .text(use), .real(error),
          model.oneStepError(over: record, rows: rows).map { .real($0) } ?? .missing,
        ])
      }
    }
    return table
  }

  private static func smoothness(_ found: Identification) -> MetricTable {
    MetricTable(
      title: "Smoothness tried (errors in standard deviations; the heaviest within 1 % of the least validation error is taken)",
      columns: [
        MetricColumn("weight", decimals: 7), MetricColumn("training", decimals: 6), MetricColumn("validation", decimals: 6),
        MetricColumn("taken"),
      ],
      rows: found.candidates.map {
        [.real($0.smoothness), .real($0.training), .real($0.validation), .text($0.isChosen ? "yes" : "")]
      })
  }

  private static func poles(_ model: StateSpaceModel, _ sampleRate: Double?) -> MetricTable {
    MetricTable(
      title: "Poles of the linear part, from row to row",
      columns: [
        MetricColumn("real", decimals: 6), MetricColumn("imaginary", decimals: 6), MetricColumn("magnitude", decimals: 6),
        MetricColumn("damping ratio", decimals: 4), MetricColumn(sampleRate == nil ? "cycles/row" : "hertz", decimals: 5),
      ],
      rows: model.linearized.poles.map { pole in
        let decay = log(pole.magnitude)
        let natural = hypot(decay, pole.angle)
        return [
          .real(pole.real), .real(pole.imaginary), .real(pole.magnitude), natural > 0 ? .real(-decay / natural) : .missing,
          .real(natural / (2 * Double.pi) * (sampleRate ?? 1)),
        ]
      })
  }

  private static func zeros(_ model: StateSpaceModel) -> MetricTable {
    let part = model.linearized
    return MetricTable(
      title: "Zeros of the linear part",
      columns: [MetricColumn("input"), MetricColumn("real", decimals: 6), MetricColumn("imaginary", decimals: 6)],
      rows: (0..<model.inputCount).flatMap { input in
        part.zeros(input: input).map { [.integer(input + 1), .real($0.real), .real($0.imaginary)] }
      })
  }

  private static func edges(_ edges: [EdgeReport]) -> MetricTable {
    MetricTable(
      title: "Curves (in standard deviations): what the data asked for, what they do there, and what is proved",
      columns: ["data from", "data to", "root mean square", "proved from", "proved to"].reduce([MetricColumn("curve")]) {
        $0 + [MetricColumn($1, decimals: 5)]
      },
      rows: edges.map {
        [
          .text($0.name), .real($0.dataRange.lowerBound), .real($0.dataRange.upperBound), .real($0.norm),
          .real($0.bounds.lowerBound),
          .real($0.bounds.upperBound),
        ]
      })
  }

  // MARK: Sentences

  private static func curveText(_ curve: Curve) -> String {
    switch curve {
    case .spline(let spline): spline.coefficients.allSatisfy { $0 == 0 } ? "0 everywhere" : spline.text()
    case .bernstein(let curve): curve.coefficients.map { String(format: "%.4g", $0) }.joined(separator: " ")
    case .formula(let formula): formula.text()
    }
  }

  private static func text(_ outcome: EdgeSnapping.Outcome) -> String {
    let chosen = outcome.candidate
    let errors = chosen.standardErrors.map { String(format: "%.2g", $0) }.joined(separator: ", ")
    let other = outcome.search.ranking.first { $0.formula != chosen.formula }
    return "\(outcome.name) = \(chosen.formula.text()) (standard errors \(errors); BIC \(String(format: "%.1f", chosen.bic)))"
      + (other.map { ", next \($0.formula.text()) (BIC \(String(format: "%.1f", $0.bic)))" } ?? "")
      + String(
        format: "; training error %.6f with the spline, %.6f with the formula: %@", outcome.errors.spline, outcome.errors.formula,
        outcome.isAccepted ? "taken" : "the spline stays")
  }

  /// Whether there are splines, and none of them does anything.
  private static func isFlat(_ model: StateSpaceModel) -> Bool {
    let splines = model.edgePlaces.compactMap { place -> CubicSpline? in
      if case .spline(let spline) = model.link(place).edge.curve { spline } else { nil }
    }
    return !splines.isEmpty && splines.allSatisfy { $0.coefficients.allSatisfy { $0 == 0 } }
  }

  private static func warnings(_ found: Identification, _ final: StateSpaceModel) -> [String] {
    var warnings = isFlat(final) ? ["no curve was found: all stay zero, and the model is its linear part"] : []
    warnings += found.pruned.isEmpty ? [] : ["removed curves that do almost nothing: \(found.pruned.joined(separator: ", "))"]
    // Far outside every grid, where only the tangents of the ends are left.
    for far in [-1e3, 1e3] {
      var state = [Double](repeating: 0, count: final.stateCount)
      state[0] = far
      let radius = final.linearized(state: state).radius
      if radius >= 1 || radius.isNaN {
        warnings.append(
          "far \(far < 0 ? "below" : "above") its data the model is not stable (pole of magnitude \(String(format: "%.4g", radius))); keep its input within the range that it learned from"
        )
      }
    }
    return warnings
  }
}
