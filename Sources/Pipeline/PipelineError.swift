/// What a run can refuse beyond what its stages refuse.
public enum PipelineError: Error, Equatable, Sendable {
  /// Neither pictures nor detections were given.
  case noInput
  /// A class to keep that the detections do not have.
  case unknownClass(name: String, known: [String])
  /// Two outputs under one name.
  case outputTwice(path: String)
  /// An output that needs pictures, without any.
  case needsPictures(option: String)
  /// A stream and a video that do not belong together.
  case otherVideo(stream: String, video: String, reason: String)
  /// A file that cannot be read.
  case cannotRead(path: String, reason: String)
  /// A file that cannot be written.
  case cannotWrite(path: String, reason: String)
}

extension PipelineError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noInput:
      "There is nothing to track: name a video, folder, camera or URL, or give a file of detections with --detections."
    case .unknownClass(let name, let known):
      "Keeping the class '\(name)': the detections have no such class, only \(known.joined(separator: ", "))."
    case .outputTwice(let path):
      "Writing \(path): two outputs have this name; give each its own."
    case .needsPictures(let option):
      "\(option) needs pictures, and only detections were given: name the video too."
    case .otherVideo(let stream, let video, let reason):
      "Drawing the stream \(stream) on \(video): \(reason); give the video that the stream was made from."
    case .cannotRead(let path, let reason):
      "Reading \(path): \(reason)."
    case .cannotWrite(let path, let reason):
      "Writing \(path): \(reason)."
    }
  }
}
