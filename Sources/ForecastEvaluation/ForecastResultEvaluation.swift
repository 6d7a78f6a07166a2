import Records
import Reports

/// One scene's forecasts, scored.
public struct ForecastScene: Sendable {
  /// What the scene is called.
  public var name: String
  /// The forecasts that could be scored.
  public var samples: [ForecastSample]
  /// Agents of the truth that the scene is about, ascending.
  public var agents: [Int]
  /// nil where no sample could be scored.
  public let scores: ForecastScores?
  /// What was left out, a sentence each.
  public var warnings: [String]

  init(name: String, samples: [ForecastSample], agents: [Int], warnings: [String], settings: ForecastScores.Settings) {
    self.name = name
    self.samples = samples
    self.agents = agents
    self.warnings = warnings
    scores = ForecastScores(samples, settings: settings)
  }
}

/// Forecasts of one or several scenes, measured.
public struct ForecastResultEvaluation: Sendable {
  /// What the forecasts are of.
  public enum Subject: Sendable, Equatable {
    /// Pedestrians in windows of a text, metres; how many windows counted.
    case pedestrians(PedestrianWindows, count: Int)
    /// Tracks of a stream, pixels; whether there is a truth beside the stream's own later tracks.
    case stream(hasTruth: Bool)
  }

  /// What was forecast, and against what.
  public let subject: Subject
  /// What counts as a miss, and which ellipses are measured.
  public let settings: ForecastScores.Settings
  /// The scenes by name.
  public let scenes: [ForecastScene]
  /// Over the samples of all scenes, each weighing the same.
  public let scores: ForecastScores

  /// - Throws: `EvaluationError.unusable` where no sample could be scored.
  init(_ scenes: [ForecastScene], subject: Subject, settings: ForecastScores.Settings, name: String) throws(EvaluationError) {
    guard let scores = ForecastScores(scenes.lazy.flatMap(\.samples), settings: settings) else {
      throw .unusable(path: name, reason: Self.emptiness(scenes, subject))
    }
    self.subject = subject
    self.settings = settings
    self.scenes = scenes
    self.scores = scores
  }

  private static func emptiness(_ scenes: [ForecastScene], _ subject: Subject) -> String {
    let notes = scenes.count == 1 ? scenes[0].warnings.map { "; \($0)" }.joined() : ""
    switch subject {
    case .pedestrians(let windows, let count):
      return "the truth has \(count) windows of \(windows.observedSteps) + \(windows.predictedSteps) steps with at least "
        + "\(windows.minimumAgents) agents, and none with a forecast\(notes)"
    case .stream:
      return
        "it has no forecast that the truth reaches; ask for \(EvaluationSetting.forecasts), or give the truth of its frames\(notes)"
    }
  }

  /// Measures a baseline on every scene.
  public init(
    baseline: BaselineForecast, scenes: [ForecastFiles.Scene], windows: PedestrianWindows, settings: ForecastScores.Settings
  ) throws {
    try self.init(pedestrians: scenes, windows: windows, settings: settings, name: baseline.rawValue) { truth, _ in
      PedestrianForecasts(truth: truth, baseline: baseline, windows: windows)
    }
  }

  /// Measures the forecasts of files: of pedestrians, or streams.
  ///
  /// - Parameter name: What the result is called.
  public init(
    _ name: String, scenes: [ForecastFiles.Scene], windows: PedestrianWindows, matching: StreamForecasts.Settings,
    settings: ForecastScores.Settings
  ) throws {
    let kinds = try Set(scenes.compactMap(\.result).map { try ForecastTable.isText(path: $0) })
    guard kinds.count == 1, let isText = kinds.first else {
      throw EvaluationError.inconsistent(reason: "\(name) holds streams and texts of forecasts; evaluate them by themselves")
    }
    guard isText else {
      try self.init(streams: scenes, matching: matching, settings: settings, name: name)
      return
    }
    guard scenes.allSatisfy({ $0.truth != nil }) else {
      throw EvaluationError.invalidOption(
        name: "the result \(name)", reason: "its forecasts need \(EvaluationSetting.pedestrians); give them")
    }
    try self.init(pedestrians: scenes, windows: windows, settings: settings, name: name) { truth, result in
      PedestrianForecasts(truth: truth, forecasts: try ForecastTable.read(path: result ?? ""), windows: windows)
    }
  }

  private init(
    pedestrians scenes: [ForecastFiles.Scene], windows: PedestrianWindows, settings: ForecastScores.Settings, name: String,
    forecasts: (_ truth: PointTable, _ result: String?) throws -> PedestrianForecasts
  ) throws {
    var count = 0
    let found = try scenes.map { scene in
      let found = try forecasts(PointTable.read(path: scene.truth ?? ""), scene.result)
      count += found.windows
      let warnings =
        found.warnings
        + (found.windows == 0 ? ["no window of \(windows.observedSteps) + \(windows.predictedSteps) steps counts"] : [])
      return ForecastScene(name: scene.name, samples: found.samples, agents: found.agents, warnings: warnings, settings: settings)
    }
    try self.init(found, subject: .pedestrians(windows, count: count), settings: settings, name: name)
  }

  private init(
    streams scenes: [ForecastFiles.Scene], matching: StreamForecasts.Settings, settings: ForecastScores.Settings, name: String
  ) throws {
    let found = try scenes.map { scene in
      let truth = try scene.truth.map { try BoxTableReader.read(path: $0) }
      let found = try StreamForecasts(stream: StreamReader(path: scene.result ?? ""), truth: truth, settings: matching)
      let agents = Set(found.samples.map(\.agent)).sorted()
      return ForecastScene(name: scene.name, samples: found.samples, agents: agents, warnings: found.warnings, settings: settings)
    }
    try self.init(found, subject: .stream(hasTruth: scenes.contains { $0.truth != nil }), settings: settings, name: name)
  }

  /// The unit of all distances.
  public var unit: String {
    switch subject {
    case .pedestrians: "m"
    case .stream: "px"
    }
  }

  /// What was left out of which scene.
  public var warnings: [String] {
    scenes.flatMap { scene in scene.warnings.map { scenes.count > 1 ? "\(scene.name): \($0)" : $0 } }
  }

  var samples: [ForecastSample] { scenes.flatMap(\.samples) }
}
