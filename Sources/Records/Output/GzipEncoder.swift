internal import CZlib

/// Writes a gzip file of one member, without a name and a time in its header: the same text gives the same bytes.
final class GzipEncoder: PackingEncoder {
  private let stream: UnsafeMutablePointer<z_stream>
  private let name: String
  private var room = [UInt8](repeating: 0, count: 1 << 16)

  /// Windows of 2¹⁵ bytes, and 16 for a gzip header.
  private static let windowBits: Int32 = 15 + 16
  /// zlib's default use of memory, 2⁷ KiB.
  private static let memoryLevel: Int32 = 8

  init(name: String) throws(RecordsError) {
    self.name = name
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let status = deflateInit2_(
      stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, GzipEncoder.windowBits, GzipEncoder.memoryLevel, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else { throw .cannotCreate(path: name, reason: "out of memory") }
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
  }

  func encode(
    _ input: UnsafeRawBufferPointer, _ step: PackingStep, _ output: (UnsafeRawBufferPointer) throws(RecordsError) -> Void
  ) throws(RecordsError) {
    // zlib reads but does not change its input; what is written at a time is far below 4 GiB.
    stream.pointee.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
    stream.pointee.avail_in = UInt32(input.count)
    let mode =
      switch step {
      case .goOn: Z_NO_FLUSH
      case .flush: Z_SYNC_FLUSH
      case .end: Z_FINISH
      }
    while true {
      let (status, count) = room.withUnsafeMutableBufferPointer { room in
        stream.pointee.next_out = room.baseAddress
        stream.pointee.avail_out = UInt32(room.count)
        let status = deflate(stream, mode)
        return (status, room.count - Int(stream.pointee.avail_out))
      }
      guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else {
        throw .cannotWrite(path: name, reason: "zlib status \(status)")
      }
      try room.handOut(count, output)
      // A call that leaves room has given out all that it had.
      if step == .end ? status == Z_STREAM_END : count < room.count { return }
    }
  }
}

extension [UInt8] {
  /// Gives the first bytes to an output.
  func handOut(_ count: Int, _ output: (UnsafeRawBufferPointer) throws(RecordsError) -> Void) throws(RecordsError) {
    guard count > 0 else { return }
    let result = withUnsafeBytes { bytes in
      Result { () throws(RecordsError) in try output(UnsafeRawBufferPointer(rebasing: bytes.prefix(count))) }
    }
    try result.get()
  }
}
