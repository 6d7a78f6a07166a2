import Geometry

/// Reads files of cameras: OpenCV's YAML and XML, Kalibr's, COLMAP's, KITTI's. The kind is told by the content.
///
/// Nothing in a file makes more memory than the file itself has bytes, and those are bounded. A number that is missing, not finite or without
/// sense is an error that names its key.
public enum CameraReader {
  /// A file of two cameras has a few thousand bytes; with the points of many views some hundred thousand.
  static let maximumBytes = 1 << 24

  /// - Throws: `RecordsError` that names the file and the key or line.
  public static func read(path: String) throws(RecordsError) -> CameraFile {
    try read(bytes: try LineReader(path: path).readAll(limit: maximumBytes), name: path)
  }

  /// Reads the bytes of such a file.
  public static func read(bytes: [UInt8], name: String) throws(RecordsError) -> CameraFile {
    do throws(CameraProblem) {
      let file = try read(bytes)
      for (side, camera) in [("", file.rig.left), ("right: ", file.rig.right ?? file.rig.left)] {
        if let problem = camera.problem { throw CameraProblem(side + problem) }
      }
      if let place = file.rig.rightFromLeft, !place.isFinite || place.rotation.rotationDefect > 1e-3 {
        throw CameraProblem("the rotation between its cameras is none")
      }
      return file
    } catch {
      throw .malformed(path: name, reason: error.reason)
    }
  }

  private static func read(_ bytes: [UInt8]) throws(CameraProblem) -> CameraFile {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let first = text.first(where: { !$0.isWhitespace && $0 != "\u{FEFF}" }) else { throw CameraProblem("it is empty") }
    if first == "<" {
      return try OpenCVCameras.read(parsed { () throws(CameraDocument.Problem) in try .parse(xml: bytes) }, .openCVXML)
    }
    if let rows = CameraRows(text) { return try rows.file() }
    let document = try parsed { () throws(CameraDocument.Problem) in try PlainYAML.parse(text) }
    return document["cam0"] != nil ? try KalibrCameras.read(document) : try OpenCVCameras.read(document, .openCV)
  }

  private static func parsed(
    _ parse: () throws(CameraDocument.Problem) -> CameraDocument
  ) throws(CameraProblem) -> CameraDocument {
    do throws(CameraDocument.Problem) {
      return try parse()
    } catch {
      throw CameraProblem("line \(error.line): \(error.reason)")
    }
  }
}

/// Why a file is no camera.
struct CameraProblem: Error {
  var reason: String
  init(_ reason: String) { self.reason = reason }
}
