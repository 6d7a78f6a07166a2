/// What a run can refuse beyond what its stages refuse.
public enum PipelineError: Error, Equatable, Sendable {
  /// Neither pictures nor detections were given.
  case noInput
  /// A class to keep that the detections do not have.
  case unknownClass(name: String, known: [String])
  /// Two outputs that would be one file.
  case outputTwice(path: String, roles: [String])
  /// An output that would replace an input.
  case writesOntoInput(output: String, role: String, input: String, inputRole: String)
  /// A video whose name tells no kind of file that can be written.
  case noContainer(path: String, role: String)
  /// An output that needs pictures, without any.
  case needsPictures(output: String)
  /// Detections that are shares of pictures, without any.
  case needsSize(detections: String)
  /// A live input where the end is needed.
  case endless(input: String)
  /// A stream and a video that do not belong together.
  case otherVideo(stream: String, video: String, reason: String)
  /// A file that cannot be read.
  case cannotRead(path: String, reason: String)
}

extension PipelineError: CustomStringConvertible {
  /// One sentence: what failed, on what, and what to do.
  public var description: String {
    switch self {
    case .noInput:
      "There is nothing to track: name a video, folder, camera or URL, or a file of detections."
    case .unknownClass(let name, let known):
      "Keeping the class '\(name)': the detections have no such class, only \(known.joined(separator: ", "))."
    case .outputTwice(let path, let roles):
      "Writing \(path): \(roles.joined(separator: " and ")) would be one file; give each its own name."
    case .writesOntoInput(let output, let role, let input, let inputRole):
      "Writing \(role) to \(output): that would replace \(inputRole), \(input); give another name."
    case .noContainer(let path, let role):
      "Writing \(role) to \(path): a video's name ends in .\(VideoContainer.extensions.joined(separator: ", .")); give such a name."
    case .needsPictures(let output):
      "Making \(output): that needs pictures, and only detections were given; name the video too."
    case .needsSize(let detections):
      "Reading \(detections): its boxes are shares of pictures whose size is not known; "
        + "name the video too, or give imWidth and imHeight in a seqinfo.ini beside it."
    case .endless(let input):
      "Tracking \(input) with --smooth: a live input has no end to wait for; give --lag with the seconds to look ahead."
    case .otherVideo(let stream, let video, let reason):
      "Drawing the stream \(stream) on \(video): \(reason); give the video that the stream was made from."
    case .cannotRead(let path, let reason):
      "Reading \(path): \(reason)."
    }
  }
}
