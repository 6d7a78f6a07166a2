public import Geometry

extension Image {
  /// Mixes a colour into the pixels of a mask, by the colour's opacity; a mask of another size than the picture's changes nothing.
  public mutating func fillMask(_ mask: RunLengthMask, color: Color) {
    // A picture may be higher than what it shows: a band with text stands below.
    guard channels == 3, mask.width == width, mask.height <= height else { return }
    let ink = [color.blue, color.green, color.red].map { Int($0) * Int(color.alpha) }
    let rest = 255 - Int(color.alpha)
    let (rows, width) = (mask.height, width)
    pixels.withUnsafeMutableBufferPointer { pixels in
      mask.forEachRun { place, count in
        for place in place..<place + count {
          // The mask's places lie within the picture: it is as wide and not higher.
          let first = (place % rows * width + place / rows) * 3
          for channel in 0..<3 { pixels[first + channel] = UInt8((Int(pixels[first + channel]) * rest + ink[channel] + 127) / 255) }
        }
      }
    }
  }
}
