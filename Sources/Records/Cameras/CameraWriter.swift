import Geometry

/// Writes files of cameras as OpenCV's storage, in YAML or XML, which OpenCV's own `FileStorage` reads.
public enum CameraWriter {
  /// Writes a file; a name that ends in `.xml` is written as XML, any other as YAML.
  ///
  /// - Parameter path: `-` is standard output.
  /// - Throws: `RecordsError` where it exists or cannot be written.
  public static func write(_ file: CameraFile, path: String, overwrite: Bool) throws(RecordsError) {
    let sink = try OutputSink(path: path, policy: .whole, overwrite: overwrite)
    try sink.write(text(file, isXML: path.lowercased().hasSuffix(".xml")))
    try sink.close()
  }

  /// The text of a file.
  public static func text(_ file: CameraFile, isXML: Bool = false) -> TextBuffer {
    var storage = StorageText(isXML: isXML)
    let (left, rig) = (file.rig.left, file.rig)
    if left.width > 0 {
      storage.append("image_width", "\(left.width)")
      storage.append("image_height", "\(left.height)")
    }
    if case .fisheye = left.distortion {
      storage.append("distortion_model", "fisheye")
    } else if left.distortion.coefficients.isEmpty, rig.right.map(\.distortion.coefficients.isEmpty) ?? true {
      storage.append("distortion_model", "none")
    }
    if let right = rig.right {
      storage.append(left, "M1", "D1")
      storage.append(right, "M2", "D2")
      if let place = rig.rightFromLeft {
        storage.append("R", rows: 3, place.rotation.rowMajor)
        storage.append("T", rows: 3, [place.translation.x, place.translation.y, place.translation.z])
      }
    } else {
      storage.append(left, "camera_matrix", "distortion_coefficients")
    }
    for (quality, side) in zip(file.quality, rig.right == nil ? [""] : ["left_", "right_"]) { storage.append(quality, side) }
    if let error = file.stereoError { storage.append(number: "stereo_reprojection_error", error) }
    storage.end()
    return storage.text
  }
}

/// OpenCV's storage under construction.
private struct StorageText {
  let isXML: Bool
  var text = TextBuffer()

  init(isXML: Bool) {
    self.isXML = isXML
    text.append(isXML ? "<?xml version=\"1.0\"?>\n<opencv_storage>\n" : "%YAML:1.0\n---\n")
  }

  mutating func end() { if isXML { text.append("</opencv_storage>\n") } }

  /// Names and values are this file's own words and numbers: there is nothing to escape.
  mutating func append(_ name: String, _ value: String) {
    text.append(isXML ? "<\(name)>\(value)</\(name)>\n" : "\(name): \(value)\n")
  }

  mutating func append(number name: String, _ value: Double) { append(name, StorageText.number(value)) }

  mutating func append(_ name: String, rows: Int, _ values: [Double]) {
    guard !values.isEmpty else { return }
    let columns = values.count / rows
    if isXML {
      let data = values.map(StorageText.number).joined(separator: " ")
      text.append("<\(name) type_id=\"opencv-matrix\">\n  <rows>\(rows)</rows>\n  <cols>\(columns)</cols>\n  <dt>d</dt>\n")
      text.append("  <data>\(data)</data></\(name)>\n")
    } else {
      let data = values.map(StorageText.number).joined(separator: ", ")
      text.append("\(name): !!opencv-matrix\n   rows: \(rows)\n   cols: \(columns)\n   dt: d\n   data: [ \(data) ]\n")
    }
  }

  mutating func append(_ camera: CameraModel, _ matrix: String, _ lens: String) {
    let center = (x: camera.center.x - 0.5, y: camera.center.y - 0.5)
    append(matrix, rows: 3, [camera.focalX, 0, center.x, 0, camera.focalY, center.y, 0, 0, 1])
    append(lens, rows: camera.distortion.coefficients.count, camera.distortion.coefficients)
  }

  mutating func append(_ quality: CameraQuality, _ side: String) {
    append(number: side + "avg_reprojection_error", quality.error)
    append(side + "per_view_reprojection_errors", rows: quality.viewErrors.count, quality.viewErrors)
    append(side + "parameter_deviations", rows: quality.deviations.count, quality.deviations)
  }

  /// The shortest digits that read back to the value; OpenCV wants a point in a real number.
  private static func number(_ value: Double) -> String {
    let text = "\(value)"
    return text.contains(".") || text.contains("e") ? text : text + "."
  }
}
