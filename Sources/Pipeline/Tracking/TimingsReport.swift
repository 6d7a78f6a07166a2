import Records

/// The stages' times as JSON: each stage, the bound that they set, and how near the whole run comes to it.
public struct TimingsReport {
  private let timings: StageTimings
  private let frames: Int
  private let cores: Int

  /// - Parameters:
  ///   - frames: Frames that the run delivered.
  ///   - cores: Processors of the machine, for the share that was used.
  public init(timings: StageTimings, frames: Int, cores: Int) {
    self.timings = timings
    self.frames = frames
    self.cores = cores
  }

  /// No pipeline can be faster than its slowest stage, nor than all stages shared among the cores: max(slowest, sum ÷ cores).
  var boundMilliseconds: Double {
    let totals = timings.stages.map(\.totalMilliseconds)
    return max(totals.max() ?? 0, totals.reduce(0, +) / Double(max(1, cores)))
  }

  var json: JSONValue {
    let wall = timings.wallMilliseconds
    var pairs: [(String, JSONValue)] = [
      ("frames", .integer(frames)),
      ("cores", .integer(cores)),
      ("wall_ms", .real(wall)),
      ("frames_per_second", .real(wall > 0 ? Double(frames) / wall * 1000 : 0)),
      ("bound_ms", .real(boundMilliseconds)),
      ("share_of_bound", .real(wall > 0 ? boundMilliseconds / wall : 0)),
      ("stages", .list(timings.stages.map(TimingsReport.json))),
    ]
    if let latency = timings.latency { pairs.append(("latency", TimingsReport.json(latency))) }
    return .object(pairs)
  }

  private static func json(_ summary: StageTimings.Summary) -> JSONValue {
    .object([
      ("stage", .text(summary.stage)), ("count", .integer(summary.count)), ("total_ms", .real(summary.totalMilliseconds)),
      ("mean_ms", .real(summary.meanMilliseconds)), ("median_ms", .real(summary.medianMilliseconds)),
      ("p95_ms", .real(summary.percentile95Milliseconds)),
    ])
  }

  /// Writes the report.
  ///
  /// - Parameter overwrites: Whether a file of this name may be replaced.
  /// - Throws: `RecordsError`.
  public func write(to path: String, overwrites: Bool) throws(RecordsError) {
    let sink = try OutputSink(path: path, policy: .whole, overwrite: overwrites)
    try sink.write(json.json + "\n")
    try sink.close()
  }
}
