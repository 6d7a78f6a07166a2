internal import COpenCV

extension Image {
  /// The picture in grey by BT.601 (0.299 red + 0.587 green + 0.114 blue); a grey picture is returned as it is.
  public func grey() throws(ImagingError) -> Image {
    guard channels != 1 else { return self }
    return try mapped(width: width, height: height, channels: 1, "convert to grey") { sxcv_convert_color($0, $1, $2) }
  }

  /// The picture with three channels; a picture in colour is returned as it is.
  public func bgr() throws(ImagingError) -> Image {
    guard channels != 3 else { return self }
    return try mapped(width: width, height: height, channels: 3, "convert to colour") { sxcv_convert_color($0, $1, $2) }
  }
}
