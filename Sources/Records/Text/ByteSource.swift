import CZlib
import Foundation

/// Where the bytes of a text come from: a file, unpacked on the way if it is a gzip file, or memory.
final class ByteSource {
  /// The file's name for messages.
  let name: String
  private var file: gzFile?
  private var memory: ArraySlice<UInt8> = []

  /// Opens a file, or standard input for `-`.
  init(path: String) throws(RecordsError) {
    name = path == "-" ? "standard input" : path
    let descriptor = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw .cannotOpen(path: name, reason: ByteSource.reason(errno))
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT != S_IFDIR else {
      close(descriptor)
      throw .cannotOpen(path: name, reason: "it is a directory; name a file")
    }
    // zlib passes bytes through that do not begin as gzip does, and closes the descriptor with the handle.
    guard let opened = gzdopen(descriptor, "rb") else {
      close(descriptor)
      throw .cannotOpen(path: name, reason: "out of memory")
    }
    file = opened
    gzbuffer(opened, 1 << 17)
  }

  init(bytes: some Collection<UInt8>, name: String) {
    self.name = name
    memory = ArraySlice(bytes)
  }

  deinit {
    if let file { gzclose(file) }
  }

  /// Fills the room as far as bytes are there and returns their number, 0 at the end.
  func read(into room: UnsafeMutableRawBufferPointer) throws(RecordsError) -> Int {
    guard let file else { return takeFromMemory(room) }
    // A chunk fits a C int: chunks are far below 2 GiB.
    let count = gzread(file, room.baseAddress, UInt32(min(room.count, 1 << 30)))
    if count > 0 { return Int(count) }
    try checkEnd(of: file)
    return 0
  }

  private func takeFromMemory(_ room: UnsafeMutableRawBufferPointer) -> Int {
    let count = min(room.count, memory.count)
    room.copyBytes(from: memory.prefix(count))
    memory = memory.dropFirst(count)
    return count
  }

  /// At the end of the bytes: whether it is the file's true end.
  private func checkEnd(of file: gzFile) throws(RecordsError) {
    var code: Int32 = 0
    let text = gzerror(file, &code).map { String(cString: $0) } ?? ""
    switch code {
    case Z_OK, Z_STREAM_END: return
    case Z_ERRNO: throw .cannotRead(path: name, reason: ByteSource.reason(errno))
    case Z_BUF_ERROR: throw .damagedArchive(path: name, reason: "unexpected end of file")
    default: throw .damagedArchive(path: name, reason: text)
    }
  }

  private static func reason(_ code: Int32) -> String {
    code == ENOENT ? "no such file" : String(cString: strerror(code))
  }
}
