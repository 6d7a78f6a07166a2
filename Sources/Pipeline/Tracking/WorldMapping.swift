import Geometry
import Records

/// Adds to records what a camera's calibration and a known ground tell: bearings, places and motions in metres, the camera's pose.
///
/// The ground is told for the first frame. The camera's motions carry it on to the later ones (`StabilizedPlane`) up to the first cut, behind
/// which nothing of it is known.
struct WorldMapping {
  private let camera: CameraModel?
  private let ground: GroundMap?
  /// The sides of a flat target in the unit of its poses; nil without one.
  private let target: (width: Double, height: Double)?
  /// What it knows of the frames so far.
  var memory: Memory

  /// How the camera has moved.
  struct Memory: Codable {
    fileprivate var plane: StabilizedPlane
    /// The frame whose pixels the ground was told in.
    fileprivate var reference: Int?
  }

  /// - Parameters:
  ///   - target: The sides of a flat target in the unit of its poses.
  ///   - lookBack: How late rows of earlier frames come, seconds.
  init(camera: CameraModel?, ground: GroundMap?, target: (width: Double, height: Double)? = nil, lookBack: Double) {
    (self.camera, self.ground, self.target) = (camera, ground, target)
    memory = Memory(plane: StabilizedPlane(memory: lookBack))
  }

  /// The mapping that a run asked for; nil where it asked for none.
  ///
  /// - Parameters:
  ///   - width, height: Of the pictures; 0 where there are none.
  ///   - warn: Takes what a user should know.
  /// - Throws: `RecordsError` for a camera that cannot be read, is for other pictures, or whose lens does not show the ground's corners.
  static func make(
    _ request: TrackRequest, width: Int, height: Int, warn: (String) -> Void
  ) throws -> WorldMapping? {
    guard request.camera != nil || request.ground != nil || request.metresPerPixel != nil else { return nil }
    let camera = try camera(request, width: width, height: height, warn: warn)
    return WorldMapping(
      camera: camera, ground: try ground(request, camera, width: width, height: height), target: try request.target.sides(),
      lookBack: TrackingStage.lookBackSeconds(request.tracker))
  }

  /// The camera that a run names, for its pictures.
  static func camera(_ request: TrackRequest, width: Int, height: Int, warn: (String) -> Void) throws -> CameraModel? {
    guard let path = request.camera else { return nil }
    let file = try CameraReader.read(path: path).fitted(width: width, height: height, path: path)
    for warning in file.warnings { warn("\(path): \(warning)") }
    return width > 0 ? file.rig.left.scaled(width: width, height: height) : file.rig.left
  }

  /// The ground that a run names, in the first frame's pixels.
  static func ground(
    _ request: TrackRequest, _ camera: CameraModel?, width: Int, height: Int
  ) throws -> GroundMap? {
    if let rectangle = request.ground {
      guard let map = GroundMap(rectangle, camera: camera) else {
        throw RecordsError.malformed(
          path: request.camera ?? "the camera",
          reason: "without its lens the corners of the ground do not go clockwise around a convex shape")
      }
      return map
    }
    // The middle of the picture is what a camera that looks straight down stands over.
    let middle = Point(Double(width) / 2, Double(height) / 2)
    return request.metresPerPixel.map { GroundMap(metresPerPixel: $0, origin: middle, camera: camera) }
  }

  /// Goes on to the next frame, whose record gains what is known.
  mutating func add(_ record: inout FrameRecord) {
    memory.plane.add(record)
    if memory.reference == nil { memory.reference = record.frame }
    let known = view(record.frame)
    let pose = camera.flatMap { camera in known.flatMap { PlanePose.worldFromCamera(camera, place: $0.map) } }
    if let pose { record.further.append(FurtherKey("pose", WorldMapping.json(pose))) }
    record.tracks = tracks(record.tracks, known, pose)
  }

  /// Rows of an earlier frame gain the same.
  func add(_ record: inout BackfillRecord) {
    let known = view(record.frame)
    let pose = camera.flatMap { camera in known.flatMap { PlanePose.worldFromCamera(camera, place: $0.map) } }
    record.tracks = tracks(record.tracks, known, pose)
  }

  /// The map from a frame's pixels to the ground; nil where nothing is known of it.
  private func view(_ frame: Int) -> PlaneMapping? {
    guard let ground, let view = memory.plane[frame], view.origin == memory.reference else { return nil }
    return PlaneMapping { view.place($0).flatMap(ground.place) }
  }

  private func tracks(_ tracks: [TrackRecord], _ ground: PlaneMapping?, _ pose: RigidTransform?) -> [TrackRecord] {
    tracks.map { track in
      var track = track
      if let ray = camera?.ray(track.box.center) {
        track.bearing = Bearing(inCamera: ray)
        track.worldBearing = pose.map { Bearing(overGround: $0.rotation * ray) }
      }
      if let pose = targetPose(track) { track.further.append(FurtherKey("pose", WorldMapping.json(pose))) }
      track.ground = ground.flatMap { GroundRecord(track, $0) }
      return track
    }
  }

  /// The pose of a flat target before the camera: from its frame to the camera's.
  private func targetPose(_ track: TrackRecord) -> RigidTransform? {
    guard let camera, let target, let corners = track.corners else { return nil }
    let rays = corners.compactMap(camera.ray)
    return PlanePose.cameraFromRectangle(width: target.width, height: target.height, rays: rays)
  }

  /// As `sextant orient` writes it: from the camera's frame to the ground's (x, y on it, z down, metres).
  static func json(_ pose: RigidTransform) -> JSONValue {
    let (p, q) = (pose.translation, pose.quaternion)
    return .object([("position", JSONValue([p.x, p.y, p.z])), ("quaternion", JSONValue([q.x, q.y, q.z, q.w]))])
  }
}
