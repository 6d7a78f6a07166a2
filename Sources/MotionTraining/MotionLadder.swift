import Foundation
import Geometry
import Motion
import Splines

/// From today's Kalman filter to a KAN with a memory in five rungs, each measured on tracks that it did not see.
public struct MotionLadder: Sendable {
  /// How far a rung goes.
  public enum Rung: String, Sendable, CaseIterable {
    /// A velocity that fades, with noises as they are set before any data.
    case kalman
    /// The same with the noises of the largest likelihood.
    case noise
    /// Linear rates: the velocity's fading, and its return to what is remembered of it.
    case linear
    /// Rates and noise by curves of the state.
    case kan
    /// Rates and noise by curves of the state and of the trend of its recent velocity.
    case memory
  }

  /// What a ladder is built from.
  public struct Settings: Sendable, Hashable {
    /// How tracks are cut.
    public var windowing = MotionWindowing()
    /// Intervals of each curve.
    public var intervals = 5
    /// Weights of the curves' second differences that are tried; the held-out tracks choose.
    public var smoothness = [1.0, 0.1, 0.01]

    /// Five intervals a curve.
    public init() {}
  }

  /// One rung and how it does.
  public struct Step: Sendable {
    /// How far it goes.
    public var rung: Rung
    /// What it found.
    public var motion: LearnedMotion
    /// On the tracks that it learned from.
    public var training: MotionScores
    /// On the others.
    public var heldOut: MotionScores
  }

  /// The rungs from the lowest.
  public let steps: [Step]

  /// Learns the rungs.
  ///
  /// - Parameters:
  ///   - training: Tracks to learn from; of one kind.
  ///   - heldOut: Tracks that choose the curves' smoothness, and measure.
  ///   - progress: Is told of each rung when it is there.
  /// - Throws: `MotionTrainingError` where there are no windows to learn from.
  public init(
    training: [MotionSequence], heldOut: [MotionSequence], settings: Settings = Settings(), progress: (Step) -> Void = { _ in }
  ) throws {
    let windows = settings.windowing.windows(of: training)
    let others = settings.windowing.windows(of: heldOut)
    guard windows.count >= MotionLadder.fewest, !others.isEmpty, let unit = training.first?.unit else {
      throw MotionTrainingError.tooFewWindows(
        training: windows.count, heldOut: others.count, rows: settings.windowing.observed + settings.windowing.expected)
    }
    var steps: [Step] = []
    func add(_ rung: Rung, _ found: LearnedMotion) {
      // The lowest rung is the tracker's filter as it is.
      let motion = rung == .kalman ? found : LastingErrorFit.fitted(found, to: training)
      let step = Step(
        rung: rung, motion: motion, training: MotionScores(motion, on: windows), heldOut: MotionScores(motion, on: others))
      steps.append(step)
      progress(step)
    }
    let kalman = try MotionStart.motion(unit: unit, windows: windows, settings: settings)
    add(.kalman, kalman)
    let noise = NoiseFit.fitted(kalman, to: windows, isRobust: false)
    add(.noise, noise)
    let linear = MotionLadder.linear(noise, windows)
    add(.linear, linear)
    let kan = MotionLadder.curved(linear, windows, others, settings)
    add(.kan, kan)
    let trend = try MotionStart.comparisonGrids(settings)
    add(.memory, MotionLadder.curved(kan.seeingTrend(trend), windows, others, settings))
    self.steps = steps
  }

  /// Fewer windows say nothing.
  fileprivate static let fewest = 20

  /// The rung that forecasts the held-out tracks with the largest likelihood; of equals the lowest.
  public var best: Step { steps.reduce(steps[0]) { $1.heldOut.logLikelihood > $0.heldOut.logLikelihood ? $1 : $0 } }

  /// A step by its rung.
  public subscript(rung: Rung) -> Step? { steps.first { $0.rung == rung } }

  private static func linear(_ start: LearnedMotion, _ windows: [MotionWindow]) -> LearnedMotion {
    var best: (law: LearnedMotion, loss: Double)?
    // The gains and the rates depend on each other: robust noises, rates, and again.
    for part in memoryParts {
      var law = start
      law.memorySeconds = max(0.02, part * observedSeconds(windows))
      for _ in 0..<2 {
        law = NoiseFit.fitted(law, to: windows, isRobust: true)
        law = RateFit(smoothness: nil).fitted(law, to: windows)
      }
      let loss = MotionScores(law, on: windows).robust
      if loss < best?.loss ?? .infinity { best = (law, loss) }
    }
    return NoiseFit.scaled(best?.law ?? start, to: windows)
  }

  /// Memories that are tried, as parts of the observed time.
  private static let memoryParts = [0.25, 0.5, 1.0]

  private static func observedSeconds(_ windows: [MotionWindow]) -> Double {
    let spans = windows.map { $0.gaps.prefix($0.observed - 1).reduce(0, +) }.sorted()
    return spans[spans.count / 2]
  }

  private static func curved(
    _ start: LearnedMotion, _ windows: [MotionWindow], _ others: [MotionWindow], _ settings: Settings
  ) -> LearnedMotion {
    // No new curves at all are what they are measured against.
    var best = (law: start, loss: MotionScores(start, on: others).robust)
    for smoothness in settings.smoothness {
      let law = RateFit(smoothness: smoothness).fitted(start, to: windows)
      let loss = MotionScores(law, on: others).robust
      if loss < best.loss { best = (law, loss) }
    }
    return NoiseCurveFit.fitted(best.law, to: windows)
  }
}

/// Why nothing could be learned.
public enum MotionTrainingError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The tracks are too short or too few.
  case tooFewWindows(training: Int, heldOut: Int, rows: Int)

  /// One sentence.
  public var description: String {
    switch self {
    case .tooFewWindows(let training, let heldOut, let rows):
      "cannot learn a motion: the tracks give \(training) windows of \(rows) rows to learn from and \(heldOut) to measure, where "
        + "\(MotionLadder.fewest) and 1 are needed; "
        + "give more or longer tracks, or ask for fewer rows (--observed, --predicted)"
    }
  }
}
