import Detection
import Evaluation
import Geometry
import Records
import Tracking

/// One annotated sequence with its detections, loaded once and tracked with many settings.
struct TuningSequence: Sendable {
  let truth: TrackTruth
  private let inputs: [TrackerInput]

  /// The rate where neither the request nor a description beside the file has one.
  private static let defaultRate = 30.0

  init(_ files: TuningFiles, className: String?, framesPerSecond: Double?) throws {
    let table = try BoxTableReader.read(path: files.detections, options: BoxTableReader.Options(role: .detections))
    let detector = FileDetector(table: table)
    let truth = try TrackTruth(
      path: files.truth, name: files.name, className: className, frameCount: table.frameCount)
    let rate = framesPerSecond ?? SequenceInformation.beside(files.detections)?.frameRate ?? Self.defaultRate
    let classIndex = table.classes.firstIndex { $0.lowercased() == className }
    self.truth = truth
    inputs = (0..<max(truth.frameCount, table.frameCount)).map { frame in
      // Where the detections tell classes apart, only those of the class in question are tracked.
      let detections = detector.detections(inFrame: frame).filter { classIndex == nil || $0.classIndex == classIndex }
      return TrackerInput(ordinal: frame, time: Double(frame) / rate, detections: detections)
    }
  }

  /// Tracks the sequence and compares with the truth.
  func scores(_ settings: TrackerSettings, metrics: Set<TrackMetric>) -> TrackScores {
    var tracker = Tracker(settings: settings)
    var rows = TrackRows()
    for input in inputs {
      for track in tracker.update(input).tracks { rows.add(id: track.id, box: track.box) }
      rows.endFrame()
    }
    return truth.scores(rows, metrics: metrics)
  }
}

/// Where the files of a sequence are.
public struct TuningFiles: Sendable, Equatable {
  public var name: String
  public var truth: String
  public var detections: String

  public init(name: String, truth: String, detections: String) {
    self.name = name
    self.truth = truth
    self.detections = detections
  }
}
