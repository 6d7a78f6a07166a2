import Foundation
import Records

/// The files behind a page.
public struct ViewFiles: Sendable {
  /// The stream, or a file of tracks; `-` is standard input.
  public var stream: String
  /// Annotations of the same frames.
  public var truth: String?
  /// Another result of the same frames.
  public var compared: String?
  /// The formats of both results, and of the truth; nil to be told from the files.
  public var format: BoxFormat?
  public var truthFormat: BoxFormat?
  /// Frames per second of files without times.
  public var framesPerSecond: Double?
  /// The pictures' size, pixels, for formats with shares of it; nil for the video's.
  public var imageSize: (width: Double, height: Double)?
  /// The video's pictures: what is not told by files without a size and times.
  public var video: VideoFacts?

  /// The size of a video's pictures as they are shown, pixels, and its frames per second.
  public struct VideoFacts: Sendable {
    var width: Int
    var height: Int
    var framesPerSecond: Double?

    /// - Parameters: As the properties of their names.
    public init(width: Int, height: Int, framesPerSecond: Double?) {
      (self.width, self.height, self.framesPerSecond) = (width, height, framesPerSecond)
    }
  }

  /// Files by their names.
  public init(
    stream: String, truth: String? = nil, compared: String? = nil, format: BoxFormat? = nil, truthFormat: BoxFormat? = nil,
    framesPerSecond: Double? = nil
  ) {
    (self.stream, self.truth, self.compared) = (stream, truth, compared)
    (self.format, self.truthFormat, self.framesPerSecond) = (format, truthFormat, framesPerSecond)
  }

  /// Reads everything, with the decisions that lie beside the stream, for a page that is written.
  ///
  /// - Throws: `RecordsError`, `ViewerError`, the errors of an evaluation.
  public func load() throws -> ViewData {
    let hints = hints(otherwise: video?.framesPerSecond)
    var data = ViewData(try held(try TrackColumns.read(path: stream, format, hints), stream), video)
    data.beside = try besideIt(data.result.tracks.header)
    data.review = try review()
    return data
  }

  /// How long a reading waits at the end of a growing file before it looks again, seconds.
  private static let pause = 0.1
  /// Giving what is there takes at most one part in so many of the time, however large the stream has become.
  private static let share = 5.0

  /// Reads on until the stream has its end, or nobody wants more.
  ///
  /// - Parameter publish: Called with what there is by now, and whether nothing will follow.
  /// - Throws: As `load`.
  func follow(while isWanted: @escaping () -> Bool, _ publish: @escaping (ViewData, _ isComplete: Bool) -> Void) throws {
    let beside = try besideIt(StreamHeader.read(path: stream))
    let hints = hints(otherwise: video?.framesPerSecond)
    // A stream that has no frame yet is given once, too.
    var given = -1
    var place = FilePlace(stream)
    var loss: String?
    var due = Date.distantPast
    try TrackColumns.follow(path: stream, format, hints) { columns, state in
      guard isWanted() else { return false }
      if state == .waiting {
        loss = place.loss()
        // What was read is given once more, with what is said of it.
        if loss != nil { return false }
        if given == columns.amount || Date() < due {
          Thread.sleep(forTimeInterval: ViewFiles.pause)
          return isWanted()
        }
      }
      let begin = Date()
      var data = ViewData(ViewedResult(tracks: columns, title: name(stream)), video)
      data.isReading = state == .reading
      if !data.isReading { data.result = try held(columns, stream) }
      data.beside = beside
      if let loss { data.result.tracks.notes.append(loss) }
      publish(data, state == .whole)
      given = columns.amount
      due = Date() + ViewFiles.share * Date().timeIntervalSince(begin)
      return true
    }
  }

  private func hints(otherwise rate: Double?) -> FrameHints {
    let size = imageSize ?? video.map { (Double($0.width), Double($0.height)) }
    return FrameHints(told: framesPerSecond, otherwise: rate, size: size)
  }

  /// The decisions of earlier reviews.
  ///
  /// - Throws: `ViewerError.review` for a file that is no review.
  public func review() throws -> [ReviewDecision] {
    try ReviewList(path: ReviewDecision.path(beside: stream)).decisions()
  }

  /// - Parameter header: Of the stream, whose rate another result without times has.
  private func besideIt(_ header: StreamHeader?) throws -> ViewedResult? {
    let hints = hints(otherwise: header?.source?.frameRate?.value ?? video?.framesPerSecond)
    return try compared.map { try held(try TrackColumns.read(path: $0, format, hints), $0) }
  }

  private func held(_ columns: TrackColumns, _ path: String) throws -> ViewedResult {
    var result = ViewedResult(tracks: columns, title: name(path))
    if let truth {
      try result.hold(
        against: truth, truthFormat, stream: path, format, hints(otherwise: nil))
    }
    return result
  }

  /// The file's name, with as many of its folders as tell the two results apart.
  func name(_ path: String) -> String {
    let parts = { (path: String) in URL(fileURLWithPath: path).standardizedFileURL.pathComponents }
    let own = parts(path)
    let other = [stream, compared].compactMap { $0 }.map(parts).first { $0 != own } ?? []
    let count = zip(own.reversed(), other.reversed()).prefix { $0 == $1 }.count + 1
    return own.suffix(count).joined(separator: "/")
  }
}

/// The file that a name stood for, to see whether it still does.
private struct FilePlace {
  private let path: String
  private let identity: ino_t?
  private var greatest: off_t = 0

  init(_ path: String) {
    self.path = path
    var status = stat()
    identity = stat(path, &status) == 0 ? status.st_ino : nil
  }

  /// What has become of the file if it can grow no more; nil while it can.
  mutating func loss() -> String? {
    var status = stat()
    guard stat(path, &status) == 0 else { return "The file was removed; what was read is shown." }
    guard status.st_ino == identity else { return "The file was replaced by another; what was read is shown." }
    guard status.st_size >= greatest else { return "The file was cut off; what was read before is shown." }
    greatest = status.st_size
    return nil
  }
}

extension TrackColumns {
  /// Grows with everything that is added.
  fileprivate var amount: Int { count + frameCount + events.count + identities.count }
}
