internal import CZstd

/// Unpacks a Zstandard file (RFC 8878); skippable frames between others are passed over.
///
/// A frame that asks for a window above 128 MiB, the library's own limit, is refused.
final class ZstandardDecoder: UnpackingDecoder {
  private let stream: OpaquePointer
  private(set) var isBetweenMembers = true

  init() throws(UnpackingProblem) {
    guard let made = ZSTD_createDStream() else { throw UnpackingProblem(reason: "out of memory") }
    stream = made
  }

  deinit {
    ZSTD_freeDStream(stream)
  }

  func decode(
    _ input: UnsafeRawBufferPointer, into room: UnsafeMutableRawBufferPointer
  ) throws(UnpackingProblem) -> UnpackingStep {
    var packed = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
    var plain = ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
    // The hint is 0 once a frame was read to its end and all of it was given out; a new frame begins with the next byte.
    let hint = ZSTD_decompressStream(stream, &plain, &packed)
    guard ZSTD_isError(hint) == 0 else { throw UnpackingProblem(reason: String(cString: ZSTD_getErrorName(hint))) }
    if packed.pos > 0 || plain.pos > 0 { isBetweenMembers = hint == 0 }
    return UnpackingStep(consumed: packed.pos, produced: plain.pos)
  }
}
