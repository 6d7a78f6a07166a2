/// What can go wrong with a video, whoever caused it. `description` is one sentence that says what was done, on what, what is wrong and
/// what to do.
public enum VideoError: Error, Equatable, Sendable, CustomStringConvertible {
  case notFound(input: String)
  case accessDenied(input: String, reason: String)
  case emptyFile(input: String)
  /// The bytes are no video or image format.
  case notVideo(input: String)
  /// The file is a video whose index is missing: cut off, or still being written.
  case missingIndex(input: String)
  /// A stream that cannot be rewound carries a file whose index comes last.
  case indexBehindData(input: String)
  /// There are streams, but none of them is a video.
  case noVideoStream(input: String, streams: String)
  case noSuchStream(input: String, index: Int)
  case noImages(input: String)
  /// A folder without pictures but with videos.
  case folderOfVideos(input: String, video: String)
  /// One of several inputs cannot be joined to the others.
  case notJoinable(input: String)
  case unsupported(input: String, feature: String)
  case tooLarge(input: String, size: String, limit: String)
  /// A list of files names one that does not lie beside it.
  case outsideFolder(input: String, name: String)
  /// What a file's header or a later part of it claims cannot be.
  case brokenOff(input: String, reason: String)
  /// There is a video stream, but not one picture of it can be decoded.
  case noPicture(input: String, reason: String)
  case timedOut(input: String, seconds: Double)
  case unreachable(input: String, reason: String)
  /// A live input went away and did not come back in time.
  case lost(input: String, seconds: Double, reason: String)
  case cancelled(input: String)
  case readFailed(input: String, reason: String)
  case cannotCreate(path: String, reason: String)
  case writeFailed(path: String, reason: String)
  case invalidOption(name: String, value: String, rule: String)
  case conversionFailed(reason: String)
  case outOfMemory(doing: String)
  /// FFmpeg's libraries are not there as they were when the program was built.
  case noFFmpeg(reason: String)

  /// What the caller's exit code depends on.
  public enum Category: Sendable {
    case usage, malformed, notFound, unavailable, defect, cannotCreate, inputOutput, cancelled
  }

  /// What kind of trouble it is.
  public var category: Category {
    switch self {
    case .notFound, .accessDenied: .notFound
    case .emptyFile, .notVideo, .missingIndex, .indexBehindData, .noVideoStream, .noImages, .folderOfVideos, .unsupported,
      .tooLarge, .noPicture, .outsideFolder, .brokenOff, .noFFmpeg:
      .malformed
    case .timedOut, .unreachable, .lost: .unavailable
    case .cancelled: .cancelled
    case .readFailed, .writeFailed, .outOfMemory: .inputOutput
    case .cannotCreate: .cannotCreate
    case .invalidOption, .noSuchStream, .notJoinable: .usage
    case .conversionFailed: .defect
    }
  }

  /// One sentence by the grammar of CONTRIBUTING.md.
  public var description: String {
    switch self {
    case .notFound(let input):
      "cannot open \(input): there is no such file, folder or device; check the name"
    case .accessDenied(let input, let reason):
      "cannot open \(input): \(reason); check its permissions"
    case .emptyFile(let input):
      "cannot read \(input): it is empty; check that it was copied or recorded completely"
    case .notVideo(let input):
      "cannot read \(input): its content is no video or image format that is known; check that it is a video, not a table of boxes"
    case .missingIndex(let input):
      "cannot read \(input): the index of this MP4 file is missing, so it was cut off or is still being written; copy or record it again"
    case .indexBehindData(let input):
      "cannot read \(input): the index of this MP4 stream comes after its pictures, which needs a file; save it to a file, or move the"
        + " index to the front with ffmpeg -i IN -c copy -movflags +faststart OUT"
    case .noVideoStream(let input, let streams):
      "cannot read \(input): it has no video stream (found: \(streams)); give a file with pictures"
    case .noSuchStream(let input, let index):
      "cannot read \(input): stream \(index) does not exist or is no video; name one of its video streams"
    case .noImages(let input) where InputName.isGlob(input):
      "cannot read \(input): no picture or video has such a name; check the pattern"
    case .noImages(let input):
      "cannot read \(input): no image file is there; images are \(ImageListing.extensionsText)"
    case .folderOfVideos(let input, let video):
      "cannot read \(input): it holds videos and no pictures; name one, such as \(video), or several that are one recording; sextant batch tracks each for itself"
    case .notJoinable(let input):
      "cannot read \(input) together with others: only video files, or only picture files, are one recording; name it alone"
    case .unsupported(let input, let feature):
      "cannot read \(input): \(feature) is not supported by this machine's FFmpeg; convert the input"
    case .tooLarge(let input, let size, let limit):
      "cannot read \(input): its pictures are \(size) pixels, more than \(limit); scale them down"
    case .outsideFolder(let input, let name):
      "cannot read \(input): it is a list that names \(name), and only files beside it are opened; put them in one folder"
    case .brokenOff(let input, let reason):
      "cannot go on reading \(input): \(reason); the file is damaged, get another copy"
    case .noPicture(let input, let reason):
      "cannot read \(input): not one picture can be decoded (\(reason)); the file is damaged, get another copy"
    case .timedOut(let input, let seconds):
      "cannot read \(input): no picture came within \(Self.shown(seconds)) s; check that the source is sending"
    case .unreachable(let input, let reason):
      "cannot connect to \(input): \(reason); check the address and that the source is running"
    case .lost(let input, 0, let reason):
      "lost \(input): \(reason); check the source"
    case .lost(let input, let seconds, let reason):
      "lost \(input): \(reason), and it did not come back within \(Self.shown(seconds)) s; check the source"
    case .cancelled(let input):
      "stopped reading \(input): the reading was cancelled"
    case .readFailed(let input, let reason):
      "cannot go on reading \(input): \(reason); check the disk or the connection"
    case .cannotCreate(let path, let reason):
      "cannot create \(path): \(reason); check the folder and its permissions"
    case .writeFailed(let path, let reason):
      "cannot go on writing \(path): \(reason); check the free space"
    case .invalidOption(let name, let value, let rule):
      "cannot use \(value) for \(name): it must be \(rule)"
    case .conversionFailed(let reason):
      "cannot convert a picture: \(reason); please report this"
    case .outOfMemory(let doing):
      "out of memory while \(doing); use smaller pictures"
    case .noFFmpeg(let reason):
      "cannot read or write videos: \(reason); install the version of FFmpeg's libraries that this program was built with"
    }
  }

  /// A time without needless decimals.
  private static func shown(_ seconds: Double) -> String {
    // Bounded: by 10⁹.
    seconds.rounded() == seconds && abs(seconds) < 1e9 ? String(Int(seconds)) : String(seconds)
  }
}
