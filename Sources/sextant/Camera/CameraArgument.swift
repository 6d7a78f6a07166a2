import Geometry
import Records

/// A file of cameras as an option names it, for pictures of a size.
enum CameraArgument {
  /// The cameras, scaled to the pictures where they were calibrated at another size of the same shape; warnings are told.
  ///
  /// - Parameter isQuiet: Whether the warnings have been told before.
  /// - Throws: `RecordsError`, also where the shapes differ.
  static func rig(_ path: String, width: Int, height: Int, isQuiet: Bool = false) throws -> CameraRig {
    let file = try CameraReader.read(path: path).fitted(width: width, height: height, path: path)
    for warning in file.warnings where !isQuiet { StandardError.warn("\(path): \(warning)") }
    return file.rig
  }
}
