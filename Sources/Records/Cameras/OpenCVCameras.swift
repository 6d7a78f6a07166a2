import Geometry

/// Cameras in OpenCV's storage (YAML or XML): `camera_matrix`, or `M1`, `D1`, `M2`, `D2`, `R`, `T` of two.
enum OpenCVCameras {
  static func read(_ document: CameraDocument, _ format: CameraFile.Format) throws(CameraProblem) -> CameraFile {
    let size = try size(document)
    let lens = try LensName(document)
    if document["M1"] != nil { return try pair(document, format, size, lens) }
    let names = ["camera_matrix", "cameraMatrix", "Camera_Matrix", "K"]
    guard let name = names.first(where: { document[$0] != nil }) else {
      throw CameraProblem("it has no \"camera_matrix\" (nor \"M1\" of two cameras)")
    }
    let coefficients = ["distortion_coefficients", "distCoeffs", "Distortion_Coefficients", "dist_coeffs", "D"]
    let found = coefficients.first { document[$0] != nil }
    var file = CameraFile(
      rig: CameraRig(left: try camera(document, name, found, size, lens == .fisheye)), format: format)
    if found == nil { warn(of: coefficients[0], lens, &file) }
    return file
  }

  private static func pair(
    _ document: CameraDocument, _ format: CameraFile.Format, _ size: (width: Int, height: Int), _ lens: LensName
  ) throws(CameraProblem) -> CameraFile {
    let left = try camera(document, "M1", "D1", size, lens == .fisheye)
    var file = CameraFile(rig: CameraRig(left: left), format: format)
    if document["M2"] != nil {
      let place = try place(document)
      file.rig = CameraRig(left: left, right: try camera(document, "M2", "D2", size, lens == .fisheye), rightFromLeft: place)
      if place == nil { file.warnings.append("it has two cameras and no R and T, so where the right one is is not known") }
    }
    for (matrix, name) in [("M1", "D1"), ("M2", "D2")] where document[matrix] != nil && document[name] == nil {
      warn(of: name, lens, &file)
    }
    return file
  }

  /// Coefficients that are not there are those of a lens without distortion, which few cameras have: that is told unless the file says so itself.
  private static func warn(of name: String, _ lens: LensName, _ file: inout CameraFile) {
    guard lens != .none else { return }
    file.warnings.append("it has no \"\(name)\"; the lens is taken as free of distortion")
  }

  /// The lens that a file names, under OpenCV's own key or ROS's.
  private enum LensName {
    case unnamed, none, radialTangential, fisheye

    private static let known: [String: LensName] = [
      "fisheye": .fisheye, "equidistant": .fisheye, "plumb_bob": .radialTangential, "rational_polynomial": .radialTangential,
      "radtan": .radialTangential, "radial_tangential": .radialTangential, "pinhole": .radialTangential, "none": .none,
    ]

    init(_ document: CameraDocument) throws(CameraProblem) {
      self = .unnamed
      if let entry = document["fisheye_model"] {
        guard let flag = entry.number else { throw CameraProblem("\"fisheye_model\" is neither 0 nor 1") }
        self = flag != 0 ? .fisheye : .radialTangential
      }
      for key in ["camera_model", "distortion_model"] {
        guard let entry = document[key] else { continue }
        guard let lens = entry.text.flatMap({ Self.known[$0.lowercased()] }) else {
          throw CameraProblem(
            "it has the \(key) \"\(MessageText.printable(entry.text ?? ""))\"; this program models \(Self.known.keys.sorted().joined(separator: ", "))"
          )
        }
        // A pinhole says nothing of the lens before it.
        if self != .fisheye { self = lens }
      }
    }
  }

  private static func size(_ document: CameraDocument) throws(CameraProblem) -> (width: Int, height: Int) {
    if let list = document["image_size", "imageSize", "image_Size"] {
      guard let numbers = list.numbers, numbers.count == 2 else { throw CameraProblem("its image size is not two numbers") }
      return (try side(numbers[0]), try side(numbers[1]))
    }
    guard let width = document["image_width", "width"], let height = document["image_height", "height"] else { return (0, 0) }
    return (try side(width.number), try side(height.number))
  }

  /// Pixels of a picture's side.
  static func side(_ number: Double?) throws(CameraProblem) -> Int {
    guard let number, number >= 1, number <= 1e6, let side = Int(exactly: number) else {
      throw CameraProblem("the size of its pictures is not in whole pixels of 1 to 1000000")
    }
    return side
  }

  /// A number of rows as people write it.
  private static func count(_ number: Double) -> String { Int(exactly: number).map { "\($0)" } ?? "\(number)" }

  /// The values of a matrix of these many rows and columns.
  private static func matrix(_ document: CameraDocument, _ name: String, _ sizes: [Int]) throws(CameraProblem) -> [Double] {
    guard let value = document[name] else { throw CameraProblem("it has no \"\(name)\"") }
    // ROS and some programs write the rows and columns beside the data, others the bare list.
    let data = value["data"] ?? value
    guard let numbers = data.numbers else { throw CameraProblem("\"\(name)\" has no data, or data that are no finite numbers") }
    if let rows = value["rows"]?.number, let columns = value["cols"]?.number, rows * columns != Double(numbers.count) {
      throw CameraProblem("\"\(name)\" says \(count(rows)) rows of \(count(columns)) and has \(numbers.count) numbers")
    }
    guard sizes.contains(numbers.count) else {
      throw CameraProblem("\"\(name)\" has \(numbers.count) numbers instead of \(sizes.map(String.init).joined(separator: " or "))")
    }
    return numbers
  }

  private static func camera(
    _ document: CameraDocument, _ matrixName: String, _ lensName: String?, _ size: (width: Int, height: Int), _ isFisheye: Bool
  ) throws(CameraProblem) -> CameraModel {
    let k = try matrix(document, matrixName, [9])
    guard abs(k[1]) < 1e-9 * abs(k[0]), k[3] == 0, k[6] == 0, k[7] == 0, k[8] == 1 else {
      throw CameraProblem("\"\(matrixName)\" is not of the form fx 0 cx, 0 fy cy, 0 0 1")
    }
    var lens: [Double] = []
    if let lensName, document[lensName] != nil {
      // Thin prism and tilt (12, 14) are taken where they are zero.
      lens = try matrix(document, lensName, isFisheye ? [4] : [4, 5, 8, 12, 14])
      guard lens.dropFirst(8).allSatisfy({ $0 == 0 }) else {
        throw CameraProblem("\"\(lensName)\" has a thin prism or a tilt, which this program does not model")
      }
      lens = Array(lens.prefix(8))
    } else if isFisheye {
      throw CameraProblem("it is a fisheye without coefficients")
    }
    return CameraModel(
      width: size.width, height: size.height, focalX: k[0], focalY: k[4], center: Point(k[2] + 0.5, k[5] + 0.5),
      distortion: isFisheye ? .fisheye(lens) : .radialTangential(lens))
  }

  private static func place(_ document: CameraDocument) throws(CameraProblem) -> RigidTransform? {
    guard document["R"] != nil, document["T"] != nil else { return nil }
    let r = try matrix(document, "R", [9, 3])
    let t = try matrix(document, "T", [3])
    let translation = Vector3(t[0], t[1], t[2])
    if r.count == 3 { return RigidTransform(rotationVector: Vector3(r[0], r[1], r[2]), translation: translation) }
    let rotation = Matrix3(rows: Vector3(r[0], r[1], r[2]), Vector3(r[3], r[4], r[5]), Vector3(r[6], r[7], r[8]))
    return RigidTransform(rotation: rotation, translation: translation)
  }
}
