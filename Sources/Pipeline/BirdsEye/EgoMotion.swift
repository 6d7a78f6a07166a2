import Geometry
import Records

/// How the camera of boxes in space moves.
public enum EgoMotion: Sendable, Equatable {
  /// It stands.
  case still
  /// By a file of its poses, one a frame.
  case file(String)

  /// As it is named in settings.
  public init(name: String) {
    self = name == EgoMotion.still.name ? .still : .file(name)
  }

  /// As it is named in settings.
  public var name: String {
    switch self {
    case .still: "still"
    case .file(let path): path
    }
  }

  /// The largest entry of RᵀR − I of a pose: poses written with three digits are off by a few thousandths.
  private static let rotationTolerance = 0.02
  /// Metres from the first pose: a quarter of the way around the earth.
  private static let farthest = 1e7

  /// The poses of the frames, from the camera to the world; nil for a camera that stands.
  ///
  /// Poses with times belong to the frames that are nearest in time, the first pose to the first frame; others to the frames in their order.
  ///
  /// - Parameters:
  ///   - frameCount: The frames that need one.
  ///   - framesPerSecond: nil where nobody told: poses with times are taken in their order, too.
  /// - Throws: `RecordsError` for a file that cannot be read, has no pose for a frame, tells no rotations, or what are none.
  func poses(frameCount: Int, framesPerSecond: Double?) throws(RecordsError) -> [RigidTransform]? {
    guard case .file(let path) = self else { return nil }
    let file = try TrajectoryReader.read(path: path)
    guard file.hasRotations else {
      throw .malformed(path: path, reason: "it has positions without rotations; give whole poses (KITTI's twelve numbers a line)")
    }
    var poses = file.trajectory.poses
    if let problem = EgoMotion.problem(of: poses) { throw .malformed(path: path, reason: problem) }
    if let times = file.trajectory.times, let framesPerSecond {
      poses = try EgoMotion.nearest(times, frameCount: frameCount, framesPerSecond, path: path).map { poses[$0] }
    }
    guard poses.count >= frameCount else {
      throw .malformed(path: path, reason: "it has \(poses.count) poses, and the detections reach to frame \(frameCount)")
    }
    return poses
  }

  /// What is wrong with the first pose that is none.
  private static func problem(of poses: [RigidTransform]) -> String? {
    for (index, pose) in poses.enumerated() {
      guard pose.rotation.rotationDefect <= rotationTolerance else {
        return "the matrix of its pose \(index + 1) is no rotation"
      }
      guard (pose.translation - poses[0].translation).length <= farthest else {
        return "its pose \(index + 1) lies more than 10,000 km from the first one; are these metres?"
      }
    }
    return nil
  }

  /// The pose that is nearest in time to each frame.
  ///
  /// - Throws: `RecordsError.malformed` for times that do not rise, and a frame without a pose within half a frame.
  private static func nearest(
    _ times: [Double], frameCount: Int, _ framesPerSecond: Double, path: String
  ) throws(RecordsError) -> [Int] {
    if let place = times.indices.dropFirst().first(where: { times[$0] <= times[$0 - 1] }) {
      throw .malformed(path: path, reason: "the time of its pose \(place + 1) is not later than the one before")
    }
    var places: [Int] = []
    var place = 0
    for frame in 0..<frameCount {
      let time = times[0] + Double(frame) / framesPerSecond
      while place + 1 < times.count, abs(times[place + 1] - time) <= abs(times[place] - time) { place += 1 }
      guard abs(times[place] - time) * framesPerSecond <= 0.5 else {
        let second = (Double(frame) / framesPerSecond * 1000).rounded() / 1000
        throw .malformed(
          path: path, reason: "it has no pose within half a frame of frame \(frame), \(second) s after its first pose")
      }
      places.append(place)
    }
    return places
  }
}

extension CameraMotion {
  /// How the ground seen from above (x to the right, z ahead of the camera, metres) moves when the camera goes from one pose to another.
  ///
  /// With T = later⁻¹ · earlier a point (x, y, z) goes to T (x, y, z). Where the camera's y axis stays upright this is a turn and a shift of
  /// (x, z); of a camera that pitches or rolls the part within the plane is taken, for points at the camera's own height.
  init(overGroundFrom earlier: RigidTransform, to later: RigidTransform) {
    let change = later.relative(to: earlier)
    let (x, z, t) = (change.rotation.column0, change.rotation.column2, change.translation)
    self.init(status: .ok, homography: Homography(x.x, z.x, t.x, x.z, z.z, t.z, 0, 0, 1), inliers: 0)
  }
}
