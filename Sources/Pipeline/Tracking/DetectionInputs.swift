import Geometry
import Records
import Tracking

/// What the tracker is told of the frames of a file of detections, loaded once for many runs.
///
/// These are the inputs that `TrackingRun` gives it for the same file: the same times, size, filter and camera motions.
package struct DetectionInputs: Sendable {
  /// One for each frame in order, the ones without detections too.
  package let inputs: [TrackerInput]
  /// What a user should know about the file.
  package let warnings: [String]

  /// Loads a file.
  ///
  /// - Parameters:
  ///   - path: The detections, in any format that is read.
  ///   - camera: A stream of the same pictures, for its times and camera motions; nil where there is none.
  ///   - className: The class to track in lower case, where the file tells classes apart; nil takes all as one.
  ///   - framesPerSecond: The rate of a file without times; nil for the file's own or the usual one.
  /// - Throws: `RecordsError` for a file that cannot be read, `PipelineError` for a class that the detections do not have.
  package init(path: String, camera: String?, className: String?, framesPerSecond: Double?) throws {
    var request = TrackRequest(input: nil, detector: .file(path), outputs: TrackOutputs(), program: "")
    request.framesPerSecond = framesPerSecond
    let detections = try DetectionSequence(path: path, camera: camera, request: request)
    // Detections that tell no classes apart are all of the class in question.
    if let className, detections.tellsClassesApart { request.classes = [className] }
    let filter = try DetectionFilter(request: request, classes: detections.classes)
    inputs = detections.frames(filter: filter).map { TrackerInput($0) }
    warnings = detections.warnings
  }
}
