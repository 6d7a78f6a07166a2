import Foundation
import Records

/// The steps in which a result becomes one, in their order; a worker may die behind each.
public enum CommitStep: Sendable, CaseIterable {
  case created, written, closed, synced, renamed, folderSynced, receiptWritten, receiptSynced
}

/// Gives a result its name and then its receipt, so that at any moment either both are whole or the unit counts as not done.
///
/// Engines start a task more than once: the same bytes make a second attempt harmless, and the first receipt stands. A lock on the unit's
/// folder keeps two attempts from mixing their files; where a file system has none, the links and renamings alone still order them.
struct UnitCommit {
  /// What became of it.
  enum Outcome: Equatable {
    case committed
    /// Another attempt was first, with the same text.
    case wasThere
    /// Another attempt was first, on another class of machine and with another text: its result stands.
    case otherStands
  }

  let folder: UnitFolder
  let worker: WorkerName
  /// Told of each step that was taken.
  let reached: (CommitStep) throws -> Void

  /// - Parameter part: The result, closed, under the name of this attempt.
  /// - Throws: `BatchError.otherResult`; `.inputOutput` where the disk refuses.
  func commit(_ part: String, _ receipt: Receipt) throws -> Outcome {
    do {
      try sync(part)
    } catch {
      // Another attempt that was first, on another machine, has swept this one's part away.
      guard let first = Receipt(path: folder.receiptFile, of: receipt.key) else { throw error }
      return try compare(first, receipt)
    }
    try reached(.synced)
    let lock = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    defer { if lock >= 0 { close(lock) } }
    if lock >= 0 { flock(lock, LOCK_EX) }
    // A receipt that cannot be read is none: the disk may have lost it.
    if Receipt(path: folder.receiptFile, of: receipt.key) == nil { unlink(folder.receiptFile) }
    if let first = Receipt(path: folder.receiptFile, of: receipt.key) {
      unlink(part)
      return try compare(first, receipt)
    }
    guard rename(part, folder.resultFile) == 0 else { throw BatchError.using(folder.resultFile, errno) }
    try reached(.renamed)
    try FolderSync.sync(folder.path)
    try reached(.folderSynced)
    let isFirst = try SmallFile.write(
      receipt.text, to: folder.receiptFile, by: folder.part(worker, of: "receipt"), replaces: false)
    try reached(.receiptWritten)
    guard isFirst else {
      guard let first = Receipt(path: folder.receiptFile, of: receipt.key) else {
        throw BatchError.malformed(path: folder.receiptFile, reason: "it is no receipt; remove it")
      }
      return try compare(first, receipt)
    }
    unlink(folder.failureFile)
    try FolderSync.sync(folder.path)
    try reached(.receiptSynced)
    return .committed
  }

  private func sync(_ path: String) throws(BatchError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .using(path, errno) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw .using(path, errno) }
  }

  private func compare(_ first: Receipt, _ second: Receipt) throws -> Outcome {
    guard first.digest != second.digest else { return .wasThere }
    guard first.machine != second.machine else {
      throw BatchError.otherResult(key: first.key.text, first: first.digest.text, second: second.digest.text)
    }
    let event = JSONValue.object([
      ("event", .text("other_result")), ("digest", .text(second.digest.text)), ("processor", .text(second.machine.processor)),
      ("precision", .text(second.machine.precision)), ("libraries", .text(second.machine.libraries)),
      ("worker", .text(second.worker)),
    ])
    let descriptor = open(folder.eventsFile, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw BatchError.creating(folder.eventsFile, errno) }
    defer { close(descriptor) }
    let line = Array((event.json + "\n").utf8)
    guard write(descriptor, line, line.count) == line.count else { throw BatchError.using(folder.eventsFile, errno) }
    return .otherStands
  }
}
