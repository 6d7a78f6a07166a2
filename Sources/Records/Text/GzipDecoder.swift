internal import CZlib

/// Unpacks a gzip file; what follows the last member and is none itself is padding, as for the command `gzip`.
final class GzipDecoder: UnpackingDecoder {
  private let stream: UnsafeMutablePointer<z_stream>
  private(set) var isBetweenMembers = false

  /// Windows of 2¹⁵ bytes, and 16 for a gzip header.
  private static let windowBits: Int32 = 15 + 16

  init() throws(UnpackingProblem) {
    // zlib keeps pointers to the structure, so that it must not move.
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    guard inflateInit2_(stream, GzipDecoder.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      throw UnpackingProblem(reason: "out of memory")
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  func decode(
    _ input: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer
  ) throws(UnpackingProblem) -> UnpackingStep {
    if isBetweenMembers {
      guard !input.isEmpty, input[0] == Packing.gzip.magic[0] else { return UnpackingStep(consumed: input.count, produced: 0) }
      inflateReset(stream)
      isBetweenMembers = false
    }
    // zlib reads but does not change its input, whose pointer lacks a const; lengths are far below 4 GiB.
    stream.pointee.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
    stream.pointee.avail_in = UInt32(input.count)
    stream.pointee.next_out = room.bindMemory(to: UInt8.self).baseAddress
    stream.pointee.avail_out = UInt32(room.count)
    let status = inflate(stream, Z_NO_FLUSH)
    let step = UnpackingStep(
      consumed: input.count - Int(stream.pointee.avail_in), produced: room.count - Int(stream.pointee.avail_out))
    switch status {
    case Z_OK, Z_BUF_ERROR: return step
    case Z_STREAM_END:
      isBetweenMembers = true
      return step
    default:
      throw UnpackingProblem(reason: stream.pointee.msg.map { String(cString: $0) } ?? "zlib status \(status)")
    }
  }
}
