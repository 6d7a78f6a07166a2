import Foundation
import Pipeline

/// What a run has done, in one line for the person who waited for it.
struct RunSummary {
  let result: TrackingResult
  let outputs: TrackOutputs
  let seconds: Double

  /// `250 frames, 12 tracks in 3.2 s: tracks.ndjson, seen.mp4`
  var line: String {
    let counts = [
      RunSummary.count(result.frames, "frame"), RunSummary.count(result.tracks, "track"),
      result.dropped > 0 ? "\(result.dropped) dropped" : nil,
    ]
    let files = [
      outputs.stream, outputs.mot, outputs.orientedMot, outputs.kitti, outputs.csv, outputs.summary, outputs.overlay,
      outputs.timings,
    ]
    .compactMap { $0 }.filter { $0 != "-" && !$0.hasPrefix("/dev/") }
    return counts.compactMap { $0 }.joined(separator: ", ") + String(format: " in %.1f s", seconds)
      + (files.isEmpty ? "" : ": " + files.joined(separator: ", "))
  }

  private static func count(_ number: Int, _ word: String) -> String { "\(number) \(word)\(number == 1 ? "" : "s")" }
}
