import Geometry

/// Kalibr's chain: `cam0`, `cam1`, each with its intrinsics, its distortion and its place in the frame of the one before.
enum KalibrCameras {
  static func read(_ document: CameraDocument) throws(CameraProblem) -> CameraFile {
    guard let first = document["cam0"] else { throw CameraProblem("it has no \"cam0\"") }
    let left = try camera(first, "cam0")
    var file = CameraFile(rig: CameraRig(left: left), format: .kalibr)
    warn(of: first, "cam0", &file)
    guard let second = document["cam1"] else { return file }
    file.rig = CameraRig(left: left, right: try camera(second, "cam1"), rightFromLeft: try place(second))
    warn(of: second, "cam1", &file)
    if document["cam2"] != nil { file.warnings.append("it has more than two cameras; cam0 and cam1 are taken") }
    return file
  }

  private static func warn(of entry: CameraDocument, _ name: String, _ file: inout CameraFile) {
    guard entry["distortion_model"] == nil else { return }
    file.warnings.append("\(name) has no \"distortion_model\"; its lens is taken as free of distortion")
  }

  private static func camera(_ entry: CameraDocument, _ name: String) throws(CameraProblem) -> CameraModel {
    let model = entry["camera_model"]?.text ?? ""
    guard model == "pinhole" else {
      throw CameraProblem("\(name) has the camera model \"\(model)\"; this program reads \"pinhole\"")
    }
    guard let k = entry["intrinsics"]?.numbers, k.count == 4 else {
      throw CameraProblem("the intrinsics of \(name) are not 4 numbers")
    }
    guard let size = entry["resolution"]?.numbers, size.count == 2 else {
      throw CameraProblem("the resolution of \(name) is not 2 numbers")
    }
    return CameraModel(
      width: try OpenCVCameras.side(size[0]), height: try OpenCVCameras.side(size[1]), focalX: k[0], focalY: k[1],
      center: Point(k[2] + 0.5, k[3] + 0.5), distortion: try lens(entry, name))
  }

  private static func lens(_ entry: CameraDocument, _ name: String) throws(CameraProblem) -> CameraModel.Distortion {
    let model = entry["distortion_model"]?.text ?? "none"
    if model == "none" { return .radialTangential([]) }
    guard let values = entry["distortion_coeffs"]?.numbers, values.count == 4 else {
      throw CameraProblem("the distortion_coeffs of \(name) are not 4 numbers")
    }
    switch model {
    case "radtan": return .radialTangential(values)
    case "equidistant": return .fisheye(values)
    default:
      throw CameraProblem("\(name) has the distortion model \"\(model)\"; this program reads radtan, equidistant and none")
    }
  }

  private static func place(_ entry: CameraDocument) throws(CameraProblem) -> RigidTransform {
    guard let t = entry["T_cn_cnm1"]?.numbers, t.count == 16 else {
      throw CameraProblem("T_cn_cnm1 of cam1 is not 4 rows of 4 numbers")
    }
    let rotation = Matrix3(rows: Vector3(t[0], t[1], t[2]), Vector3(t[4], t[5], t[6]), Vector3(t[8], t[9], t[10]))
    return RigidTransform(rotation: rotation, translation: Vector3(t[3], t[7], t[11]))
  }
}
