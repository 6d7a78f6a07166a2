/// The part of a source that a run covers, to tell how much of it is done.
struct ProgressSpan {
  private let begin: Double
  private let end: Double?
  private let maximumFrames: Int?

  /// - Parameter duration: Seconds of the source, nil where unknown.
  init(request: TrackRequest, duration: Double?) {
    begin = request.startSeconds ?? 0
    end = [duration, request.endSeconds].compactMap { $0 }.min()
    maximumFrames = request.maximumFrames
  }

  /// The share that is done, in [0, 1]; nil where the length is not known.
  func share(seconds: Double, frames: Int) -> Double? {
    let byTime = end.flatMap { $0 > begin ? (seconds - begin) / ($0 - begin) : nil }
    let byCount = maximumFrames.map { Double(frames) / Double($0) }
    return [byTime, byCount].compactMap { $0 }.max().map { max(0, min(1, $0)) }
  }
}
