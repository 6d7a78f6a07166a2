import Geometry
public import Imaging

/// Disparities and depths as pictures and points for other programs.
public enum DepthPictures {
  /// A sixteenth bit of the number range: 1/256 pixel or metre, as KITTI's maps have it; 0 where there is none.
  public static func sixteenBits(_ values: [Float]) -> [UInt16] {
    // Bounded: only numbers of 1 to 65535 are converted.
    values.map { value in
      let scaled = (value * 256).rounded()
      return scaled >= 1 && scaled <= 65535 ? UInt16(scaled) : 0
    }
  }

  /// Near places red and far ones blue, black where there is none. The scale goes from 0 to the 98th hundredth of the values.
  public static func preview(_ map: DisparityMap) -> Image {
    var image = Image(width: map.width, height: map.height, channels: 3)
    let sorted = map.values.filter { $0.isFinite }.sorted()
    guard let most = sorted.isEmpty ? nil : sorted[min(sorted.count - 1, sorted.count * 98 / 100)], most > 0 else { return image }
    for (index, value) in map.values.enumerated() where value.isFinite {
      let (red, green, blue) = color(Double(min(1, max(0, value / most))))
      image.pixels[3 * index] = blue
      image.pixels[3 * index + 1] = green
      image.pixels[3 * index + 2] = red
    }
    return image
  }

  /// From blue over green to red as the share goes from 0 to 1.
  private static func color(_ share: Double) -> (red: UInt8, green: UInt8, blue: UInt8) {
    func level(_ distance: Double) -> UInt8 { UInt8(Int(bounded: 255 * (1.5 - abs(distance) * 4), in: 0...255)) }
    return (level(share - 0.75), level(share - 0.5), level(share - 0.25))
  }

  /// The measured points as a PLY file (binary, little endian): x, y, z in metres in the left camera's frame, red, green, blue.
  ///
  /// - Parameter image: The rectified left picture.
  public static func pointCloud(_ map: DisparityMap, _ rectification: StereoRectification, colors image: Image) -> [UInt8] {
    var body: [UInt8] = []
    var count = 0
    for index in map.values.indices where map.isMeasured[index] {
      guard let seen = rectification.point(x: index % map.width, y: index / map.width, disparity: map.values[index]) else {
        continue
      }
      let point = rectification.leftFromRectified * seen
      for value in [point.x, point.y, point.z] {
        withUnsafeBytes(of: Float(value).bitPattern.littleEndian) { body.append(contentsOf: $0) }
      }
      let pixel = index * image.channels
      for channel in (0..<3).reversed() { body.append(image.pixels[pixel + min(channel, image.channels - 1)]) }
      count += 1
    }
    let properties = ["float x", "float y", "float z", "uchar red", "uchar green", "uchar blue"].map { "property \($0)\n" }.joined()
    return Array("ply\nformat binary_little_endian 1.0\nelement vertex \(count)\n\(properties)end_header\n".utf8) + body
  }
}
