internal import COpenCV
public import Geometry

/// Where the pixels of a picture come from in another, made once for many pictures.
public struct PixelMap: Sendable {
  /// Pixels in a row of the result.
  public let width: Int
  /// Rows.
  public let height: Int
  /// x and y of each pixel in the source as OpenCV counts, row by row.
  let places: [Float]

  /// The map that shows a picture of `camera` as `target` sees it, turned.
  ///
  /// - Parameters:
  ///   - target: The camera to show; its size is the result's.
  ///   - rotation: Maps directions of the target's frame to the camera's.
  /// - Throws: `ImagingError` for a size that cannot be used.
  public init(from camera: CameraModel, to target: CameraModel, rotation: Matrix3 = .identity) throws(ImagingError) {
    guard Image.isUsableSize(width: target.width, height: target.height) else {
      throw ImagingError(
        .invalidArgument, operation: "map pixels", detail: Image.sizeComplaint(width: target.width, height: target.height))
    }
    width = target.width
    height = target.height
    var places = [Float](repeating: -1, count: 2 * width * height)
    for y in 0..<height {
      for x in 0..<width {
        guard let ray = target.ray(Point(Double(x) + 0.5, Double(y) + 0.5)), let place = camera.project(rotation * ray) else {
          continue
        }
        let index = 2 * (y * width + x)
        places[index] = Float(place.x - 0.5)
        places[index + 1] = Float(place.y - 0.5)
      }
    }
    self.places = places
  }
}

extension Image {
  /// The picture as a map shows it, sampled bilinearly, black outside.
  public func remapped(by map: PixelMap) throws(ImagingError) -> Image {
    try mapped(width: map.width, height: map.height, channels: channels, "show a picture as another camera") {
      sxcv_remap($0, $1, map.places, map.places.count / 2, $2)
    }
  }
}
