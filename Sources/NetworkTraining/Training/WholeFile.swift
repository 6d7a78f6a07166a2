internal import Foundation

#if canImport(Glibc)
  internal import Glibc
#endif

/// Files that are there whole or not at all.
package enum WholeFile {
  /// Writes `path.partial`, brings it to the disk, and gives it the name.
  ///
  /// - Throws: `TrainingError`; what stood at `path` is then untouched.
  package static func write(_ bytes: [UInt8], path: String) throws {
    let partial = path + ".partial"
    let fault = TrainingError("\(path): cannot be written; check that its folder is there and has room.")
    let handle = open(partial, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    guard handle >= 0 else { throw fault }
    let isWritten = write(bytes, to: handle) && fsync(handle) == 0
    guard close(handle) == 0, isWritten, rename(partial, path) == 0 else {
      unlink(partial)
      throw fault
    }
  }

  private static func write(_ bytes: [UInt8], to handle: Int32) -> Bool {
    bytes.withUnsafeBytes { buffer in
      var done = 0
      // Never beyond the buffer: `done` bytes of `buffer.count` are written.
      while done < buffer.count {
        let count = Glibc.write(handle, buffer.baseAddress.map { $0 + done }, buffer.count - done)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return false }
        done += count
      }
      return true
    }
  }
}
