/// Gathers the time lines of truth ids from the matches of a sequence.
struct TrackTimelines {
  private let truth: TrackIdentities
  /// The dense result id matched to each truth box, −1 for none.
  private var matched: [Int32]

  init(truth: TrackIdentities) {
    self.truth = truth
    matched = Array(repeating: -1, count: truth.boxCount)
  }

  mutating func add(truth position: Int, resultID: Int32) { matched[position] = resultID }

  /// One time line for each truth id, in the order of the original ids; a frame without the truth object ends a run.
  func finished(result: TrackIdentities) -> [TrackTimeline] {
    var lines = truth.labels.map { TrackTimeline(truthID: $0, runs: []) }
    for frame in 0..<truth.frameCount {
      for position in truth.boxes(ofFrame: frame) {
        let label = matched[position] < 0 ? nil : result.labels[Int(matched[position])]
        let id = Int(truth.ids[position])
        let last = lines[id].runs.count - 1
        if last >= 0, lines[id].runs[last].frames.upperBound == frame - 1, lines[id].runs[last].resultID == label {
          lines[id].runs[last].frames = lines[id].runs[last].frames.lowerBound...frame
        } else {
          lines[id].runs.append(TrackTimeline.Run(frames: frame...frame, resultID: label))
        }
      }
    }
    return lines
  }
}
