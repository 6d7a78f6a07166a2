import Splines

/// Replaces curves by formulas where the data bear it (SKANODE: fit, replace, calibrate; 2025, arXiv 2506.18339).
public struct EdgeSnapping: Sendable {
  /// What became of one edge.
  public struct Outcome: Sendable {
    /// The edge's name, such as `x1' <- y`.
    public var name: String
    /// The formulas that were tried for it.
    public var search: FormulaSearch
    /// The formula that was tried last, and taken if any was.
    public var candidate: FormulaSearch.Candidate
    /// Whether the formula took the place of the spline.
    public var isAccepted: Bool
    /// Root mean square errors over the training rows, in standard deviations of the output, before and after.
    public var errors: (spline: Double, formula: Double)
  }

  /// The training error may rise by this part.
  public static let tolerance = 0.02
  /// An error below this part of the output's deviation is none: data without noise leave a spline an error of zero, which has no parts.
  public static let exactError = 1e-3

  /// The model with the formulas that were accepted.
  public private(set) var model: StateSpaceModel
  /// Every edge that was tried, in that order.
  public private(set) var outcomes: [Outcome] = []

  /// Tries every spline of a model, the one that does most first.
  ///
  /// - Parameters:
  ///   - record: In the units of the data.
  ///   - training: The rows whose residuals choose the formula and whose simulation error accepts it.
  public init(
    _ start: StateSpaceModel, record: SignalRecord, training: Range<Int>, fit: SimulationFit
  ) throws(IdentificationError) {
    model = start
    let run = try start.freeRun(over: record, rows: training)
    let reports = start.edgePlaces.map { EdgeReport(start, $0, run: run) }.sorted { $0.norm > $1.norm }
    var error = try fit.trainingError(of: start)
    for report in reports {
      guard case .spline = report.edge.curve else { continue }
      let run = try model.freeRun(over: record, rows: training)
      guard let residuals = EdgeResiduals(model, report.place, record: record, run: run) else { continue }
      let search: FormulaSearch
      let given = model.linearTerms(beside: report.place)
      do throws(SplineError) {
        search = try FormulaSearch(z: residuals.positions, residuals: residuals.values, given: given)
      } catch { continue }
      let limit = max(error * (1 + EdgeSnapping.tolerance), EdgeSnapping.exactError)
      // The one with fewer constants first; where it costs too much, the one of the least BIC.
      let candidates = [search.chosen] + search.ranking.prefix(1).filter { $0.formula != search.chosen.formula }
      var outcome: Outcome?
      for candidate in candidates where outcome?.isAccepted != true {
        let trial = model.replacing(report.place, by: candidate.formula, given: given)
        guard let result = EdgeSnapping.refitted(trial, fit) else { continue }
        let after = result.meanSquare.squareRoot()
        outcome = Outcome(
          name: report.name, search: search, candidate: candidate, isAccepted: after <= limit, errors: (error, after))
        if after <= limit { (model, error) = (result.model, after) }
      }
      outcome.map { outcomes.append($0) }
    }
  }

  /// All other numbers fitted anew; nil where that fails.
  private static func refitted(_ trial: StateSpaceModel, _ fit: SimulationFit) -> SimulationFit.Result? {
    var refit = fit
    refit.settings.maximumIterations = 40
    return try? refit.run(from: trial)
  }
}

extension StateSpaceModel {
  /// The library's terms that the linear part beside an edge is free to hold: a constant, and the edge's source itself.
  func linearTerms(beside place: EdgePlace) -> [FormulaTerm] {
    let map = place.isOutput ? outputMap : stateMap
    let link = link(place)
    let row = link.row * map.linear.columns
    return (map.isFree[row + map.sources] ? [.power(0)] : []) + (map.isFree[row + link.source] ? [.power(1)] : [])
  }

  /// The model with a formula for an edge; the given terms go into the linear part.
  func replacing(_ place: EdgePlace, by formula: Formula, given: [FormulaTerm]) -> StateSpaceModel {
    var result = self
    let link = link(place)
    var map = place.isOutput ? outputMap : stateMap
    var kept: [(FormulaTerm, Double)] = []
    for (term, factor) in zip(formula.terms, formula.factors) {
      switch term {
      case .power(0) where given.contains(term): map.linear[link.row, map.sources] += factor
      case .power(1) where given.contains(term): map.linear[link.row, link.source] += factor
      default: kept.append((term, factor))
      }
    }
    map.links[place.index].edge = Edge(.formula(Formula(terms: kept.map(\.0), factors: kept.map(\.1))))
    if place.isOutput { result.outputMap = map } else { result.stateMap = map }
    return result
  }
}

/// What an edge of a state map is to explain at each of its positions: its own value, and the part of the output's error that is new in the
/// row after, led back to the edge.
private struct EdgeResiduals {
  var positions: [Double] = []
  var values: [Double] = []

  /// nil where the edge does not reach the output.
  init?(_ model: StateSpaceModel, _ place: StateSpaceModel.EdgePlace, record: SignalRecord, run: FreeRun) {
    let link = model.link(place)
    let scale = model.scaling.outputs[link.row < model.outputCount && place.isOutput ? link.row : 0].scale
    let p = record.outputCount
    let column = place.isOutput ? link.row : 0
    let errors = run.rows.enumerated().map { index, row in
      (record.outputs[row * p + column] - run.outputs[index * p + column]) / scale
    }
    let all = model.positions(of: link, in: run)
    if place.isOutput {
      positions = all
      values = zip(all, errors).map { link.edge.evaluate($0).value + $1 }
      return
    }
    // Errors of a free run are correlated by the dynamics; filtered with the denominator they are those of one step.
    let part = model.linearized
    let denominator = Polynomial.characteristic(part.a)
    let order = denominator.count - 1
    guard let reach = EdgeResiduals.reach(of: link.row, model, part, denominator), abs(reach) > 1e-9 else { return nil }
    for index in 0..<max(0, all.count - order) {
      let innovation = denominator.enumerated().reduce(0.0) { $0 + $1.1 * errors[index + order - $1.0] }
      // The error that is new one row after a position stems from it.
      let at = index + order - 1
      positions.append(all[at])
      values.append(link.edge.evaluate(all[at]).value + innovation / reach)
    }
  }

  /// The sum of the numerator from a row of the state map to the output: its static gain times the denominator's value at 1.
  private static func reach(of row: Int, _ model: StateSpaceModel, _ part: LinearPart, _ denominator: [Double]) -> Double? {
    var shifted = model
    // A unit of the row's constant, small enough to stay in the linear range.
    let unit = 1e-4
    shifted.stateMap.linear[row, model.stateMap.sources] += unit
    let zero = [Double](repeating: 0, count: model.inputCount)
    let state = [Double](repeating: 0, count: model.stateCount)
    var effect = Matrix(rows: model.stateCount, columns: 1)
    for (version, sign) in [(model, -1.0), (shifted, 1.0)] {
      let kernel = SensitivityKernel(version, withSensitivities: false)
      kernel.begin(at: state)
      kernel.computeOutput(zero)
      kernel.advance(zero, next: zero)
      for index in 0..<model.stateCount { effect[index, 0] += sign * kernel.state[index] / unit }
    }
    guard let gain = (Matrix.identity(model.stateCount) - part.a).solved(effect) else { return nil }
    return (part.c * gain)[0, 0] * denominator.reduce(0, +)
  }
}

extension SimulationFit {
  /// The root mean square error over the training rows with the best first states, in standard deviations of the output.
  func trainingError(of model: StateSpaceModel) throws(IdentificationError) -> Double {
    var still = self
    still.settings.maximumIterations = 0
    return try still.run(from: model).meanSquare.squareRoot()
  }
}
