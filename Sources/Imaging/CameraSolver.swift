internal import COpenCV
public import Geometry

/// Cameras from the points of boards (Zhang, 2000, by OpenCV's calibrateCamera, fisheye::calibrate and stereoCalibrate).
public enum CameraSolver {
  /// The lenses that a calibration can look for.
  public enum Lens: String, CaseIterable, Sendable {
    /// k₁, k₂, p₁, p₂, k₃.
    case pinhole
    /// k₁ to k₄.
    case fisheye
  }

  /// Points of a board in its plane, and where they were seen.
  public struct View: Sendable {
    /// In the unit that translations are to have.
    public var board: [Point]
    /// In this package's pixels, one for each.
    public var image: [Point]

    /// - Parameters: As the properties of their names.
    public init(board: [Point], image: [Point]) {
      precondition(board.count == image.count, "a place for each point")
      self.board = board
      self.image = image
    }
  }

  /// The camera that fits the views best, and for each view the map from the board to the camera.
  ///
  /// - Throws: `ImagingError` where the views do not determine one.
  public static func solve(
    _ views: [View], lens: Lens, width: Int, height: Int
  ) throws(ImagingError) -> (camera: CameraModel, poses: [RigidTransform]) {
    var camera = sxcv_camera()
    camera.kind = Int32(lens == .fisheye ? SXCV_FISHEYE : SXCV_RADIAL_TANGENTIAL)
    (camera.width, camera.height) = (Int32(clamping: width), Int32(clamping: height))
    var poses = [Double](repeating: 0, count: 6 * views.count)
    var rms = 0.0
    try OpenCVCall.check("calibrate from \(views.count) views") { message in
      withNative(views) { sxcv_calibrate($0, &camera, &poses, &rms, message) }
    }
    let model = CameraModel(
      width: width, height: height, focalX: camera.fx, focalY: camera.fy, center: Point(camera.cx + 0.5, camera.cy + 0.5),
      distortion: distortion(camera, lens))
    let transforms = stride(from: 0, to: poses.count, by: 6).map { i in
      RigidTransform(
        rotationVector: Vector3(poses[i], poses[i + 1], poses[i + 2]),
        translation: Vector3(poses[i + 3], poses[i + 4], poses[i + 5]))
    }
    guard model.problem == nil, transforms.allSatisfy(\.isFinite) else {
      throw ImagingError(.library, operation: "calibrate from \(views.count) views", detail: "the views do not determine a camera")
    }
    return (model, transforms)
  }

  /// Where the right camera is: the map from the left one's frame to its own, with the root mean square of the reprojection errors in pixels.
  ///
  /// - Parameters:
  ///   - left: The views of the left camera.
  ///   - right: The same points as the right one sees them, view by view.
  public static func solvePair(
    left: [View], right: [View], leftCamera: CameraModel, rightCamera: CameraModel
  ) throws(ImagingError) -> (rightFromLeft: RigidTransform, error: Double) {
    var (first, second) = (native(leftCamera), native(rightCamera))
    var rotation = [Double](repeating: 0, count: 9)
    var translation = [Double](repeating: 0, count: 3)
    var rms = 0.0
    try OpenCVCall.check("place two cameras by \(left.count) pairs of views") { message in
      withNative(left) { leftViews in
        withNative(right) { rightViews in
          sxcv_calibrate_stereo(leftViews, rightViews, &first, &second, &rotation, &translation, &rms, message)
        }
      }
    }
    let r = rotation
    let place = RigidTransform(
      rotation: Matrix3(rows: Vector3(r[0], r[1], r[2]), Vector3(r[3], r[4], r[5]), Vector3(r[6], r[7], r[8])),
      translation: Vector3(translation[0], translation[1], translation[2]))
    guard place.isFinite, rms.isFinite else {
      throw ImagingError(.library, operation: "place two cameras", detail: "the views do not determine their places")
    }
    return (place, rms)
  }

  private static func distortion(_ camera: sxcv_camera, _ lens: Lens) -> CameraModel.Distortion {
    let d = camera.distortion
    return lens == .fisheye ? .fisheye([d.0, d.1, d.2, d.3]) : .radialTangential([d.0, d.1, d.2, d.3, d.4])
  }

  private static func native(_ model: CameraModel) -> sxcv_camera {
    var camera = sxcv_camera()
    if case .fisheye = model.distortion { camera.kind = Int32(SXCV_FISHEYE) }
    (camera.width, camera.height) = (Int32(clamping: model.width), Int32(clamping: model.height))
    (camera.fx, camera.fy) = (model.focalX, model.focalY)
    (camera.cx, camera.cy) = (model.center.x - 0.5, model.center.y - 0.5)
    let d = model.distortion.coefficients + [0, 0, 0, 0, 0]
    camera.distortion = (d[0], d[1], d[2], d[3], d[4])
    return camera
  }

  private static func withNative<R>(_ views: [View], _ body: (sxcv_views) -> R) -> R {
    let counts = views.map(\.board.count)
    let board = views.flatMap(\.board).flatMap { [$0.x, $0.y, 0.0] }
    let image = views.flatMap(\.image).flatMap { [$0.x - 0.5, $0.y - 0.5] }
    return board.withUnsafeBufferPointer { board in
      image.withUnsafeBufferPointer { image in
        counts.withUnsafeBufferPointer { counts in
          body(
            sxcv_views(
              board_points: board.baseAddress, image_points: image.baseAddress, counts: counts.baseAddress,
              view_count: counts.count))
        }
      }
    }
  }
}
