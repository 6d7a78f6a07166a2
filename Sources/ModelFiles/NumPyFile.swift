/// NumPy's array files (`.npy`), versions 1 to 3, C order, little endian.
///
/// Source: NumPy Enhancement Proposal 1. bfloat16, which NumPy has no name for, is refused when written.
public enum NumPyFile {
  private static let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]
  /// Version 1's own bound, a 16-bit length.
  private static let headerLimit = 1 << 16

  /// Reads an array; a gzip file is unpacked on the way.
  public static func read(path: String) throws -> Tensor { try read(FileBytes(path: path)) }

  /// Reads an array's bytes.
  ///
  /// - Throws: `ModelFileError` for another format or version, Fortran order, a type without a counterpart, or a body whose length
  ///   is not the shape's.
  public static func read(_ file: FileBytes) throws -> Tensor {
    let region = file.region
    let fault = { (text: String) in ModelFileError.malformed("\(file.name): is no .npy file that can be read: \(text).") }
    let start = region.withBytes { Array($0.prefix(12)) }
    guard start.count >= 10, start.starts(with: magic) else { throw fault("it does not begin with \\x93NUMPY") }
    let isShort = start[6] == 1
    guard (1...3).contains(start[6]), isShort || start.count == 12 else { throw fault("its version is \(start[6])") }
    let length =
      isShort
      ? Int(start[8]) | Int(start[9]) << 8 : Int(start[8]) | Int(start[9]) << 8 | Int(start[10]) << 16 | Int(start[11]) << 24
    let offset = isShort ? 10 : 12
    guard length <= headerLimit, let header = region.part(offset: offset, count: length) else { throw fault("its header is cut") }
    let fields = try NumPyHeader(header.text, fault: fault)
    let byteCount = try Tensor.elementCount(of: fields.shape) * fields.type.byteCount
    guard let body = region.part(offset: offset + length, count: region.count - offset - length), body.count == byteCount else {
      throw fault("a shape of \(Tensor.text(fields.shape)) needs \(byteCount) bytes, there are \(region.count - offset - length)")
    }
    return try Tensor(shape: fields.shape, elements: body.withBytes { try Elements(bytes: $0, type: fields.type) })
  }

  /// The bytes of a version 1 file.
  public static func bytes(_ tensor: Tensor) throws -> [UInt8] {
    guard let descriptor = NumPyHeader.descriptors.first(where: { $0.value == tensor.type })?.key else {
      throw ModelFileError(.unsupported, "NumPy has no type for \(tensor.type.rawValue); convert to float32 first.")
    }
    let sizes = tensor.shape.map { "\($0)," }.joined(separator: " ")
    var header = "{'descr': '\(descriptor)', 'fortran_order': False, 'shape': (\(sizes)), }"
    // The body begins at a multiple of 64 bytes, after a line break.
    let padding = 63 - (10 + header.utf8.count) % 64
    header += String(repeating: " ", count: padding) + "\n"
    let count = header.utf8.count
    return magic + [1, 0, UInt8(count & 0xFF), UInt8(count >> 8)] + Array(header.utf8) + tensor.elements.littleEndianBytes
  }

  /// Writes an array's file, replacing one that is there.
  public static func write(_ tensor: Tensor, path: String) throws {
    try FileWriting.write(bytes(tensor), path: path)
  }
}
