import Calibration
import Geometry
import Imaging
import Odometry
import Pipeline
import Video

/// Pairs of pictures of an input between which its camera moved.
struct MotionPairs {
  let pairs: [MotionPair]
  let width: Int
  let height: Int

  /// - Throws: `VideoError`, `ImagingError`.
  init(_ inputs: [String], _ cancellation: Cancellation, _ progress: (RunProgress) -> Void) throws {
    let source = try VideoSources.open(inputs)
    cancellation.onRequest { source.cancel() }
    let information = source.information
    (width, height) = (information.width, information.height)
    let matcher = try MotionMatcher(width: width)
    var pairs: [MotionPair] = []
    var frames = 0
    while let item = try source.next() {
      guard case .frame(let frame) = item else { continue }
      if let found = try matcher.add(try frame.grey(resizedTo: (width, height))) {
        pairs.append(MotionPair(first: found.first, second: found.second))
      }
      frames += 1
      let share = information.frameCount.map { min(1, Double(frames) / Double(max(1, $0))) }
      progress(RunProgress(frames: frames, seconds: frame.seconds, share: share))
    }
    self.pairs = pairs
  }
}
