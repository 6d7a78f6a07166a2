internal import CFFmpeg

/// The owner of one decoded picture, whose pixels stay in the decoder's pooled buffers as long as it lives.
///
/// `@unchecked Sendable`: the picture behind the handle never changes after it is made, and reading it from several threads is safe.
final class Picture: @unchecked Sendable {
  let handle: OpaquePointer
  let description: video_picture_description

  /// Takes the handle over.
  ///
  /// - Parameter isDamaged: Damage that the decoder did not see.
  init(handle: OpaquePointer, isDamaged: Bool = false) {
    self.handle = handle
    var description = video_picture_description()
    video_picture_describe(handle, &description)
    if isDamaged { description.is_damaged = 1 }
    self.description = description
  }

  deinit { video_picture_destroy(handle) }

  var width: Int { Int(description.display_width) }
  var height: Int { Int(description.display_height) }
  /// Ticks of the stream's time base; nil where the stream has no stamps.
  var pts: Int64? { description.has_pts != 0 ? description.pts : nil }

  /// The values that deep grey (more than 8 bits, or floats) uses; nil for other pictures.
  var measuredRange: ClosedRange<Double>? {
    var range = video_range()
    guard video_picture_measure_range(handle, &range) == VIDEO_OK, range.low <= range.high else { return nil }
    return range.low...range.high
  }

  /// The decoder's own plane of luma where the displayed picture is just that.
  var ownLuma: video_plane? {
    var plane = video_plane()
    return video_picture_borrow_luma(handle, &plane) == VIDEO_OK ? plane : nil
  }

  /// The value of black in the luma.
  var black: UInt8 { video_picture_black(handle) }

  /// The decoder's own planes of chroma where they can be shown as they are.
  var ownChroma: (blue: video_plane, red: video_plane)? {
    var planes = [video_plane(), video_plane()]
    // The face fills two planes.
    return video_picture_borrow_chroma(handle, &planes) == VIDEO_OK ? (planes[0], planes[1]) : nil
  }

  var storedPlane: video_plane? {
    var plane = video_plane()
    return video_picture_borrow_stored(handle, &plane) == VIDEO_OK ? plane : nil
  }
}

extension video_plane {
  /// The bytes from the first row's first to the last row's last, as the face promises them.
  var buffer: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: bytes, count: Int(stride) * Int(rows - 1) + Int(row_bytes))
  }
}
