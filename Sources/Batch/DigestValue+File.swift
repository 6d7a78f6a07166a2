import Checkpoints
import Foundation

extension DigestValue {
  /// The digest of a file's bytes.
  ///
  /// - Throws: `BatchError.missing` or `.inputOutput`.
  public static func ofFile(_ path: String) throws(BatchError) -> DigestValue {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .missing(path: path, reason: reason(errno)) }
    defer { close(descriptor) }
    var digest = Digest()
    var room = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &room, room.count)
      if count == 0 { return digest.value }
      if count < 0, errno != EINTR { throw .using(path, errno) }
      if count > 0 { room.withUnsafeBytes { digest.add(UnsafeRawBufferPointer(rebasing: $0.prefix(count))) } }
    }
  }
}

/// What the system says of an error.
func reason(_ code: Int32) -> String { code == ENOENT ? "it is not there" : String(cString: strerror(code)) }
