import Geometry
import Records

/// Forecasts in the pedestrian protocol: windows of a truth, predicted by a baseline or by a file.
public struct PedestrianForecasts: Sendable {
  /// The scored samples.
  public var samples: [ForecastSample] = []
  /// Windows that count, and samples (an agent in a window) of which no forecast was found.
  public var windows = 0
  public var missing = 0

  /// A baseline's forecasts of every sample of the windows.
  public init(truth: PointTable, baseline: BaselineForecast, windows settings: PedestrianWindows) {
    let found = settings.samples(of: truth.positions)
    windows = Set(found.map(\.window)).count
    samples = found.map { sample in
      let predicted = baseline.predict(sample.observed, steps: sample.future.count)
      return ForecastSample(hypotheses: [predicted.map { PredictedPosition($0) }], truth: sample.future)
    }
  }

  /// A file's forecasts of the samples of the windows; a sample counts where a hypothesis covers all of its steps.
  public init(truth: PointTable, forecasts: ForecastTable, windows settings: PedestrianWindows) {
    struct Key: Hashable {
      var frame: Int
      var agent: Int
    }
    var byStart: [Key: [Int32: [Int: Point]]] = [:]
    for row in 0..<forecasts.count {
      let key = Key(frame: Int(forecasts.observedFrames[row]), agent: Int(forecasts.ids[row]))
      byStart[key, default: [:]][forecasts.hypotheses[row], default: [:]][Int(forecasts.frames[row])] = forecasts.points[row]
    }
    let found = settings.samples(of: truth.positions)
    windows = Set(found.map(\.window)).count
    for sample in found {
      let hypotheses = (byStart[Key(frame: sample.frame, agent: sample.agent)] ?? [:]).sorted { $0.key < $1.key }
        .map { _, points in sample.futureFrames.compactMap { points[$0].map { PredictedPosition($0) } } }
        .filter { $0.count == sample.future.count }
      if hypotheses.isEmpty {
        missing += 1
      } else {
        samples.append(ForecastSample(hypotheses: hypotheses, truth: sample.future))
      }
    }
  }
}

extension PointTable {
  fileprivate var positions: [AgentPosition] {
    frames.indices.map { AgentPosition(frame: Int(frames[$0]), agent: Int(ids[$0]), position: points[$0]) }
  }
}
