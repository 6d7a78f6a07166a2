internal import COpenCV

extension Image {
  /// The picture at another size: area averages where neither side grows, bilinear otherwise.
  public func resized(width: Int, height: Int) throws(ImagingError) -> Image {
    try mapped(width: width, height: height, channels: channels, "resize to \(width)×\(height)") {
      sxcv_resize($0, $1, $2)
    }
  }

  /// A grey picture from rows in someone else's memory (a decoder's luma plane), resized in the same pass.
  ///
  /// - Parameters:
  ///   - rows: At least `stride * (height - 1) + width` bytes.
  ///   - stride: Bytes from one row to the next, at least `width`.
  /// - Throws: `ImagingError` where the rows do not lie within the bytes or a size cannot be used.
  public static func grey(
    rows: UnsafeRawBufferPointer, width: Int, height: Int, stride: Int, resizedTo size: (width: Int, height: Int)
  ) throws(ImagingError) -> Image {
    var result = try Image(checkedWidth: size.width, height: size.height)
    try result.fillGrey(rows: rows, width: width, height: height, stride: stride)
    return result
  }

  /// As `grey(rows:width:height:stride:resizedTo:)`, into this grey picture and without new memory.
  public mutating func fillGrey(
    rows: UnsafeRawBufferPointer, width: Int, height: Int, stride: Int
  ) throws(ImagingError) {
    let operation = "resize \(width)×\(height) to \(self.width)×\(self.height)"
    guard Image.isUsableSize(width: width, height: height), stride >= width else {
      let detail = Image.sizeComplaint(width: width, height: height) + ", or its rows are longer than \(stride) bytes"
      throw ImagingError(.invalidArgument, operation: operation, detail: detail)
    }
    guard channels == 1 else {
      throw ImagingError(.invalidArgument, operation: operation, detail: "the target has \(channels) channels instead of 1")
    }
    // The face checks width, height and stride against the byte count before it reads.
    let view = sxcv_view(
      pixels: rows.baseAddress?.assumingMemoryBound(to: UInt8.self), byte_count: rows.count, width: Int32(width),
      height: Int32(height), channels: 1, stride: stride)
    try OpenCVCall.check(operation) { message in withCanvas { sxcv_resize(view, $0, message) } }
  }

  private init(checkedWidth width: Int, height: Int) throws(ImagingError) {
    guard Image.isUsableSize(width: width, height: height) else {
      let detail = Image.sizeComplaint(width: width, height: height)
      throw ImagingError(.invalidArgument, operation: "make a grey image", detail: detail)
    }
    self.init(width: width, height: height, channels: 1)
  }
}
