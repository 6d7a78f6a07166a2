import Foundation

/// A file or a pipe that text is written to: buffered, every failure a typed error; packed where its name ends in `.gz` or `.zst`.
///
/// Not shared between threads. A pipe whose reader has gone is reported as `.brokenPipe` only where the process ignores SIGPIPE.
///
/// ```swift
/// let sink = try OutputSink(path: "tracks.txt", policy: .whole, overwrite: false)
/// try sink.write("1,1,…\n")
/// try sink.close()
/// ```
public final class OutputSink {
  /// When the output appears under its own name.
  public enum Policy: Sendable {
    /// Written under its own name from the start, for readers that follow it.
    case live
    /// Written as NAME.part, brought to the disk and given its own name by `close()`: the file is there as a whole or not at all.
    case whole
  }

  /// The output's name for messages.
  public let name: String
  private var descriptor: Int32
  /// What the bytes go to until `close()`; nil where they go to the output itself.
  private var partial: PartialFile?
  private var buffer: [UInt8] = []
  private let encoder: MemberedEncoder?
  /// Bytes that are in the file, all of them by calls that went well.
  private var written = 0
  /// Of what another process can go on behind.
  private var checksum = FileChecksum()
  private static let bufferSize = 1 << 16
  /// Whether readers follow the output while it grows.
  private let isFollowed: Bool
  /// Whether the file began empty; what stands before us in one that a shell opened is not ours to cut.
  private let ownsWholeFile: Bool
  /// Whether another process may go on with the file: then it stays as it is where this one gives up.
  private let isResumable: Bool

  /// How often a packed output is brought so far that a reader sees all of it; nil: where the packing's blocks end.
  private let packedInterval: Duration?
  private var lastPackedFlush = ContinuousClock.now

  /// Creates the output.
  ///
  /// - Parameters:
  ///   - path: `-` is standard output. Devices and named pipes are written to as they are.
  ///   - overwrite: Whether a file of this name may be replaced.
  ///   - isResumable: Whether another process may go on with the file, which must be one and appear as a whole.
  ///   - packedInterval: How often a packed output is brought so far that a reader sees all of it, for live input: the packed bytes then
  ///     depend on the clock. nil: never, and the same text gives the same bytes.
  ///   - position: Where an earlier process left it; nil begins it.
  /// - Throws: `RecordsError.outputExists`, `.cannotCreate`; `.malformed` for a file that is not as it was left.
  public init(
    path: String, policy: Policy, overwrite: Bool, isResumable: Bool = false, packedInterval: Duration? = nil,
    from position: OutputPosition? = nil
  ) throws(RecordsError) {
    name = path == "-" ? "standard output" : path
    self.isResumable = isResumable
    self.packedInterval = packedInterval
    encoder =
      if let packing = Packing(path: path) {
        try MemberedEncoder(packing, name: path, keepsTail: isResumable, closedBytes: position?.bytes ?? 0)
      } else { nil }
    // What is packed can be read up to its last whole block only, whose ends are the library's.
    isFollowed = policy == .live && encoder == nil
    ownsWholeFile = path != "-" && !OutputSink.isSpecial(path)
    guard ownsWholeFile || !isResumable else {
      throw .cannotCreate(path: name, reason: "it is no file, which alone can be gone on with; name one")
    }
    if path == "-" {
      descriptor = dup(STDOUT_FILENO)
      guard descriptor >= 0 else { throw .creating(name, failedWith: errno) }
    } else if OutputSink.isSpecial(path) {
      descriptor = open(path, O_WRONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw .creating(name, failedWith: errno) }
    } else if policy == .whole {
      let file = PartialFile(path: path, overwrite: overwrite, isKept: isResumable)
      descriptor = if let position { try file.reopen(at: position) } else { try file.create() }
      partial = file
    } else {
      try PartialFile.checkName(path, overwrite: overwrite)
      descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | (overwrite ? O_TRUNC : O_EXCL), 0o666)
      guard descriptor >= 0 else {
        throw errno == EEXIST ? .outputExists(path: path) : .creating(path, failedWith: errno)
      }
    }
    buffer.reserveCapacity(OutputSink.bufferSize)
    guard let position else { return }
    written = position.bytes
    checksum = position.checksum
    let result = position.tail.withUnsafeBytes { tail in Result { () throws(RecordsError) in try pack(tail) } }
    try result.get()
  }

  deinit {
    discard()
  }

  /// Brings what was written to the disk and tells where another process can go on.
  ///
  /// - Throws: `RecordsError` where that fails.
  public func position() throws(RecordsError) -> OutputPosition {
    precondition(isResumable, "only what was opened so can be gone on with")
    try flush()
    guard fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS else { throw .writing(to: name, failedWith: errno) }
    let bytes = encoder?.closedBytes ?? written
    guard checksum.extend(to: bytes, of: descriptor) else { throw .cannotWrite(path: name, reason: "it cannot be read again") }
    return OutputPosition(
      bytes: bytes, checksum: checksum, tail: encoder?.tail ?? [], file: FileIdentity(descriptor: descriptor))
  }

  /// Appends bytes; they reach the system when the buffer is full or at `flush()`.
  public func write(_ bytes: UnsafeRawBufferPointer) throws(RecordsError) {
    if buffer.count + bytes.count > OutputSink.bufferSize { try flush() }
    guard bytes.count < OutputSink.bufferSize else {
      try pack(bytes)
      return
    }
    buffer.append(contentsOf: bytes)
  }

  /// Appends a buffer's text.
  ///
  /// - Throws: `RecordsError.diskFull`, `.brokenPipe` or `.cannotWrite`.
  public func write(_ text: TextBuffer) throws(RecordsError) {
    let result = text.withBytes { bytes in
      Result { () throws(RecordsError) in try write(bytes) }
    }
    try result.get()
  }

  /// Appends text as UTF-8.
  ///
  /// - Throws: `RecordsError.diskFull`, `.brokenPipe` or `.cannotWrite`.
  public func write(_ text: String) throws(RecordsError) {
    var buffer = TextBuffer(capacity: text.utf8.count)
    buffer.append(text)
    try write(buffer)
  }

  /// Says that what was written is whole: where readers follow the output it is handed to the system, else when the buffer is full.
  public func endRecord() throws(RecordsError) {
    if isFollowed { try flush() }
  }

  /// Hands what is buffered to the system. Of what fails nothing stays in a file, so that it ends with the last whole call.
  public func flush() throws(RecordsError) {
    guard !buffer.isEmpty else { return }
    let result = buffer.withUnsafeBytes { bytes in
      Result { () throws(RecordsError) in try pack(bytes) }
    }
    // Bytes that could not be written are not tried again.
    buffer.removeAll(keepingCapacity: true)
    try result.get()
    if let packedInterval, encoder != nil, ContinuousClock.now - lastPackedFlush >= packedInterval {
      lastPackedFlush = .now
      try pack(UnsafeRawBufferPointer(start: nil, count: 0), .flush)
    }
  }

  /// Writes what is left and gives a whole-file output its name. Later calls do nothing.
  ///
  /// - Parameter keepsPart: Whether a whole-file output gets its name also where not all could be written, with what was.
  public func close(keepsPart: Bool = false) throws(RecordsError) {
    guard descriptor >= 0 else { return }
    var failure: RecordsError?
    do {
      try flush()
      try pack(UnsafeRawBufferPointer(start: nil, count: 0), .end)
    } catch {
      failure = error
    }
    if let failure, !keepsPart {
      discard()
      throw failure
    }
    let open = descriptor
    descriptor = -1
    if let partial {
      self.partial = nil
      try partial.publish(open)
    } else if Foundation.close(open) != 0, failure == nil {
      failure = .writing(to: name, failedWith: errno)
    }
    if let failure { throw failure }
  }

  /// Gives up: a whole-file output leaves nothing behind, a live one what was flushed, one to go on with what is there. Does nothing after
  /// `close()`.
  public func discard() {
    // The name goes first: while the file is locked no other run can have taken it over.
    if !isResumable { partial?.discard() }
    partial = nil
    if descriptor >= 0 {
      _ = Foundation.close(descriptor)
      descriptor = -1
    }
    buffer.removeAll()
  }

  /// Hands bytes on, through the encoder where there is one.
  private func pack(_ bytes: UnsafeRawBufferPointer, _ step: PackingStep = .goOn) throws(RecordsError) {
    guard let encoder else { return try send(bytes) }
    try encoder.encode(bytes, step) { (packed) throws(RecordsError) in try send(packed) }
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
        let code = errno
        takeBack()
        throw .writing(to: name, failedWith: code)
      }
    }
    written += bytes.count
  }

  /// Cuts a file back to the end of the last call that went well; pipes and devices have no such end.
  private func takeBack() {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, ownsWholeFile else { return }
    if ftruncate(descriptor, off_t(written)) == 0 { lseek(descriptor, off_t(written), SEEK_SET) }
  }

  /// Whether the path is something else than a file: a device, a pipe, a socket, or a file that is open already (`/dev/stdout`).
  private static func isSpecial(_ path: String) -> Bool {
    if path.hasPrefix("/dev/fd/") || path == "/dev/stdout" || path == "/dev/stderr" { return true }
    var status = stat()
    guard stat(path, &status) == 0 else { return false }
    return status.st_mode & S_IFMT != S_IFREG && status.st_mode & S_IFMT != S_IFDIR
  }
}
