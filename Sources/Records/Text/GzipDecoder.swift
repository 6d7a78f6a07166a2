internal import CZlib

/// Unpacks a gzip file piece by piece; members that follow one another count as one text, as for the command `gzip`.
struct GzipDecoder: ~Copyable {
  /// What became of a piece.
  struct Step {
    /// Packed bytes taken.
    var consumed: Int
    /// Unpacked bytes written.
    var produced: Int
  }

  /// Why the bytes are no gzip data.
  struct Problem: Error {
    var reason: String
  }

  private let stream: UnsafeMutablePointer<z_stream>
  /// Whether a member has ended and nothing of another was seen.
  private(set) var isBetweenMembers = false

  /// The first two bytes of every gzip file.
  static let magic: [UInt8] = [0x1F, 0x8B]

  /// Windows of 2¹⁵ bytes, and 16 for a gzip header.
  private static let windowBits: Int32 = 15 + 16

  init() throws(Problem) {
    // zlib keeps pointers to the structure, so that it must not move.
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    guard inflateInit2_(stream, Self.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      stream.deallocate()
      throw Problem(reason: "out of memory")
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Unpacks as much of `input` as fits `room`. After a step that produced nothing, all of the input was consumed or the data have ended.
  mutating func decode(
    _ input: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer
  ) throws(Problem) -> Step {
    if isBetweenMembers {
      // What follows the last member and is none itself is padding, which gzip ignores.
      guard !input.isEmpty, input[0] == Self.magic[0] else { return Step(consumed: input.count, produced: 0) }
      inflateReset(stream)
      isBetweenMembers = false
    }
    // zlib reads but does not change its input, whose pointer lacks a const; lengths are far below 4 GiB.
    stream.pointee.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
    stream.pointee.avail_in = UInt32(input.count)
    stream.pointee.next_out = room.bindMemory(to: UInt8.self).baseAddress
    stream.pointee.avail_out = UInt32(room.count)
    let status = inflate(stream, Z_NO_FLUSH)
    let step = Step(
      consumed: input.count - Int(stream.pointee.avail_in), produced: room.count - Int(stream.pointee.avail_out))
    switch status {
    case Z_OK, Z_BUF_ERROR: return step
    case Z_STREAM_END:
      isBetweenMembers = true
      return step
    default:
      throw Problem(reason: stream.pointee.msg.map { String(cString: $0) } ?? "zlib status \(status)")
    }
  }
}
