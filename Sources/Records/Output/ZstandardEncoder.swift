internal import CZstd

/// Writes a Zstandard file of one frame with a checksum (RFC 8878): the same text gives the same bytes with the same version of the library.
final class ZstandardEncoder: PackingEncoder {
  private let stream: OpaquePointer
  private let name: String
  private var room = [UInt8](repeating: 0, count: 1 << 16)

  init(name: String) throws(RecordsError) {
    self.name = name
    guard let made = ZSTD_createCStream() else { throw .cannotCreate(path: name, reason: "out of memory") }
    stream = made
    ZSTD_CCtx_setParameter(stream, ZSTD_c_compressionLevel, ZSTD_CLEVEL_DEFAULT)
    ZSTD_CCtx_setParameter(stream, ZSTD_c_checksumFlag, 1)
  }

  deinit {
    ZSTD_freeCStream(stream)
  }

  func encode(
    _ input: UnsafeRawBufferPointer, _ step: PackingStep, _ output: (UnsafeRawBufferPointer) throws(RecordsError) -> Void
  ) throws(RecordsError) {
    var plain = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
    let mode =
      switch step {
      case .goOn: ZSTD_e_continue
      case .flush: ZSTD_e_flush
      case .end: ZSTD_e_end
      }
    while true {
      let (left, count) = room.withUnsafeMutableBytes { room in
        var packed = ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
        let left = ZSTD_compressStream2(stream, &packed, &plain, mode)
        return (left, packed.pos)
      }
      guard ZSTD_isError(left) == 0 else { throw .cannotWrite(path: name, reason: String(cString: ZSTD_getErrorName(left))) }
      try room.handOut(count, output)
      if step != .goOn ? left == 0 : plain.pos == plain.size { return }
    }
  }
}
