import Pipeline
import TrackEvaluation
import Tracking

/// One annotated sequence with its detections, loaded once and tracked with many settings.
///
/// The tracker is given what `TrackingRun` would give it for the same detections: the same times, size, filter and camera motions.
struct TuningSequence: Sendable {
  let truth: TrackTruth
  /// What a user should know about the detections.
  let warnings: [String]
  private let inputs: [TrackerInput]

  /// - Parameter className: The class to track and to evaluate, in lower case; nil takes all as one.
  /// - Throws: `RecordsError` or `EvaluationError` for files that cannot be used, `PipelineError` for a class that the detections do not
  ///   have.
  init(_ files: TuningFiles, className: String?, framesPerSecond: Double?) throws {
    let detections = try DetectionInputs(
      path: files.detections, camera: files.camera, className: className, framesPerSecond: framesPerSecond)
    inputs = detections.inputs
    warnings = detections.warnings
    let frameCount = (inputs.last?.ordinal ?? -1) + 1
    truth = try TrackTruth(path: files.truth, name: files.name, className: className, frameCount: frameCount)
  }

  /// Tracks the sequence and compares with the truth.
  func scores(_ settings: TrackerSettings, metrics: Set<TrackMetric>) -> TrackScores {
    var tracker = Tracker(settings: settings)
    var rows = TrackRows()
    for input in inputs {
      while rows.frameCount < input.ordinal { rows.endFrame() }
      for track in tracker.update(input).tracks where track.observation != .predicted {
        rows.add(id: track.id, box: track.box)
      }
      rows.endFrame()
    }
    return truth.scores(rows, metrics: metrics)
  }
}

/// Where the files of a sequence are.
public struct TuningFiles: Sendable, Equatable {
  /// What the sequence is called.
  public var name: String
  /// The path of its annotations.
  public var truth: String
  /// The path of its detections.
  public var detections: String
  /// A stream of the same pictures, for its times and camera motions; nil where there is none.
  public var camera: String?

  /// The files of a sequence.
  public init(name: String, truth: String, detections: String, camera: String? = nil) {
    self.name = name
    self.truth = truth
    self.detections = detections
    self.camera = camera
  }
}
