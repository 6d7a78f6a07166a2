public import Imaging

/// The pixels of a picture as training samples them: one plane for grey, three (red, green, blue) for colour.
public struct TrainingPixels: Sendable {
  /// Pixels in a row.
  public let width: Int
  /// Rows.
  public let height: Int
  /// One plane behind the other, 0…255.
  let planes: [UInt8]
  /// 1 or 3.
  let channels: Int

  /// The bytes that it holds.
  var byteCount: Int { planes.count }

  /// Copies a picture of grey, or of blue, green and red.
  public init(_ image: Image) {
    (width, height, channels) = (image.width, image.height, image.channels)
    guard image.channels == 3 else {
      planes = image.pixels
      return
    }
    let count = image.width * image.height
    planes = [UInt8](unsafeUninitializedCapacity: 3 * count) { room, initialized in
      // Plane c is read from channel 2 − c; both places are below 3 · count.
      for plane in 0..<3 { for place in 0..<count { room[plane * count + place] = image.pixels[3 * place + 2 - plane] } }
      initialized = 3 * count
    }
  }
}

extension TrainingPixels {
  /// The same pixels as a picture of blue, green and red, which detectors read.
  var image: Image {
    let count = width * height
    let pixels = [UInt8](unsafeUninitializedCapacity: 3 * count) { room, initialized in
      // Channel c is read from plane 2 − c, or the only one; both places are below 3 · count.
      for channel in 0..<3 {
        let start = (channels == 3 ? 2 - channel : 0) * count
        for place in 0..<count { room[3 * place + channel] = planes[start + place] }
      }
      initialized = 3 * count
    }
    return Image(width: width, height: height, channels: 3, pixels: pixels)
  }
}
