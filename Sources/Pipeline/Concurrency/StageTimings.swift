import Foundation
import Geometry
import Synchronization

/// How long the stages of a run worked; kept apart from the stream, which holds nothing measured by a clock.
public final class StageTimings: Sendable {
  /// The stages of the frame path, in its order.
  public enum Stage: Int, CaseIterable, Sendable {
    case decode, cameraMotion, detection, tracking, writing

    /// The stage's name in reports.
    public var name: String {
      switch self {
      case .decode: "decode"
      case .cameraMotion: "camera_motion"
      case .detection: "detection"
      case .tracking: "tracking"
      case .writing: "writing"
      }
    }
  }

  private struct State {
    var samples = Array(repeating: DurationHistogram(), count: Stage.allCases.count)
    var latency = DurationHistogram()
  }
  private let state = Mutex(State())
  private let start = ContinuousClock.now

  /// Begins at nothing; the run's own time counts from here.
  public init() {}

  /// Runs a piece of a stage's work and adds the processor time of the calling thread to the stage.
  ///
  /// Processor time, because a thread that waits for its turn on a core, or for the network, does not work meanwhile.
  func measure<Result>(_ stage: Stage, _ body: () throws -> Result) rethrows -> Result {
    let begin = StageTimings.processorTime
    defer {
      let elapsed = StageTimings.processorTime - begin
      state.withLock { $0.samples[stage.rawValue].add(elapsed) }
    }
    return try body()
  }

  /// The time that the calling thread has run so far.
  private static var processorTime: Duration {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }

  /// Adds the time between a frame's arrival and its record.
  func addLatency(_ latency: Duration) {
    state.withLock { $0.latency.add(latency) }
  }

  /// The share of a stage, in milliseconds.
  public struct Summary: Sendable {
    /// The stage's name.
    public var stage: String
    /// How many frames it worked on.
    public var count: Int
    /// The sum over all frames.
    public var totalMilliseconds: Double
    /// The mean over the frames.
    public var meanMilliseconds: Double
    /// Half of the frames took no longer.
    public var medianMilliseconds: Double
    /// 95 of 100 frames took no longer.
    public var percentile95Milliseconds: Double
  }

  /// The wall time since the timings were made.
  public var wallMilliseconds: Double { (ContinuousClock.now - start).milliseconds }

  /// The stages that did anything, in the order of the frame path.
  public var stages: [Summary] {
    let samples = state.withLock { $0.samples }
    return Stage.allCases.compactMap { stage in
      let histogram = samples[stage.rawValue]
      return histogram.count > 0 ? histogram.summary(named: stage.name) : nil
    }
  }

  /// The time between a frame's arrival and its record, nil before the first one.
  public var latency: Summary? {
    let histogram = state.withLock { $0.latency }
    return histogram.count > 0 ? histogram.summary(named: "latency") : nil
  }
}

/// Counts of durations in bins of 5 % each, so that its size does not grow with the length of a run.
struct DurationHistogram: Sendable {
  private static let base = 1.05
  private static let binCount = 512
  private var bins = [Int](repeating: 0, count: binCount)
  private(set) var count = 0
  private var total = 0.0

  mutating func add(_ duration: Duration) {
    let milliseconds = duration.milliseconds
    count += 1
    total += milliseconds
    bins[DurationHistogram.bin(of: milliseconds)] += 1
  }

  func summary(named name: String) -> StageTimings.Summary {
    StageTimings.Summary(
      stage: name, count: count, totalMilliseconds: total, meanMilliseconds: total / Double(max(1, count)),
      medianMilliseconds: quantile(0.5), percentile95Milliseconds: quantile(0.95))
  }

  /// The upper end of the bin in which the share is reached.
  func quantile(_ share: Double) -> Double {
    var seen = 0
    for (index, number) in bins.enumerated() {
      seen += number
      if Double(seen) >= share * Double(count) { return DurationHistogram.upperEnd(of: index) }
    }
    return 0
  }

  /// Bin 0 ends at one microsecond; the last one, at about 19 hours, takes everything longer.
  private static func bin(of milliseconds: Double) -> Int {
    guard milliseconds > 0.001 else { return 0 }
    let index = (log(milliseconds / 0.001) / log(base)).rounded(.up)
    return Int(bounded: index, in: 0...binCount - 1)
  }

  private static func upperEnd(of bin: Int) -> Double {
    0.001 * pow(base, Double(bin))
  }
}

extension Duration {
  var milliseconds: Double {
    Double(components.seconds) * 1000 + Double(components.attoseconds) * 1e-15
  }
}
