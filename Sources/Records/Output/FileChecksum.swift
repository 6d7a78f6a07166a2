internal import CZlib
import Foundation

/// The CRC-32 of a file's first bytes, which grows with the file: what is new is read once.
struct FileChecksum: Sendable, Codable, Equatable {
  /// Bytes that it is of.
  private(set) var length = 0
  private var value: UInt32 = 0

  /// Of no bytes yet.
  init() {}

  private static let pieceSize = 1 << 16

  /// Goes on to the file's first so many bytes.
  ///
  /// - Parameter descriptor: Open for reading; its place stays.
  /// - Returns: Whether the bytes could be read.
  mutating func extend(to length: Int, of descriptor: Int32) -> Bool {
    var piece = [UInt8](repeating: 0, count: FileChecksum.pieceSize)
    while self.length < length {
      let count = pread(descriptor, &piece, min(piece.count, length - self.length), off_t(self.length))
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      // The library takes 32 bits: a piece is far smaller.
      value = UInt32(truncatingIfNeeded: crc32(uLong(value), piece, uInt(count)))
      self.length += count
    }
    return true
  }
}
