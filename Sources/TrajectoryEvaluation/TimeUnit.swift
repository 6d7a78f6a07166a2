import Records

/// The unit of a file's time stamps.
public enum TimeUnit: String, Sendable, CaseIterable {
  case seconds = "s"
  case milliseconds = "ms"
  case microseconds = "us"
  case nanoseconds = "ns"

  /// How many seconds one unit is.
  public var secondsPerUnit: Double {
    switch self {
    case .seconds: 1
    case .milliseconds: 1e-3
    case .microseconds: 1e-6
    case .nanoseconds: 1e-9
    }
  }

  /// Stamps of this unit in seconds.
  public func seconds(_ stamps: [Double]) -> [Double] { stamps.map { $0 * secondsPerUnit } }

  /// The unit that makes the stamps plausible: dates after 1973 by their size, other clocks by the median step, which is taken to be
  /// between 0.5 ms and 50 s for seconds and so on (frame rates of 0.02 to 2000 Hz). Seconds where nothing speaks against them.
  public static func guess(_ stamps: [Double]) -> TimeUnit {
    guard let largest = stamps.map(abs).max() else { return .seconds }
    switch largest {
    case 1e17...: return .nanoseconds
    case 1e14..<1e17: return .microseconds
    case 1e11..<1e14: return .milliseconds
    case 1e8..<1e11 where stamps.count < 3: return .seconds
    default: break
    }
    let steps = zip(stamps, stamps.dropFirst()).map { abs($1 - $0) }.filter { $0 > 0 }.sorted()
    guard !steps.isEmpty else { return .seconds }
    switch steps[steps.count / 2] {
    case ..<50: return .seconds
    case ..<2_000: return largest < 1e8 ? .milliseconds : .seconds
    case ..<500_000: return .microseconds
    default: return .nanoseconds
    }
  }
}

extension TrajectoryFile {
  /// The unit that the stamps seem to be in, for formats that leave it to their writer; nil for EuRoC and the stream, which say it, and
  /// where there are no stamps.
  public var guessedUnit: TimeUnit? {
    format == .tum || format == .kitti ? trajectory.times.map(TimeUnit.guess) : nil
  }
}
