internal import COpenCV
public import Geometry

/// Poses and motions of a camera from points, robustly (OpenCV's solvePnPRansac, findEssentialMat and recoverPose). Equal input gives equal output.
public enum PoseSolver {
  /// How many points may be wrong, and by how much the others miss.
  public struct Settings: Hashable, Sendable {
    /// A point beyond this does not fit, as a share of the focal length: pixels over the focal length in pixels.
    public var threshold: Double
    /// The share of runs that meet a sample without mistakes.
    public var confidence: Double
    /// The most samples.
    public var iterations: Int

    /// - Parameters: As the properties of their names.
    public init(threshold: Double, confidence: Double = 0.999, iterations: Int = 500) {
      self.threshold = threshold
      self.confidence = confidence
      self.iterations = iterations
    }

    var native: sxcv_robust_settings {
      sxcv_robust_settings(threshold: threshold, confidence: confidence, iterations: Int32(clamping: iterations))
    }
  }

  /// The map from space to the camera's frame that most points agree with.
  ///
  /// - Parameters:
  ///   - points: In space.
  ///   - rays: (x, y, 1) of the camera's frame, one for each.
  /// - Returns: The map and which points fit; nil where there is none.
  public static func pose(
    of points: [Vector3], seenAlong rays: [Vector3], settings: Settings
  ) throws(ImagingError) -> (cameraFromWorld: RigidTransform, fits: [Bool])? {
    precondition(points.count == rays.count, "a ray for each point")
    let space = points.flatMap { [$0.x, $0.y, $0.z] }
    let places = rays.flatMap { [$0.x, $0.y] }
    var pose = [Double](repeating: 0, count: 6)
    var fits = [UInt8](repeating: 0, count: points.count)
    var isFound: Int32 = 0
    try OpenCVCall.check("find a pose from \(points.count) points") {
      sxcv_solve_pose(space, places, points.count, settings.native, &pose, &fits, &isFound, $0)
    }
    let transform = RigidTransform(
      rotationVector: Vector3(pose[0], pose[1], pose[2]), translation: Vector3(pose[3], pose[4], pose[5]))
    guard isFound != 0, transform.isFinite else { return nil }
    return (transform, fits.map { $0 != 0 })
  }

  /// The motion between two pictures that most matches agree with, with a translation of length 1.
  ///
  /// - Parameters:
  ///   - first: Rays (x, y, 1) of the first camera.
  ///   - second: Those of the second, one for each.
  /// - Returns: The map from the first camera's frame to the second's and which matches lie before both; nil where there is none.
  public static func motion(
    from first: [Vector3], to second: [Vector3], settings: Settings
  ) throws(ImagingError) -> (secondFromFirst: RigidTransform, fits: [Bool])? {
    precondition(first.count == second.count, "matches come in pairs")
    let (a, b) = (first.flatMap { [$0.x, $0.y] }, second.flatMap { [$0.x, $0.y] })
    var r = [Double](repeating: 0, count: 9)
    var t = [Double](repeating: 0, count: 3)
    var fits = [UInt8](repeating: 0, count: first.count)
    var isFound: Int32 = 0
    try OpenCVCall.check("find a motion from \(first.count) matches") {
      sxcv_find_motion(a, b, first.count, settings.native, &r, &t, &fits, &isFound, $0)
    }
    let transform = RigidTransform(
      rotation: Matrix3(rows: Vector3(r[0], r[1], r[2]), Vector3(r[3], r[4], r[5]), Vector3(r[6], r[7], r[8])),
      translation: Vector3(t[0], t[1], t[2]))
    guard isFound != 0, transform.isFinite else { return nil }
    return (transform, fits.map { $0 != 0 })
  }
}
