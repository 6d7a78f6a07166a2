internal import CZlib
import Foundation

/// A file's bytes in one buffer; parts of it are passed on as regions without a copy.
///
/// The file is read rather than mapped: another process that cuts a mapped file short would end this one.
public final class FileBytes: Sendable {
  /// The file's name, for messages.
  public let name: String
  let bytes: [UInt8]

  /// Bytes that are at hand already, taken as they are: a gzip file among them stays packed.
  public init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }

  /// Reads a file whole and unpacks it where it is a gzip file.
  ///
  /// - Throws: `ModelFileError` for a file that is not there, no regular file, above `ModelLimits.fileBytes` or a damaged archive.
  public convenience init(path: String) throws {
    // Without blocking, so that a named pipe in the place of a file is refused and does not hold everything up.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      let reason = errno == ENOENT ? "no such file" : String(cString: strerror(errno))
      throw ModelFileError(.cannotOpen, "\(path): cannot be opened, \(reason); check the path.")
    }
    defer { close(descriptor) }
    try self.init(descriptor: descriptor, name: path)
  }

  /// Reads an open file; the caller closes it.
  init(descriptor: Int32, name: String) throws {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw ModelFileError(.cannotOpen, "\(name): is no regular file; name a file.")
    }
    let size = Int(status.st_size)
    guard size <= ModelLimits.fileBytes else {
      throw ModelFileError.tooLarge("\(name): has \(size) bytes; at most \(ModelLimits.fileBytes) are read.")
    }
    var failure: Int32 = 0
    let read = [UInt8](unsafeUninitializedCapacity: size) { room, count in
      while count < size {
        let got = Foundation.read(descriptor, room.baseAddress! + count, size - count)
        if got < 0, errno == EINTR { continue }
        if got < 0 { failure = errno }
        if got <= 0 { break }
        count += got
      }
    }
    guard failure == 0 else { throw ModelFileError(.cannotOpen, "\(name): cannot be read, \(String(cString: strerror(failure))).") }
    self.name = name
    bytes = read.starts(with: [0x1F, 0x8B]) ? try FileBytes.unpacked(read, name: name) : read
  }

  /// The whole file.
  public var region: ByteRegion { ByteRegion(file: self, range: 0..<bytes.count) }

  private static func unpacked(_ packed: [UInt8], name: String) throws -> [UInt8] {
    var stream = z_stream()
    // Windows of 2¹⁵ bytes, and 16 for a gzip header.
    guard inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      throw ModelFileError(.tooLarge, "\(name): there is no memory to unpack it.")
    }
    defer { inflateEnd(&stream) }
    var result: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 18)
    return try packed.withUnsafeBufferPointer { input in
      // zlib reads but does not change its input, whose pointer lacks a const; it has at most 2³¹ bytes.
      stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
      stream.avail_in = UInt32(input.count)
      while true {
        let (status, count) = piece.withUnsafeMutableBufferPointer { room in
          stream.next_out = room.baseAddress
          stream.avail_out = UInt32(room.count)
          return (inflate(&stream, Z_NO_FLUSH), room.count - Int(stream.avail_out))
        }
        result += piece.prefix(count)
        guard result.count <= ModelLimits.fileBytes else {
          throw ModelFileError.tooLarge("\(name): unpacks to more than \(ModelLimits.fileBytes) bytes.")
        }
        if status == Z_STREAM_END { return result }
        guard status == Z_OK, count > 0 || stream.avail_in > 0 else {
          throw ModelFileError.malformed("\(name): is a damaged gzip file; fetch it again.")
        }
      }
    }
  }
}
