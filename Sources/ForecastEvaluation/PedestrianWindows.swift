import Geometry

/// One agent at one moment: a row of the four-column text of pedestrian trajectories.
public struct AgentPosition: Sendable, Hashable {
  /// The frame's number in its file.
  public var frame: Int
  /// The person's number in its file.
  public var agent: Int
  /// Where the person is, metres on the ground.
  public var position: Point

  /// A person's place in one frame.
  public init(frame: Int, agent: Int, position: Point) {
    self.frame = frame
    self.agent = agent
    self.position = position
  }
}

/// The published protocol for pedestrian trajectories: windows of observed and predicted steps over the distinct frames of a file.
///
/// Window i covers the frames f_i … f_{i+n−1} in the order of the distinct frame numbers (gaps of the numbers are ignored). An agent
/// belongs to it when it is there at every step, and the window counts when at least `minimumAgents` belong to it.
public struct PedestrianWindows: Sendable, Equatable {
  /// Steps that a forecaster has seen.
  public var observedSteps = 8
  /// Steps that it must forecast.
  public var predictedSteps = 12
  /// The published figures ask for more than one agent.
  public var minimumAgents = 2

  /// Windows as the benchmark cuts them.
  public init(observedSteps: Int = 8, predictedSteps: Int = 12, minimumAgents: Int = 2) {
    self.observedSteps = observedSteps
    self.predictedSteps = predictedSteps
    self.minimumAgents = minimumAgents
  }

  /// One agent in one window.
  public struct Sample: Sendable, Equatable {
    /// The number of the window, from 0.
    public var window: Int
    /// The person's number.
    public var agent: Int
    /// The frame number of the last observed step.
    public var frame: Int
    /// Where the person was at each observed step, metres.
    public var observed: [Point]
    /// The frame numbers of the observed positions.
    public var observedFrames: [Int]
    /// Where the person went at each predicted step, metres.
    public var future: [Point]
    /// The frame numbers of the future positions.
    public var futureFrames: [Int]
  }

  /// All samples, windows ascending, within each agents ascending.
  ///
  /// Of several rows of one agent in one frame the last counts.
  public func samples(of rows: [AgentPosition]) -> [Sample] {
    let frames = Set(rows.map(\.frame)).sorted()
    let length = observedSteps + predictedSteps
    guard observedSteps > 0, predictedSteps > 0, frames.count >= length else { return [] }
    let indexOfFrame = Dictionary(uniqueKeysWithValues: frames.enumerated().map { ($1, $0) })
    var tracks: [Int: [Int: Point]] = [:]
    for row in rows {
      guard let index = indexOfFrame[row.frame] else { continue }
      tracks[row.agent, default: [:]][index] = row.position
    }
    var windows = [[Sample]](repeating: [], count: frames.count - length + 1)
    for (agent, positions) in tracks.sorted(by: { $0.key < $1.key }) {
      for window in positions.keys.sorted() where window < windows.count {
        let points = (window..<(window + length)).compactMap { positions[$0] }
        guard points.count == length else { continue }
        windows[window].append(
          Sample(
            window: window, agent: agent, frame: frames[window + observedSteps - 1],
            observed: Array(points.prefix(observedSteps)), observedFrames: Array(frames[window..<(window + observedSteps)]),
            future: Array(points.suffix(predictedSteps)),
            futureFrames: Array(frames[(window + observedSteps)..<(window + length)])))
      }
    }
    return windows.filter { $0.count >= minimumAgents }.flatMap { $0 }
  }
}
