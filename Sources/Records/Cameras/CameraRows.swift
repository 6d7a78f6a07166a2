import Geometry

/// Files of cameras whose lines are words: COLMAP's `cameras.txt` and KITTI's `calib.txt`.
struct CameraRows {
  private enum Content {
    case colmap([[Substring]])
    case kitti([(name: Substring?, numbers: [Double])])
  }
  private let content: Content

  /// - Returns: nil where the lines are of neither kind.
  init?(_ text: String) {
    let lines = text.split(whereSeparator: \.isNewline)
      .filter { line in line.first { !$0.isWhitespace }.map { $0 != "#" } ?? false }
      .prefix(10_000)
      .map { $0.split(whereSeparator: \.isWhitespace) }
    guard let first = lines.first else { return nil }
    if first.count >= 5, Int(first[0]) != nil, Double(first[1]) == nil {
      content = .colmap(lines)
      return
    }
    let rows = lines.compactMap(CameraRows.projection)
    // Beside named rows there may be others, such as Tr:.
    guard let row = rows.first, rows.count == lines.count || row.name != nil else { return nil }
    content = .kitti(rows)
  }

  /// Twelve numbers, perhaps behind a name such as `P0:`.
  private static func projection(_ words: [Substring]) -> (name: Substring?, numbers: [Double])? {
    let name = words.first.flatMap { $0.hasPrefix("P") && $0.hasSuffix(":") ? $0.dropLast() : nil }
    let numbers = words.dropFirst(name == nil ? 0 : 1).compactMap { Double($0) }
    return numbers.count == 12 && words.count == (name == nil ? 12 : 13) ? (name, numbers) : nil
  }

  func file() throws(CameraProblem) -> CameraFile {
    switch content {
    case .colmap(let lines):
      var file = CameraFile(rig: CameraRig(left: try CameraRows.colmap(lines[0])), format: .colmap)
      if lines.count > 1 { file.warnings.append("it has \(lines.count) cameras; the first one is taken") }
      return file
    case .kitti(let rows): return try CameraRows.kitti(rows)
    }
  }

  // MARK: - COLMAP

  /// `CAMERA_ID MODEL WIDTH HEIGHT PARAMS…`; COLMAP's pixels are this package's.
  private static func colmap(_ words: [Substring]) throws(CameraProblem) -> CameraModel {
    let p = words.dropFirst(4).compactMap { Double($0) }
    guard p.count == words.count - 4 else { throw CameraProblem("a parameter of its camera is no number") }
    let (width, height) = (try OpenCVCameras.side(Double(words[2])), try OpenCVCameras.side(Double(words[3])))
    func camera(_ count: Int, sharesFocal: Bool, _ lens: ([Double]) -> CameraModel.Distortion) throws(CameraProblem) -> CameraModel
    {
      guard p.count == count else { throw CameraProblem("\(words[1]) has \(count) parameters, not \(p.count)") }
      let rest = sharesFocal ? Array(p.dropFirst()) : Array(p.dropFirst(2))
      return CameraModel(
        width: width, height: height, focalX: p[0], focalY: sharesFocal ? p[0] : p[1], center: Point(rest[0], rest[1]),
        distortion: lens(Array(rest.dropFirst(2))))
    }
    switch words[1] {
    case "SIMPLE_PINHOLE": return try camera(3, sharesFocal: true) { _ in .radialTangential([]) }
    case "PINHOLE": return try camera(4, sharesFocal: false) { _ in .radialTangential([]) }
    case "SIMPLE_RADIAL": return try camera(4, sharesFocal: true) { .radialTangential([$0[0], 0, 0, 0]) }
    case "RADIAL": return try camera(5, sharesFocal: true) { .radialTangential([$0[0], $0[1], 0, 0]) }
    case "OPENCV": return try camera(8, sharesFocal: false) { .radialTangential($0) }
    case "FULL_OPENCV": return try camera(12, sharesFocal: false) { .radialTangential($0) }
    case "OPENCV_FISHEYE": return try camera(8, sharesFocal: false) { .fisheye($0) }
    default:
      throw CameraProblem(
        "it has the camera model \(words[1]); this program reads SIMPLE_PINHOLE, PINHOLE, SIMPLE_RADIAL, RADIAL, OPENCV, FULL_OPENCV and OPENCV_FISHEYE"
      )
    }
  }

  // MARK: - KITTI

  /// Rows of projection matrices: the first is the left camera, the second the right one.
  private static func kitti(_ rows: [(name: Substring?, numbers: [Double])]) throws(CameraProblem) -> CameraFile {
    let left = rows[0].numbers
    guard rows.count > 1 else { return CameraFile(rig: CameraRig(left: camera(left)), format: .kitti) }
    let right = rows[1].numbers
    guard left[0] != 0, right[0] != 0 else { throw CameraProblem("a focal length is 0") }
    let baseline = right[3] / right[0] - left[3] / left[0]
    return CameraFile(
      rig: CameraRig(
        left: camera(left), right: camera(right),
        rightFromLeft: RigidTransform(rotation: .identity, translation: Vector3(baseline, 0, 0))), format: .kitti)
  }

  private static func camera(_ p: [Double]) -> CameraModel {
    CameraModel(width: 0, height: 0, focalX: p[0], focalY: p[5], center: Point(p[2] + 0.5, p[6] + 0.5))
  }
}
