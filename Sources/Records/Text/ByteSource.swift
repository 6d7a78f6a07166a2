import Foundation

/// Where the bytes of a text come from: a file, unpacked on the way if it is packed by gzip or Zstandard, or memory.
///
/// Reading gives what is there and does not wait for more, so that a growing file or a pipe can be followed.
final class ByteSource {
  /// The file's name for messages.
  let name: String
  private var descriptor: Int32 = -1
  private var decoder: (any UnpackingDecoder)?
  /// Bytes from the file, those of a packed file or the first ones of any.
  private var input: [UInt8] = []
  /// The part of the input not yet taken.
  private var pending = 0..<0
  private var hasBegun = false
  /// The length of a file that is not packed; nil where it is not known beforehand.
  private(set) var length: Int?
  private var memory: ArraySlice<UInt8> = []
  /// Asked at the end of what is there: true to look again, once more may have come.
  private let looksAgain: () -> Bool

  private static let chunk = 1 << 16

  /// Opens a file, or standard input for `-`.
  ///
  /// - Parameter looksAgain: Asked at the end of what is there, for a file that another program still writes; it may wait.
  init(path: String, looksAgain: @escaping () -> Bool = { false }) throws(RecordsError) {
    self.looksAgain = looksAgain
    name = path == "-" ? "standard input" : path
    descriptor = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .cannotOpen(path: name, reason: ByteSource.reason(errno)) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
      close(descriptor)
      descriptor = -1
      throw .cannotOpen(path: name, reason: "it is a directory; name a file")
    }
    if status.st_mode & S_IFMT == S_IFREG { length = Int(status.st_size) }
  }

  init(bytes: some Collection<UInt8>, name: String) {
    self.name = name
    looksAgain = { false }
    memory = ArraySlice(bytes)
    length = memory.count
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Fills a part of the room and returns the number of bytes, 0 only at the end. The room must not be empty.
  func read(into room: UnsafeMutableRawBufferPointer) throws(RecordsError) -> Int {
    guard descriptor >= 0 else {
      let count = min(room.count, memory.count)
      room.copyBytes(from: memory.prefix(count))
      memory = memory.dropFirst(count)
      return count
    }
    if !hasBegun { try begin() }
    if decoder != nil { return try unpack(into: room) }
    if !pending.isEmpty {
      let count = min(room.count, pending.count)
      room.copyBytes(from: input[pending.prefix(count)])
      pending = pending.dropFirst(count)
      return count
    }
    return try receive(into: room)
  }

  /// Reads the first bytes and sees whether they are those of a packed file.
  private func begin() throws(RecordsError) {
    hasBegun = true
    input = [UInt8](repeating: 0, count: ByteSource.chunk)
    while pending.count < Packing.longestMagic, try refill() > 0 {}
    guard let packing = Packing(firstBytes: input[pending]) else { return }
    length = nil
    do throws(UnpackingProblem) {
      decoder = try packing.decoder()
    } catch {
      throw .cannotRead(path: name, reason: error.reason)
    }
  }

  private func unpack(into room: UnsafeMutableRawBufferPointer) throws(RecordsError) -> Int {
    while true {
      if pending.isEmpty {
        pending = 0..<0
        if try refill() == 0 {
          // What a kill has left of a packed output is a text that was cut off, as that of a plain one is.
          guard decoder?.isBetweenMembers == true || name.hasSuffix(PartialFile.suffix) else {
            throw .damagedArchive(path: name, reason: "unexpected end of file")
          }
          return 0
        }
      }
      let step = try decode(into: room)
      pending = pending.dropFirst(step.consumed)
      if step.produced > 0 { return step.produced }
    }
  }

  private func decode(into room: UnsafeMutableRawBufferPointer) throws(RecordsError) -> UnpackingStep {
    let result = input.withUnsafeBytes { bytes in
      Result { () throws(UnpackingProblem) in
        try decoder?.decode(UnsafeRawBufferPointer(rebasing: bytes[pending]), into: room) ?? .init(consumed: 0, produced: 0)
      }
    }
    switch result {
    case .success(let step): return step
    case .failure(let problem): throw .damagedArchive(path: name, reason: problem.reason)
    }
  }

  /// Reads more input behind the pending bytes; the buffer has room as long as those are few.
  private func refill() throws(RecordsError) -> Int {
    let end = pending.upperBound
    let count = try input.withUnsafeMutableBytes { bytes in
      Result { () throws(RecordsError) in
        try receive(into: UnsafeMutableRawBufferPointer(rebasing: bytes[end...]))
      }
    }.get()
    pending = pending.lowerBound..<end + count
    return count
  }

  private func receive(into room: UnsafeMutableRawBufferPointer) throws(RecordsError) -> Int {
    while true {
      let count = Foundation.read(descriptor, room.baseAddress, room.count)
      if count > 0 { return count }
      if count == 0 {
        guard looksAgain() else { return 0 }
        continue
      }
      if errno == EAGAIN {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        poll(&waiting, 1, -1)
      } else if errno != EINTR {
        throw .cannotRead(path: name, reason: ByteSource.reason(errno))
      }
    }
  }

  private static func reason(_ code: Int32) -> String {
    code == ENOENT ? "no such file" : String(cString: strerror(code))
  }
}
