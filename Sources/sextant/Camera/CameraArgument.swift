import Geometry
import Records

/// A file of cameras as an option names it, for pictures of a size.
enum CameraArgument {
  /// The cameras, scaled to the pictures where they were calibrated at another size of the same shape; warnings are told.
  ///
  /// - Throws: `RecordsError`, also where the shapes differ.
  static func rig(_ path: String, width: Int, height: Int) throws -> CameraRig {
    let file = try CameraReader.read(path: path).fitted(width: width, height: height, path: path)
    for warning in file.warnings { StandardError.warn("\(path): \(warning)") }
    return file.rig
  }
}
