import Geometry
import Records

/// A file of cameras as an option names it, for pictures of a size.
enum CameraArgument {
  /// The cameras, scaled to the pictures where they were calibrated at another size of the same shape.
  ///
  /// - Throws: `CommandError.malformed` where the shapes differ: then the pictures were cut, and nobody told where.
  static func rig(_ path: String, width: Int, height: Int) throws -> CameraRig {
    let file = try CameraReader.read(path: path)
    for warning in file.warnings { StandardError.warn("\(path): \(warning)") }
    let camera = file.rig.left
    guard camera.width > 0, (camera.width, camera.height) != (width, height) else { return file.rig }
    let sizes = "the camera of \(path) is for \(camera.width)×\(camera.height) pixels and the pictures have \(width)×\(height)"
    // A pixel's rounding of either side.
    let stretch = Double(width) / Double(camera.width) * Double(camera.height) / Double(height)
    guard abs(stretch - 1) < 1.5 / Double(min(width, height)) else {
      throw CommandError.malformed("\(sizes), which is another shape; calibrate at this size")
    }
    StandardError.warn("\(sizes); it is scaled")
    return CameraRig(
      left: camera.scaled(width: width, height: height), right: file.rig.right?.scaled(width: width, height: height),
      rightFromLeft: file.rig.rightFromLeft)
  }
}
