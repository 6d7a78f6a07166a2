import Geometry
import Records

/// Forecasts in the pedestrian protocol: windows of a truth, predicted by a baseline or by a file.
public struct PedestrianForecasts: Sendable {
  /// The scored samples.
  public private(set) var samples: [ForecastSample] = []
  /// Windows that count.
  public let windows: Int
  /// Every agent of a window, ascending, with forecasts or without.
  public let agents: [Int]
  /// Samples (an agent in a window) of which no forecast was found.
  public private(set) var missing = 0
  /// What was left out, a sentence each.
  public private(set) var warnings: [String] = []

  /// A baseline's forecasts of every sample of the windows.
  public init(truth: PointTable, baseline: BaselineForecast, windows settings: PedestrianWindows) {
    self.init(truth, settings.samples(of: truth.positions))
    samples = found.map { sample in
      sample.forecast([baseline.predict(sample.observed, steps: sample.future.count).map { PredictedPosition($0) }])
    }
    found = []
  }

  /// A file's forecasts of the samples of the windows; a sample counts where a hypothesis covers all of its steps.
  public init(truth: PointTable, forecasts: ForecastTable, windows settings: PedestrianWindows) {
    self.init(truth, settings.samples(of: truth.positions))
    var byStart = ForecastsByStart(forecasts)
    for sample in found {
      let hypotheses = byStart.take(sample)
      if hypotheses.isEmpty { missing += 1 } else { samples.append(sample.forecast(hypotheses)) }
    }
    if missing > 0 { warnings.append("\(missing) of \(found.count) samples have no forecast over all steps; left out") }
    warnings += byStart.warnings(agentsOfTruth: Set(truth.ids.map { Int($0) }))
    found = []
  }

  /// The samples of the windows while forecasts are found for them.
  private var found: [PedestrianWindows.Sample]

  private init(_ truth: PointTable, _ found: [PedestrianWindows.Sample]) {
    self.found = found
    windows = Set(found.map(\.window)).count
    agents = Set(found.map(\.agent)).sorted()
    if let repetition = truth.repetition(in: "the truth") { warnings.append(repetition) }
  }
}

/// One agent at one frame.
private struct FrameAgent: Hashable {
  var frame: Int
  var agent: Int
}

/// The rows of a file of forecasts by where they start.
private struct ForecastsByStart {
  /// For each start the hypotheses by number, each with its positions by frame.
  private var starts: [FrameAgent: [Int32: [Int: PredictedPosition]]] = [:]
  private var repeated = 0
  private var incomplete = 0

  init(_ table: ForecastTable) {
    for row in 0..<table.count {
      let start = FrameAgent(frame: Int(table.observedFrames[row]), agent: Int(table.ids[row]))
      let earlier = starts[start, default: [:]][table.hypotheses[row], default: [:]]
        .updateValue(table.position(row), forKey: Int(table.frames[row]))
      if earlier != nil { repeated += 1 }
    }
  }

  /// The hypotheses of a sample that cover all of its steps, by ascending number. Each sample is taken once.
  mutating func take(_ sample: PedestrianWindows.Sample) -> [[PredictedPosition]] {
    guard let found = starts.removeValue(forKey: FrameAgent(frame: sample.frame, agent: sample.agent)) else { return [] }
    let hypotheses = found.sorted { $0.key < $1.key }
      .map { _, points in sample.futureFrames.compactMap { points[$0] } }
    let whole = hypotheses.filter { $0.count == sample.future.count }
    incomplete += hypotheses.count - whole.count
    return whole
  }

  /// What was left over once all samples were taken.
  func warnings(agentsOfTruth: Set<Int>) -> [String] {
    var warnings: [String] = []
    let unknown = starts.keys.filter { !agentsOfTruth.contains($0.agent) }
    if !unknown.isEmpty {
      let agents = Set(unknown.map(\.agent)).sorted()
      let names = agents.prefix(10).map(String.init) + (agents.count > 10 ? ["and \(agents.count - 10) more"] : [])
      warnings.append(
        "\(unknown.count) forecasts are of agents that the truth does not have (\(names.joined(separator: ", "))); left out")
    }
    let others = starts.keys.filter { agentsOfTruth.contains($0.agent) }
    if let first = others.min(by: { ($0.frame, $0.agent) < ($1.frame, $1.agent) }) {
      warnings.append(
        "\(others.count) forecasts belong to no sample of a window that counts (first: observed frame \(first.frame), agent \(first.agent)); left out"
      )
    }
    if incomplete > 0 { warnings.append("\(incomplete) hypotheses do not cover all steps of their sample; left out") }
    if repeated > 0 { warnings.append("\(repeated) rows repeat a frame of a hypothesis; the last one counts") }
    return warnings
  }
}

extension PedestrianWindows.Sample {
  fileprivate func forecast(_ hypotheses: [[PredictedPosition]]) -> ForecastSample {
    ForecastSample(hypotheses: hypotheses, truth: future, agent: agent, frame: frame, observed: observed)
  }
}

extension PointTable {
  /// Each row as a person's place.
  public var positions: [AgentPosition] {
    frames.indices.map { AgentPosition(frame: Int(frames[$0]), agent: Int(ids[$0]), position: points[$0]) }
  }
}

extension ForecastTable {
  fileprivate func position(_ row: Int) -> PredictedPosition {
    PredictedPosition(points[row], covariance: covariances.isEmpty ? nil : covariances[row])
  }
}
