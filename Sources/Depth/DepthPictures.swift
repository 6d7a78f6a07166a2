public import Geometry
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

  /// The measured points: x, y, z in metres in the left camera's frame.
  ///
  /// - Parameter image: The rectified left picture.
  public static func pointCloud(_ map: DisparityMap, _ rectification: StereoRectification, colors image: Image) -> PointCloud {
    var cloud = PointCloud()
    for index in map.values.indices where map.isMeasured[index] {
      guard let seen = rectification.point(x: index % map.width, y: index / map.width, disparity: map.values[index]) else {
        continue
      }
      cloud.add(rectification.leftFromRectified * seen, colored: image, at: index)
    }
    return cloud
  }

  /// The measured points of inverse depths: x, y, z in the world's frame.
  ///
  /// - Parameters:
  ///   - map: 1 / z along the optical axis.
  ///   - camera: Without distortion.
  ///   - worldFromCamera: Where the picture was taken.
  ///   - image: The picture.
  public static func pointCloud(
    _ map: DisparityMap, camera: CameraModel, worldFromCamera: RigidTransform, colors image: Image
  ) -> PointCloud {
    var cloud = PointCloud()
    image.grid.forEachPixel { x, y, index in
      guard map.isMeasured[index], map.values[index] > 0, let ray = camera.ray(Point(Double(x) + 0.5, Double(y) + 0.5)) else {
        return
      }
      cloud.add(worldFromCamera * (ray / Double(map.values[index])), colored: image, at: index)
    }
    return cloud
  }
}
