import Imaging

extension FrameTruth {
  /// The mask as a picture: grey with the id as the value; with ids over 255 in colour, id = red + 256 · green (COCO's panoptic rule).
  ///
  /// - Parameter isColor: Whether the scene has ids over 255.
  public func maskImage(isColor: Bool) -> Image {
    let (width, height) = (camera.width, camera.height)
    guard isColor else {
      return Image(width: width, height: height, channels: 1, pixels: mask.map(UInt8.init(truncatingIfNeeded:)))
    }
    // Blue, green, red.
    let pixels = mask.flatMap { [0, UInt8($0 >> 8), UInt8($0 & 255)] }
    return Image(width: width, height: height, channels: 3, pixels: pixels)
  }

  /// The depth along the optical axis in metres as a portable float map: little-endian, the bottom row first, infinity for the sky.
  ///
  /// Source: Debevec's PFM, as Middlebury's stereo sets use it.
  public func depthMap() -> [UInt8] {
    let (width, height) = (camera.width, camera.height)
    var bytes = Array("Pf\n\(width) \(height)\n-1.0\n".utf8)
    bytes.reserveCapacity(bytes.count + 4 * width * height)
    for row in (0..<height).reversed() {
      for inverse in inverseDepths[row * width..<(row + 1) * width] {
        withUnsafeBytes(of: (1 / inverse).bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
      }
    }
    return bytes
  }
}
