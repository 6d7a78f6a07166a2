import Publishing
import Synchronization

/// What is counted of a run while it goes on, as the text that Prometheus reads (exposition format 0.0.4).
final class RunMetrics: Sendable {
  private struct Counts {
    var frames = 0
    var dropped = 0
    var tracks = 0
    var liveTracks = 0
    var reconnects = 0
    var isLost = false
    var seconds = 0.0
  }

  private let counts = Mutex(Counts())
  private let timings: StageTimings
  private let publisher: Publisher?

  /// - Parameter publisher: Nil where nothing is published.
  init(timings: StageTimings, publisher: Publisher? = nil) { (self.timings, self.publisher) = (timings, publisher) }

  /// Takes in how things stand after a frame.
  func update(_ progress: RunProgress, tracks: Int) {
    counts.withLock { counts in
      (counts.frames, counts.dropped, counts.tracks) = (progress.frames, progress.dropped, tracks)
      (counts.liveTracks, counts.seconds) = (progress.liveTracks, progress.seconds)
    }
  }

  /// A source went away, or came back.
  func note(isLost: Bool) {
    counts.withLock { counts in
      if counts.isLost, !isLost { counts.reconnects += 1 }
      counts.isLost = isLost
    }
  }

  /// A value with its explanation.
  private static func line(_ name: String, _ kind: String, _ help: String, _ value: String) -> String {
    "# HELP sextant_\(name) \(help)\n# TYPE sextant_\(name) \(kind)\nsextant_\(name) \(value)\n"
  }

  var text: String {
    let counts = counts.withLock { $0 }
    var text = ""
    func add(_ name: String, _ kind: String, _ help: String, _ value: String) { text += RunMetrics.line(name, kind, help, value) }
    add("frames_total", "counter", "Frames that were tracked.", "\(counts.frames)")
    add("frames_dropped_total", "counter", "Frames that a live source gave and that were left out.", "\(counts.dropped)")
    add("tracks_total", "counter", "Tracks that were reported.", "\(counts.tracks)")
    add("live_tracks", "gauge", "Tracks of the last frame.", "\(counts.liveTracks)")
    add("stream_seconds", "gauge", "The time of the last frame from the start of the stream, seconds.", "\(counts.seconds)")
    add("source_up", "gauge", "1 while the source gives frames, 0 while it is away.", counts.isLost ? "0" : "1")
    add("source_reconnects_total", "counter", "How often the source came back.", "\(counts.reconnects)")
    return text + (publisher.map { RunMetrics.text($0.counts) } ?? "") + latency
  }

  private static func text(_ counts: Publisher.Counts) -> String {
    line("broker_up", "gauge", "1 while the broker is there, 0 while it is away.", counts.isUp ? "1" : "0")
      + line("broker_reconnects_total", "counter", "How often the broker came back.", "\(counts.reconnects)")
      + line("published_total", "counter", "Messages that the broker has confirmed.", "\(counts.sent)")
      + line("publish_dropped_total", "counter", "Messages with tracks that were left out.", "\(counts.spool.dropped)")
      + line("publish_waiting", "gauge", "Messages that wait for the broker.", "\(counts.spool.events + counts.spool.tracks)")
  }

  /// From a frame's arrival to its record.
  private var latency: String {
    let name = "sextant_latency_seconds"
    let head = "# HELP \(name) Time between a frame's arrival and its record.\n# TYPE \(name) summary\n"
    guard let latency = timings.latency else { return head + "\(name)_sum 0\n\(name)_count 0\n" }
    return head + "\(name){quantile=\"0.5\"} \(latency.medianMilliseconds / 1000)\n"
      + "\(name){quantile=\"0.95\"} \(latency.percentile95Milliseconds / 1000)\n"
      + "\(name)_sum \(latency.totalMilliseconds / 1000)\n\(name)_count \(latency.count)\n"
  }
}
