import Foundation

/// The folder of one unit, and the names in it.
struct UnitFolder {
  let path: String

  /// The result. It counts only where a receipt stands beside it.
  var resultFile: String { path + "/tracks.ndjson.zst" }
  /// That the result is whole and on the disk: the commit.
  var receiptFile: String { path + "/receipt.json" }
  /// That the unit cannot be done.
  var failureFile: String { path + "/failure.json" }
  /// What two workers gave that should be the same.
  var eventsFile: String { path + "/events.ndjson" }

  static let partPrefix = "part."

  /// A name that no other attempt at the unit has.
  func part(_ worker: WorkerName, of suffix: String) -> String { part(named: worker.text, of: suffix) }

  /// The same for an attempt's name.
  func part(named name: String, of suffix: String) -> String { "\(path)/\(UnitFolder.partPrefix)\(name).\(suffix)" }

  /// Makes the folder and those on the way to it.
  func create() throws(BatchError) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      let code = ((error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError)?.code
      throw code.map { .creating(path, Int32(clamping: $0)) } ?? .cannotCreate(path: path, reason: "the system refuses it")
    }
  }

  /// Removes what attempts left that are over: those of this machine whose process is gone, if they cannot be gone on with, and, once the unit is
  /// committed, all but those of this machine that still run: they find the receipt themselves.
  ///
  /// - Parameters:
  ///   - attempt: Who asks, and has nothing to keep here.
  ///   - sparesOthers: Whether a committed unit keeps what processes of other machines left, which may still run.
  func sweep(for attempt: WorkerName, sparesOthers: Bool = false) {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else { return }
    let isCommitted = FileState(path: receiptFile) != nil
    for name in names where name.hasPrefix(UnitFolder.partPrefix) {
      let worker = WorkerName(partName: String(name.dropFirst(UnitFolder.partPrefix.count)))
      let isHere = worker.map { $0.host == attempt.host } ?? false
      let isOver = isHere && worker?.isRunning == false
      let isUseless = isCommitted || !UnitCheckpoint.isNeeded(name, among: Set(names))
      let isLeft = worker?.text == attempt.text || !isHere && !sparesOthers
      if isOver && isUseless || isCommitted && isLeft { unlink(path + "/" + name) }
    }
  }
}

/// Brings the names in a folder to the disk.
enum FolderSync {
  static func sync(_ path: String) throws(BatchError) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .using(path, errno) }
    defer { close(descriptor) }
    // Some network file systems have no such call for folders.
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw .using(path, errno) }
  }
}
