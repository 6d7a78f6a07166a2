import Geometry

extension CameraFile {
  /// The cameras for pictures of a size, scaled where they were calibrated at another size of the same shape, with a warning.
  ///
  /// - Parameter path: Of the file, for an error.
  /// - Throws: `RecordsError.malformed` where the shapes differ: then the pictures were cut, and nobody told where.
  public func fitted(width: Int, height: Int, path: String) throws(RecordsError) -> CameraFile {
    let camera = rig.left
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
