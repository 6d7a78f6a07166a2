import Synchronization

/// How far a source was read, to go on from there another time with the same files.
public struct SourcePosition: Sendable, Codable {
  /// Of several files that are one recording: what was known when the present one was opened.
  var chain: ChainPosition?
  /// The items that were taken since the source, or the present file, was opened.
  var items: Int
}

/// What is known of several files that are one recording when the next one is to be opened.
struct ChainPosition: Sendable, Codable {
  struct Last: Sendable, Codable {
    var ordinal: Int
    var seconds: Double
    var pts: Int64
  }

  /// The file that is opened next.
  var upcoming = 0
  /// Where the file before it begins, in seconds of the whole.
  var offset = 0.0
  /// The last frame, delivered or left out before the start.
  var last: Last?
  /// How many frames were delivered.
  var delivered = 0
  /// The size of the last frame, in pixels; nil before the first.
  var size: Size?

  struct Size: Sendable, Codable, Equatable {
    var width: Int
    var height: Int
  }
}

/// A source of files that tells how far it was read, and that can begin there.
///
/// What lies before the place in its file is decoded again and passed over: only so are the pictures after it those of a run that never stopped,
/// whatever the format. Earlier files are not touched.
public final class PositionedSource: VideoSource {
  private let source: any VideoSource
  private let taken = Mutex(0)

  /// What is known of the source.
  public var information: SourceInformation { source.information }

  /// - Parameters:
  ///   - source: Newly opened.
  ///   - position: Where to begin; nil: at the beginning.
  /// - Throws: `VideoError` where the input fails before that place.
  public init(_ source: any VideoSource, from position: SourcePosition?) throws(VideoError) {
    self.source = source
    guard let position else { return }
    if let place = position.chain { (source as? ChainedSource)?.begin(at: place) }
    for _ in 0..<max(0, position.items) {
      guard try next() != nil else { return }
    }
  }

  /// How far the source was read.
  public var position: SourcePosition {
    (source as? ChainedSource)?.position ?? SourcePosition(items: taken.withLock { $0 })
  }

  /// As the source that it was made of.
  public func next() throws(VideoError) -> SourceItem? {
    let item = try source.next()
    if item != nil { taken.withLock { $0 += 1 } }
    return item
  }

  /// As the source that it was made of.
  public func cancel() { source.cancel() }
}
