import Foundation

/// Plain files, read without following the tricks of special ones.
enum FileBytes {
  enum Failure: Error {
    case cannotOpen(String)
    case notRegular
    case tooLarge
    case cannotRead(String)
  }

  /// The first bytes of a regular file.
  static func read(_ path: String, atMost limit: Int) throws(Failure) -> [UInt8] {
    try withFile(path) { (descriptor, size) throws(Failure) in try bytes(of: descriptor, count: min(size, limit)) }
  }

  /// All bytes of a regular file of at most `limit` bytes.
  static func read(_ path: String, upTo limit: Int) throws(Failure) -> [UInt8] {
    try withFile(path) { (descriptor, size) throws(Failure) in
      guard size <= limit else { throw Failure.tooLarge }
      return try bytes(of: descriptor, count: size)
    }
  }

  /// Whether every byte of a regular file can be read.
  static func isReadable(_ path: String) -> Bool {
    let step = 1 << 20
    let readable = try? withFile(path) { (descriptor, size) throws(Failure) in
      var left = size
      while left > 0 {
        let count = try bytes(of: descriptor, count: min(step, left)).count
        guard count > 0 else { break }
        left -= count
      }
      return true
    }
    return readable ?? false
  }

  private static func withFile<Result>(_ path: String, _ body: (Int32, Int) throws(Failure) -> Result) throws(Failure) -> Result {
    // Without blocking, so that a named pipe in the place of a file does not hold everything up.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure.cannotOpen(String(cString: strerror(errno))) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw Failure.notRegular }
    return try body(descriptor, Int(status.st_size))
  }

  private static func bytes(of descriptor: Int32, count: Int) throws(Failure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let got = bytes.withUnsafeMutableBytes { buffer in
        // filled < count == buffer.count, so the rest lies within the array.
        Foundation.read(descriptor, buffer.baseAddress! + filled, count - filled)
      }
      if got < 0 && errno == EINTR { continue }
      guard got >= 0 else { throw Failure.cannotRead(String(cString: strerror(errno))) }
      // A file that shrinks while it is read ends early.
      if got == 0 { break }
      filled += got
    }
    return Array(bytes.prefix(filled))
  }
}
