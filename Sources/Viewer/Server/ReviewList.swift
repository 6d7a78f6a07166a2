import Foundation
import Synchronization

/// The decisions beside a stream, which several pages change: each tells what it adds and takes back, so that none loses what another did.
final class ReviewList: Sendable {
  private let path: String
  private let turn = Mutex(())

  /// - Parameter path: The file; it need not be there yet.
  init(path: String) { self.path = path }

  /// What the file has by now.
  ///
  /// - Throws: `ViewerError.review` for a file that is no review.
  func decisions() throws -> [ReviewDecision] {
    FileManager.default.fileExists(atPath: path) ? try ReviewDecision.read(path: path) : []
  }

  /// Changes the file.
  ///
  /// - Parameter lines: As `ReviewDecision.readChanges` takes them. Of equal decisions the last is taken back; one that is not there is gone
  ///   already.
  /// - Returns: All decisions after it.
  /// - Throws: `ViewerError.review` for lines or a file that are none, `RecordsError` where it cannot be written.
  func change(by lines: [UInt8]) throws -> [ReviewDecision] {
    let changes = try ReviewDecision.readChanges(bytes: lines, name: path)
    return try turn.withLock { _ in
      var decisions = try decisions()
      for (decision, isUndone) in changes {
        if !isUndone {
          decisions.append(decision)
        } else if let place = decisions.lastIndex(of: decision) {
          decisions.remove(at: place)
        }
      }
      try ReviewDecision.write(decisions, path: path)
      return decisions
    }
  }
}
