import Foundation

/// A file or a pipe that text is written to: buffered, every failure a typed error.
///
/// Not shared between threads. A pipe whose reader has gone is reported as `.brokenPipe` only where the process ignores SIGPIPE.
///
/// ```swift
/// let sink = try OutputSink(path: "tracks.txt", policy: .whole, overwrite: false)
/// try sink.write("1,1,…\n")
/// try sink.close()
/// ```
public final class OutputSink {
  public enum Policy: Sendable {
    /// Written under its own name from the start, for readers that follow it.
    case live
    /// Written under a temporary name and given its own by `close()`: the file is there as a whole or not at all.
    case whole
  }

  /// The output's name for messages.
  public let name: String
  private let path: String
  private let overwrite: Bool
  private var descriptor: Int32
  /// The name that the bytes go to until `close()`; nil where they go to the output itself.
  private var temporaryPath: String?
  private var buffer: [UInt8] = []
  private static let bufferSize = 1 << 16

  /// Creates the output.
  ///
  /// - Parameters:
  ///   - path: `-` is standard output. Devices and named pipes are written to as they are.
  ///   - overwrite: Whether a file of this name may be replaced.
  public init(path: String, policy: Policy, overwrite: Bool) throws(RecordsError) {
    self.path = path
    self.overwrite = overwrite
    name = path == "-" ? "standard output" : path
    if path == "-" {
      descriptor = dup(STDOUT_FILENO)
      guard descriptor >= 0 else { throw .cannotCreate(path: name, reason: OutputSink.reason(errno)) }
    } else if OutputSink.isSpecial(path) {
      descriptor = open(path, O_WRONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw .cannotCreate(path: name, reason: OutputSink.reason(errno)) }
    } else {
      guard overwrite || access(path, F_OK) != 0 else { throw .outputExists(path: path) }
      (descriptor, temporaryPath) = try OutputSink.create(path, policy: policy, overwrite: overwrite)
    }
    buffer.reserveCapacity(OutputSink.bufferSize)
  }

  deinit {
    discard()
  }

  /// Appends bytes; they reach the system when the buffer is full or at `flush()`.
  public func write(_ bytes: UnsafeRawBufferPointer) throws(RecordsError) {
    if buffer.count + bytes.count > OutputSink.bufferSize { try flush() }
    guard bytes.count < OutputSink.bufferSize else {
      try send(bytes)
      return
    }
    buffer.append(contentsOf: bytes)
  }

  public func write(_ text: TextBuffer) throws(RecordsError) {
    let result = text.withBytes { bytes in
      Result { () throws(RecordsError) in try write(bytes) }
    }
    try result.get()
  }

  public func write(_ text: String) throws(RecordsError) {
    var buffer = TextBuffer(capacity: text.utf8.count)
    buffer.append(text)
    try write(buffer)
  }

  /// Hands what is buffered to the system.
  public func flush() throws(RecordsError) {
    guard !buffer.isEmpty else { return }
    let result = buffer.withUnsafeBytes { bytes in
      Result { () throws(RecordsError) in try send(bytes) }
    }
    // Bytes that could not be written are not tried again.
    buffer.removeAll(keepingCapacity: true)
    try result.get()
  }

  /// Writes what is left and gives a whole-file output its name. Later calls do nothing.
  public func close() throws(RecordsError) {
    guard descriptor >= 0 else { return }
    try flush()
    let status = Foundation.close(descriptor)
    descriptor = -1
    guard status == 0 else { throw failure(errno) }
    if let temporaryPath {
      try publish(temporaryPath)
      self.temporaryPath = nil
    }
  }

  /// Gives up: a whole-file output leaves nothing behind, a live one what was flushed. Does nothing after `close()`.
  public func discard() {
    if descriptor >= 0 {
      _ = Foundation.close(descriptor)
      descriptor = -1
    }
    if let temporaryPath {
      unlink(temporaryPath)
      self.temporaryPath = nil
    }
    buffer.removeAll()
  }

  private func send(_ bytes: UnsafeRawBufferPointer) throws(RecordsError) {
    var rest = bytes
    while !rest.isEmpty {
      let count = Foundation.write(descriptor, rest.baseAddress, rest.count)
      if count >= 0 {
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
      } else if errno == EAGAIN {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&waiting, 1, -1)
      } else if errno != EINTR {
        throw failure(errno)
      }
    }
  }

  private func failure(_ code: Int32) -> RecordsError {
    switch code {
    case EPIPE: .brokenPipe(path: name)
    case ENOSPC, EDQUOT: .diskFull(path: name)
    default: .cannotWrite(path: name, reason: OutputSink.reason(code))
    }
  }

  private func publish(_ temporaryPath: String) throws(RecordsError) {
    if overwrite {
      guard rename(temporaryPath, path) == 0 else { throw failure(errno) }
      return
    }
    // Unlike a renaming, a link does not replace a file that came up meanwhile.
    if link(temporaryPath, path) == 0 {
      unlink(temporaryPath)
    } else if errno == EEXIST {
      unlink(temporaryPath)
      throw .outputExists(path: path)
    } else if rename(temporaryPath, path) != 0 {
      throw failure(errno)
    }
  }

  private static func create(
    _ path: String, policy: Policy, overwrite: Bool
  ) throws(RecordsError) -> (descriptor: Int32, temporaryPath: String?) {
    switch policy {
    case .live:
      let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | (overwrite ? O_TRUNC : O_EXCL), 0o666)
      if descriptor >= 0 { return (descriptor, nil) }
      throw errno == EEXIST ? .outputExists(path: path) : .cannotCreate(path: path, reason: reason(errno))
    case .whole:
      // Leftovers of earlier runs can hold some names.
      for attempt in 0..<100 {
        let temporary = "\(path).partial-\(getpid())-\(attempt)"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_CLOEXEC | O_EXCL, 0o666)
        if descriptor >= 0 { return (descriptor, temporary) }
        guard errno == EEXIST else { throw .cannotCreate(path: path, reason: reason(errno)) }
      }
      throw .cannotCreate(path: path, reason: "too many leftovers named \(path).partial-…")
    }
  }

  /// Whether the path is something else than a file: a device, a pipe, a socket, or a file that is open already (`/dev/stdout`).
  private static func isSpecial(_ path: String) -> Bool {
    if path.hasPrefix("/dev/fd/") || path == "/dev/stdout" || path == "/dev/stderr" { return true }
    var status = stat()
    guard stat(path, &status) == 0 else { return false }
    return status.st_mode & S_IFMT != S_IFREG && status.st_mode & S_IFMT != S_IFDIR
  }

  private static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }
}
