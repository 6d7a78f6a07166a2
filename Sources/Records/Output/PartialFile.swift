import Foundation
import Synchronization

/// A file that is written under another name, NAME.part, and given its own when it is whole.
///
/// So under its own name it is there as a whole, or as it was before, or not at all; only a program that is killed or a machine that
/// loses its power leaves a `.part`, which the next run of the same output takes over.
///
/// ```swift
/// let file = PartialFile(path: "seen.mp4", overwrite: false)
/// let descriptor = try file.create()
/// …                                  // write to the descriptor, or to file.temporaryPath
/// try file.publish(descriptor)
/// ```
public struct PartialFile: Sendable {
  /// What is added to a file's name while it is being written.
  public static let suffix = ".part"

  /// The file's own name.
  public let path: String
  /// The name that it has until it is whole.
  public var temporaryPath: String { path + PartialFile.suffix }
  private let overwrite: Bool
  private let isKept: Bool

  /// - Parameters:
  ///   - overwrite: Whether a file of this name may be replaced.
  ///   - isKept: Whether the unfinished file stays where the program ends, to be gone on with.
  public init(path: String, overwrite: Bool, isKept: Bool = false) {
    self.path = path
    self.overwrite = overwrite
    self.isKept = isKept
  }

  /// Creates the file under its temporary name, empty, and locks it against other runs while the descriptor is open.
  ///
  /// - Returns: A descriptor to write to, which the caller closes, last by `publish` or `discard`.
  /// - Throws: `RecordsError.outputExists` or `.cannotCreate`.
  public func create() throws(RecordsError) -> Int32 {
    try open(length: 0)
  }

  /// Opens a file that an earlier process left and cuts it back to where that one was.
  ///
  /// - Throws: `RecordsError.malformed` for a file that is not there, shorter than that or with other bytes.
  func reopen(at position: OutputPosition) throws(RecordsError) -> Int32 {
    // The earlier process may have ended between giving the file its own name, by a second link, and taking away the first.
    if let file = FileIdentity(path: temporaryPath), FileIdentity(path: path) == file { unlink(path) }
    // Or between that and saying that nothing is left to do.
    if let file = position.file, FileIdentity(path: temporaryPath) == nil, FileIdentity(path: path) == file {
      rename(path, temporaryPath)
    }
    guard FileIdentity(path: temporaryPath) != nil else {
      throw .malformed(path: temporaryPath, reason: "it is not there, so the run cannot go on; begin anew, without the checkpoint")
    }
    let descriptor = try open(length: position.bytes)
    var checksum = FileChecksum()
    guard checksum.extend(to: position.bytes, of: descriptor), checksum == position.checksum else {
      close(descriptor)
      throw .malformed(
        path: temporaryPath, reason: "it is not what it was when the checkpoint was made; begin anew, without the checkpoint")
    }
    lseek(descriptor, off_t(position.bytes), SEEK_SET)
    return descriptor
  }

  /// Opens the file under its temporary name, locked, with so many of the bytes that it has.
  private func open(length: Int) throws(RecordsError) -> Int32 {
    try PartialFile.checkName(path, overwrite: overwrite)
    // Another run may rename or remove the name between opening and locking; then what was opened is not the name's file any more.
    for _ in 0..<10 {
      let descriptor = Foundation.open(temporaryPath, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o666)
      guard descriptor >= 0 else { throw .creating(path, failedWith: errno) }
      if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
        close(descriptor)
        throw .cannotCreate(path: path, reason: "another run is writing \(temporaryPath); wait for it or give another name")
      }
      guard let opened = FileIdentity(descriptor: descriptor), opened.isRegular else {
        close(descriptor)
        throw .cannotCreate(path: path, reason: "\(temporaryPath) is there and is no file; move it away")
      }
      guard lseek(descriptor, 0, SEEK_END) >= off_t(length) else {
        close(descriptor)
        throw .malformed(
          path: temporaryPath, reason: "it is shorter than when the checkpoint was made; begin anew, without the checkpoint")
      }
      lseek(descriptor, 0, SEEK_SET)
      guard opened == FileIdentity(path: temporaryPath), ftruncate(descriptor, off_t(length)) == 0 else {
        close(descriptor)
        continue
      }
      if !isKept { PartialFile.unfinished.withLock { _ = $0.insert(temporaryPath) } }
      return descriptor
    }
    throw .cannotCreate(path: path, reason: "\(temporaryPath) comes and goes; give another name")
  }

  /// Brings the bytes to the disk, closes the descriptor and gives the file its own name.
  ///
  /// - Throws: `RecordsError.outputExists` for a file that came up meanwhile, `.diskFull` or `.cannotWrite`.
  public func publish(_ descriptor: Int32) throws(RecordsError) {
    let isFlushed = fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS
    let code = isFlushed ? 0 : errno
    let isClosed = close(descriptor) == 0
    guard isFlushed, isClosed else {
      discard()
      throw RecordsError.writing(to: path, failedWith: isFlushed ? errno : code)
    }
    defer { PartialFile.unfinished.withLock { _ = $0.remove(temporaryPath) } }
    if overwrite {
      guard rename(temporaryPath, path) == 0 else { throw RecordsError.writing(to: path, failedWith: errno) }
      return
    }
    // Unlike a renaming, a link does not replace a file that came up meanwhile.
    if link(temporaryPath, path) == 0 {
      unlink(temporaryPath)
    } else if errno == EEXIST {
      unlink(temporaryPath)
      throw .outputExists(path: path)
    } else if rename(temporaryPath, path) != 0 {
      throw RecordsError.writing(to: path, failedWith: errno)
    }
  }

  /// Removes the unfinished file. The caller closes its descriptor.
  public func discard() {
    unlink(temporaryPath)
    PartialFile.unfinished.withLock { _ = $0.remove(temporaryPath) }
  }

  // MARK: - The end of the program

  private static let unfinished = Mutex<Set<String>>([])

  /// Removes every unfinished file of this program, for an end without ceremony.
  public static func discardAll() {
    for path in unfinished.withLock({ $0 }) { unlink(path) }
  }

  /// Refuses a name that a file cannot be given.
  ///
  /// - Throws: `RecordsError.outputExists` for a file that must not be replaced, `.cannotCreate` for a folder.
  public static func checkName(_ path: String, overwrite: Bool) throws(RecordsError) {
    if let present = FileIdentity(path: path), present.isFolder {
      throw .cannotCreate(
        path: path, reason: "it is a folder; name a file in it, such as \(path.hasSuffix("/") ? path : path + "/")result")
    }
    // A link to nothing is a name that is taken, too.
    var status = stat()
    if !overwrite, lstat(path, &status) == 0 { throw .outputExists(path: path) }
  }
}

extension RecordsError {
  /// A failure of the system to make or open an output.
  static func creating(_ name: String, failedWith code: Int32) -> RecordsError {
    let advice =
      switch code {
      case ENOENT, ENOTDIR: "make its folder, or give another name"
      case EACCES, EPERM, EROFS: "give a name where you may write"
      default: "give another name"
      }
    return .cannotCreate(path: name, reason: "\(String(cString: strerror(code))); \(advice)")
  }

  /// A failure of the system to write.
  static func writing(to name: String, failedWith code: Int32) -> RecordsError {
    switch code {
    case EPIPE: .brokenPipe(path: name)
    case ENOSPC, EDQUOT: .diskFull(path: name)
    default: .cannotWrite(path: name, reason: String(cString: strerror(code)))
    }
  }
}
