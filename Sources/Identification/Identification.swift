import Splines

/// Finds a model of a system from a record: a linear start, its fit to the simulation error, then curves, pruning and formulas.
public struct Identification: Sendable {
  /// What is searched for and how.
  public struct Settings: Sendable {
    /// The number of states n.
    public var states = 2
    /// Which form the model takes (`docs/identification.md`).
    public var form = ModelForm.acceleration
    /// Whether the model steps from sample to sample or is integrated in between.
    public var clock = ModelClock.discrete
    /// Intervals of each spline.
    public var intervals = 16
    /// How much wider than the linear model's signals the grids are, in parts of their range.
    public var margin = 0.3
    /// Whether each edge has a share of SiLU beside its spline.
    public var hasSiLU = false
    /// Weights of third differences that are tried, from the heaviest; the heaviest whose validation error is within 1 % of the least is
    /// taken. Data of one amplitude cannot see how a curve goes on beyond them, and the heavier weight goes on more smoothly.
    public var smoothness: [Double] = [1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 0]
    /// Weight of the sum of the edges' norms; 0 for none.
    public var groupPenalty = 0.0
    /// Edges whose norm is below this part of the largest are removed, and the rest is fitted again; 0 keeps all.
    public var pruning = 0.01
    /// Whether splines are replaced by formulas where the data bear it.
    public var snaps = false
    /// Threads of the fits; their number never changes a result.
    public var threads = 2
    /// Iterations of each fit at the most.
    public var maximumIterations = 40

    /// Two states, the acceleration form in discrete time, splines of 16 intervals, no formulas.
    public init() {}
  }

  /// One weight that was tried.
  public struct Candidate: Sendable {
    /// The weight of third differences.
    public var smoothness: Double
    /// Root mean square errors in standard deviations of the output.
    public var training: Double
    /// The same over the validation rows; over the training rows where there are none.
    public var validation: Double
    /// Whether the rule took it.
    public var isChosen: Bool
  }

  /// The best linear approximation: the linear model with the least simulation error.
  public let linear: StateSpaceModel
  /// The model that was found, curves as splines.
  public let model: StateSpaceModel
  /// The model with formulas for curves, where they were asked for and any was accepted.
  public let snapped: StateSpaceModel?
  /// What became of each edge that a formula was tried for; empty where none was asked for.
  public let snapping: [EdgeSnapping.Outcome]
  /// The weights that were tried, from the heaviest.
  public let candidates: [Candidate]
  /// Names of the edges that pruning removed.
  public let pruned: [String]
  /// Iterations of all fits together.
  public let iterations: Int

  /// How much worse than the best a smoother model may be over the validation rows.
  public static let smoothnessTolerance = 0.01

  /// Rows to learn from, and rows that choose, at the least.
  public static let fewestRows = 20

  /// - Parameters:
  ///   - record: With one output.
  ///   - training: Rows that are fitted.
  ///   - validation: Rows that choose the smoothness and when to stop.
  public init(
    record: SignalRecord, training: Range<Int>, validation: Range<Int>, settings: Settings
  ) throws(IdentificationError) {
    try Identification.check(record, training, validation, settings)
    let scaling = try SignalScaling(of: record, rows: training)
    var fitSettings = SimulationFit.Settings()
    fitSettings.threads = settings.threads
    fitSettings.maximumIterations = settings.maximumIterations
    var fit = SimulationFit(record: record, scaling: scaling, training: training, validation: validation, settings: fitSettings)
    let linearResult = try Identification.fitLinear(record, scaling, training, fit, settings)
    linear = linearResult.model
    guard settings.form != .linear else {
      (model, snapped, snapping, candidates, pruned) = (linear, nil, [], [], [])
      iterations = linearResult.iterations
      return
    }
    let edged = try Identification.withCurves(linear, record, training, settings)
    fit.settings.groupPenalty = settings.groupPenalty
    let scan = try Identification.scan(settings.smoothness, from: edged, with: fit)
    candidates = scan.candidates
    fit.settings.smoothness = scan.smoothness
    let prunedResult = try Identification.prune(scan.result.model, record, training, fit, below: settings.pruning)
    pruned = prunedResult.names
    iterations = linearResult.iterations + scan.iterations
    model = prunedResult.model
    guard settings.snaps else {
      (snapped, snapping) = (nil, [])
      return
    }
    let snap = try EdgeSnapping(model, record: record, training: training, fit: fit)
    snapping = snap.outcomes
    snapped = snap.outcomes.contains(where: \.isAccepted) ? snap.model : nil
  }

  private static func check(
    _ record: SignalRecord, _ training: Range<Int>, _ validation: Range<Int>, _ settings: Settings
  ) throws(IdentificationError) {
    guard record.outputCount == 1, record.inputCount > 0 else {
      throw .setting(.signals, "a record has one output and at least one input")
    }
    guard (1...16).contains(settings.states) else { throw .setting(.states, "\(settings.states) states; give 1 to 16") }
    guard (2...256).contains(settings.intervals) else {
      throw .setting(.intervals, "\(settings.intervals) intervals; give 2 to 256")
    }
    guard settings.form == .kinematic || settings.clock == .discrete else {
      throw .setting(.form, "only the kinematic form runs in continuous time; choose it, or discrete time")
    }
    for (what, range) in [("training", training), ("validation", validation)] {
      guard range.lowerBound >= 0, range.upperBound <= record.count, range.count >= fewestRows else {
        throw .rows(what: what, range: range, count: record.count, needed: fewestRows)
      }
    }
  }

  /// The linear model with the least simulation error, from the start by regression.
  private static func fitLinear(
    _ record: SignalRecord, _ scaling: SignalScaling, _ training: Range<Int>, _ fit: SimulationFit, _ settings: Settings
  ) throws(IdentificationError) -> SimulationFit.Result {
    let start = try LinearStart(record.scaled(by: scaling), rows: training, order: settings.states)
    let base =
      settings.form == .kinematic
      ? try StateSpaceModel.kinematic(start, scaling: scaling, clock: settings.clock)
      : StateSpaceModel.observer(start, scaling: scaling)
    let result = try fit.run(from: base)
    let radius = result.model.linearized.radius
    guard radius < 1 else { throw .unstable(radius: radius) }
    return result
  }

  /// The linear model with a curve of no effect for each edge of the form, on grids as wide as its own signals and the margin.
  private static func withCurves(
    _ linear: StateSpaceModel, _ record: SignalRecord, _ training: Range<Int>, _ settings: Settings
  ) throws(IdentificationError) -> StateSpaceModel {
    let run = try linear.freeRun(over: record, rows: training)
    return try linear.withEdges(
      settings.form, ranges: linear.sourceRanges(in: run), intervals: settings.intervals, margin: settings.margin,
      silu: settings.hasSiLU)
  }

  private struct Scan {
    var result: SimulationFit.Result
    var smoothness: Double
    var candidates: [Candidate]
    var iterations: Int
  }

  /// Fits with each weight, each from the one before, and takes the heaviest that the rule admits.
  private static func scan(
    _ weights: [Double], from start: StateSpaceModel, with fit: SimulationFit
  ) throws(IdentificationError) -> Scan {
    var fit = fit
    var results: [(weight: Double, result: SimulationFit.Result)] = []
    for weight in weights.sorted(by: >) {
      fit.settings.smoothness = weight
      let earlier = results.last?.result
      results.append((weight, try fit.run(from: earlier?.model ?? start, earlier: earlier)))
    }
    func error(_ result: SimulationFit.Result) -> Double { (result.validation ?? result.meanSquare).squareRoot() }
    let least = results.map { error($0.result) }.min() ?? .infinity
    guard let chosen = results.first(where: { error($0.result) <= least * (1 + smoothnessTolerance) }) else {
      throw .setting(.smoothness, "no smoothness to try; give at least one")
    }
    return Scan(
      result: chosen.result, smoothness: chosen.weight,
      candidates: results.map {
        Candidate(
          smoothness: $0.weight, training: $0.result.meanSquare.squareRoot(), validation: error($0.result),
          isChosen: $0.weight == chosen.weight)
      }, iterations: results.reduce(0) { $0 + $1.result.iterations })
  }

  /// Removes the edges that do almost nothing and fits the rest again.
  private static func prune(
    _ model: StateSpaceModel, _ record: SignalRecord, _ training: Range<Int>, _ fit: SimulationFit, below part: Double
  ) throws(IdentificationError) -> (model: StateSpaceModel, names: [String]) {
    let run = try model.freeRun(over: record, rows: training)
    let reports = model.edgePlaces.map { EdgeReport(model, $0, run: run) }
    let limit = part * (reports.map(\.norm).max() ?? 0)
    let weak = reports.filter { $0.norm < limit }
    guard !weak.isEmpty else { return (model, []) }
    var smaller = model
    let removed = Set(weak.map(\.place))
    smaller.stateMap.links = model.stateMap.links.indices.filter { !removed.contains(.init(isOutput: false, index: $0)) }.map {
      model.stateMap.links[$0]
    }
    smaller.outputMap.links = model.outputMap.links.indices.filter { !removed.contains(.init(isOutput: true, index: $0)) }.map {
      model.outputMap.links[$0]
    }
    return (try fit.run(from: smaller).model, weak.map(\.name))
  }
}
