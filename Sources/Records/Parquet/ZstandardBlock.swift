internal import CZstd

/// Bytes that are packed at once.
enum ZstandardBlock {
  /// - Throws: `RecordsError.cannotWrite` where the library has no memory.
  static func packed(_ bytes: [UInt8]) throws(RecordsError) -> [UInt8] {
    let bound = ZSTD_compressBound(bytes.count)
    var count = 0
    let packed = [UInt8](unsafeUninitializedCapacity: bound) { room, filled in
      count = ZSTD_compress(room.baseAddress, bound, bytes, bytes.count, ZSTD_CLEVEL_DEFAULT)
      filled = ZSTD_isError(count) == 0 ? count : 0
    }
    guard ZSTD_isError(count) == 0 else {
      throw .cannotWrite(path: "a packed page", reason: String(cString: ZSTD_getErrorName(count)))
    }
    return packed
  }
}
