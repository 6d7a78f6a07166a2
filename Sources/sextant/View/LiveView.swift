import Dispatch
import Foundation
import Geometry
import Imaging
import Pipeline
import Records
import Synchronization
import Video
import Viewer

/// Shows a run in browsers while it goes: records as they are written, pictures as JPEG at a bounded rate.
///
/// The tracker only leaves its newest picture here; a thread of lower priority makes the JPEG, and only where a page waits for one.
final class LiveView: TrackWatcher {
  /// A frame whose picture may be shown.
  private struct Offer {
    var record: FrameRecord
    var picture: Frame
    /// Seconds since 1970.
    var told: Double
  }

  /// Pictures a second at most: as many as cameras usually give.
  private static let greatestRate = 30.0
  /// The longest side of the pictures, pixels: a page is seldom shown larger.
  private static let greatestSide = 1280
  private static let quality = 75
  /// What the thread's priority is lowered by.
  private static let niceness: Int32 = 10

  /// How long a run that is over waits for pages to take its end, seconds.
  private static let patience = 0.5

  private let broadcast = LiveBroadcast()
  private let blurred: BlurredClasses
  private let offer = Mutex<Offer?>(nil)
  private let classes = Mutex<[String]>([])
  private let isOffered = DispatchSemaphore(value: 0)
  private let server: Task<Void, any Error>

  /// Begins to serve the page and says its address.
  ///
  /// - Throws: `ViewerError.cannotListen`.
  init(blurred: BlurredClasses) throws {
    self.blurred = blurred
    let opening = Opening()
    server = Task { [broadcast] in
      do {
        try await PageServer(.live(broadcast), port: 0).run { opening.succeed($0) }
      } catch {
        opening.fail(error)
      }
    }
    // Also with --quiet: nobody could guess it.
    StandardError.say("the run is shown at \(try opening.wait())")
    Thread.detachNewThread { [weak self, isOffered] in
      setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, LiveView.niceness)
      while true {
        isOffered.wait()
        guard let self else { return }
        self.showPicture()
      }
    }
  }

  deinit {
    server.cancel()
    isOffered.signal()
  }

  func begin(_ header: StreamHeader) { classes.withLock { $0 = header.classes } }

  func record(_ line: Data) { broadcast.tell(line) }

  func frame(_ record: FrameRecord, line: Data, picture: Frame?) {
    broadcast.tell(line)
    guard let picture, broadcast.wantsPicture else { return }
    let isFirst = offer.withLock { offer in
      defer { offer = Offer(record: record, picture: picture, told: Date().timeIntervalSince1970) }
      return offer == nil
    }
    if isFirst { isOffered.signal() }
  }

  func end() {
    broadcast.end()
    broadcast.drain(within: LiveView.patience)
  }

  /// Makes and shows the newest picture, then rests, so that no more than the greatest rate are made.
  private func showPicture() {
    let begin = ContinuousClock.now
    let newest = offer.withLock { offer in
      defer { offer = nil }
      return offer
    }
    guard let newest, let jpeg = try? jpeg(of: newest) else { return }
    broadcast.show(jpeg, frame: newest.record.frame, told: newest.told)
    let rest = 1 / LiveView.greatestRate - (ContinuousClock.now - begin) / .seconds(1)
    if rest > 0 { Thread.sleep(forTimeInterval: rest) }
  }

  private func jpeg(of offer: Offer) throws -> Data {
    let pixels = try offer.picture.bgr()
    var image = Image(width: pixels.width, height: pixels.height, channels: 3, pixels: pixels.pixels)
    blurred.hideContents(of: offer.record, classes: classes.withLock { $0 }, on: &image)
    let scale = Double(LiveView.greatestSide) / Double(max(image.width, image.height))
    if scale < 1 {
      image = try image.resized(
        width: Int(bounded: (Double(image.width) * scale).rounded(), in: 1...LiveView.greatestSide),
        height: Int(bounded: (Double(image.height) * scale).rounded(), in: 1...LiveView.greatestSide))
    }
    return Data(try ImageFile.jpeg(image, quality: LiveView.quality))
  }
}

/// The address of a server that is being opened, for a thread that waits.
private final class Opening: Sendable {
  private let result = Mutex<Result<String, any Error>?>(nil)
  private let isKnown = DispatchSemaphore(value: 0)

  func succeed(_ address: String) { set(.success(address)) }
  func fail(_ error: any Error) { set(.failure(error)) }

  private func set(_ outcome: Result<String, any Error>) {
    let isFirst = result.withLock { result in
      defer { result = result ?? outcome }
      return result == nil
    }
    if isFirst { isKnown.signal() }
  }

  func wait() throws -> String {
    isKnown.wait()
    guard let outcome = result.withLock({ $0 }) else { throw CancellationError() }
    return try outcome.get()
  }
}
