import TestSupport
import TrackEvaluation

extension ScratchFolder {
  /// Writes both sides of a sequence called s.
  func sequence(truth: String, result: String) throws -> TrackSequenceFiles {
    TrackSequenceFiles(name: "s", truth: try write(truth, to: "gt.txt"), result: try write(result, to: "s.txt"))
  }
}
