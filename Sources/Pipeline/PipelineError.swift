/// What a run can refuse beyond what its stages refuse.
public enum PipelineError: Error, Equatable, Sendable {
  /// Neither pictures nor detections were given.
  case noInput
  /// A class to keep that the detections do not have.
  case unknownClass(name: String, known: [String])
  /// A word that names neither a file nor a model.
  case unknownModel(name: String, known: [String])
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
  /// A checkpoint that nobody asked to go on with.
  case checkpointExists(path: String)
  /// A checkpoint of another run.
  case otherCheckpoint(path: String, reason: String)
  /// What a run that is to be gone on with cannot have.
  case notResumable(what: String)
  /// An address on which metrics cannot be told.
  case cannotListen(address: String, reason: String)
  /// A file of a motion that no filter can use.
  case unusableMotion(path: String, reason: String)
}

extension PipelineError: CustomStringConvertible {
  /// One sentence: what failed, on what, and what to do.
  public var description: String {
    switch self {
    case .noInput:
      "there is nothing to track: name a video, folder, camera or URL, or a file of detections"
    case .unknownClass(let name, let known):
      "cannot keep the class '\(name)': the detections have no such class, only \(known.joined(separator: ", "))"
    case .unknownModel(let name, let known):
      "there is neither a file nor a model '\(name)'; "
        + (known.isEmpty
          ? "no models are there, 'sextant models path' shows the folders" : "models are \(known.joined(separator: ", "))")
    case .outputTwice(let path, let roles):
      "cannot write \(path): \(roles.joined(separator: " and ")) would be one file; give each its own name"
    case .writesOntoInput(let output, let role, let input, let inputRole):
      "cannot write \(role) to \(output): that would replace \(inputRole), \(input); give another name"
    case .noContainer(let path, let role):
      "cannot write \(role) to \(path): a video's name ends in .\(VideoContainer.extensions.joined(separator: ", .")); give such a name"
    case .needsPictures(let output):
      "cannot make \(output): that needs pictures, and only detections were given; name the video too"
    case .needsSize(let detections):
      "cannot read \(detections): its boxes are shares of pictures whose size is not known; "
        + "name the video too, or give imWidth and imHeight in a seqinfo.ini beside it"
    case .endless(let input):
      "cannot smooth the tracks of \(input) as a whole: a live input has no end to wait for; ask for a lag in seconds instead"
    case .otherVideo(let stream, let video, let reason):
      "cannot draw the stream \(stream) on \(video): \(reason); give the video that the stream was made from"
    case .checkpointExists(let path):
      "there is a checkpoint \(path): go on with its run (--resume), or begin anew (--overwrite)"
    case .otherCheckpoint(let path, let reason):
      "cannot go on from the checkpoint \(path): \(reason); give the same command, or begin anew without it"
    case .notResumable(let what):
      "cannot make a checkpoint: \(what) cannot be gone on with; leave the checkpoint out"
    case .cannotListen(let address, let reason):
      "cannot tell metrics on \(address): \(reason); give another address or port"
    case .unusableMotion(let path, let reason):
      "cannot use the motion \(path): \(reason)"
    case .cannotRead(let path, let reason):
      "cannot read \(path): \(reason)"
    }
  }
}
