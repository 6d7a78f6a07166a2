import Geometry

extension CameraFile {
  /// The cameras for pictures of a size, scaled where they were calibrated at another size of the same shape, with a warning.
  ///
  /// - Parameter path: Of the file, for an error.
  /// - Throws: `RecordsError.malformed` where the shapes differ: then the pictures were cut, and nobody told where; and for numbers that no camera has.
  public func fitted(width: Int, height: Int, path: String) throws(RecordsError) -> CameraFile {
    let camera = rig.left
    for camera in [rig.left, rig.right].compactMap({ $0 }) {
      // Pictures that the file does not tell the size of are taken as they are.
      let size = camera.width > 0 ? (camera.width, camera.height) : (width, height)
      if let problem = camera.impossibility(width: size.0, height: size.1) { throw .malformed(path: path, reason: problem) }
    }
    guard camera.width > 0, width > 0, height > 0, (camera.width, camera.height) != (width, height) else { return self }
    let sizes = "it is for \(camera.width)×\(camera.height) pixels and the pictures have \(width)×\(height)"
    let stretch = Double(width) / Double(camera.width) * Double(camera.height) / Double(height)
    // A pixel's rounding of either side.
    guard abs(stretch - 1) < 1.5 / Double(min(width, height)) else {
      throw .malformed(path: path, reason: "\(sizes), which is another shape; calibrate at this size")
    }
    var fitted = self
    fitted.warnings.append("\(sizes); it is scaled")
    fitted.rig.left = camera.scaled(width: width, height: height)
    fitted.rig.right = rig.right?.scaled(width: width, height: height)
    return fitted
  }
}

extension CameraModel {
  /// Focal lengths for each pixel of a picture's longer side: below are views of more than 170° that no pinhole or fisheye maps to a picture, above telescopes.
  private static let focalLengths = 0.02...1e5
  /// Sides of the picture that the principal point may lie away from it: pictures are cut from larger ones.
  private static let farthestCenter = 100.0

  /// Why no camera makes pictures of a size with these numbers, for an error; nil where one may.
  fileprivate func impossibility(width: Int, height: Int) -> String? {
    let side = Double(max(width, height))
    guard side > 0 else { return nil }
    for focal in [focalX, focalY] where !CameraModel.focalLengths.contains(focal / side) {
      return "a focal length of \(focal) pixels is not one of pictures of \(width)×\(height)"
    }
    guard max(abs(center.x), abs(center.y)) <= CameraModel.farthestCenter * side else {
      return "its principal point, \(center.x), \(center.y), lies too far outside of pictures of \(width)×\(height)"
    }
    return nil
  }
}
